"""Mingzhang (明账): the transparent ledger for money that people own together."""
