"""Accounts: funds, accounts under a mandate, what comes in, what goes out and on what it rests; vouchers and periods.

Money is integer fen; a positive line is money in. For each bank account, always:

    Σ funds + suspense in − suspense out = the bank's own running balance

because a bank account's books move only by the bank's rows. What was received or instructed but has no bank row yet is
*pending*: it stands on the reconciliation, never in a balance.
"""
