"""The HTTP service: the log as plain files, reading and checking for everybody, acts handed in by whoever signs them.

``mingzhang serve`` starts it. Reading takes no sign-in but for what is private; writing takes no sign-in at all: a record
carries its own signatures. Nothing is decided here: what may be read stands in one table (:mod:`api.access`), what may be
written is judged by :func:`ledger.books.apply`.
"""
