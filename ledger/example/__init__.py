"""The example community 示例, 江岸花园: one year of its money, told through the real write path.

A script of acts (:mod:`ledger.example.year`), each signed by whoever would sign it and handed to a real store at the log
time at which it could have happened. Its clock is injected, which only the example and the tests may do, and its genesis
says ``example``, so every output is marked 示例. It plays in 2018 and 2019 under the profile ``civil-code-2021``, which is
younger: what the owners decide here, no owners ever decided.

What is carried over are a real community's figures: amounts, dates, document numbers and contract terms as printed, wrong
sums and impossible dates included. No figure is "repaired". Companies are invented, natural persons are nobody: they
stand by commitments to texts such as 示例业主 12. All keys and salts derive from a published seed
(:mod:`ledger.example.desk`), so that everybody gets the same bytes; nothing real may ever rest on them.

All roads of a payment are seen: under the budget, under the delegation, under a motion of its own, ratified afterwards,
and without authority to the end. The motions are the example's own and each says so; the papers keep what they say:
业委会批文未见.

Files: :mod:`.figures` reads the data, :mod:`.desk` signs and hands in, :mod:`.community` founds, :mod:`.papers` registers
letters and contracts, :mod:`.payments` asks, proposes, approves and pays, :mod:`.bank` takes over the bank's files,
:mod:`.votes` holds the meetings, :mod:`.trust` adopts machine 2 and says what the manager earns, :mod:`.questions` lets owners
ask, :mod:`.statements` publishes, :mod:`.audits` lets an auditor sign, :mod:`.year` puts all of it in order, :mod:`.run` builds it.
"""
