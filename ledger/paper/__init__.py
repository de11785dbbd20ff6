"""Paper: what is printed or handed out, as HTML of one file and as PDF of the same bytes every time.

Everything here is made from what the ledger says (a statement's JSON, the bodies of a meeting) and from
:class:`~ledger.paper.printed.PrintedWith`, what is known later and never hashed. Nothing is decided, summed up anew or
left out: a figure stands in the statement, or is the difference of two that do.
"""
