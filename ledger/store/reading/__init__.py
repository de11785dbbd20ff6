"""What is shown of a ledger: functions over a :class:`ledger.store.store.Store` that give frozen models.

The HTTP API answers with these models as they are; the pages hand the same ones to their templates. Nothing is decided
here: facts (read tables), the books' state and published statements say everything. Each list is one indexed query and
goes on by ``next``. What is read is the committed state, which a signed head covers within a second.

===================  =================================================================================================
:mod:`.lines`        lines 账行, vouchers
:mod:`.money`        accounts, funds, what is open
:mod:`.withdrawals`  withdrawals step by step, and what each still needs
:mod:`.authorities`  authorities 用款依据: granted, spent, left
:mod:`.registers`    parties, contracts
:mod:`.payments`     one payment with all that it rests on, up to the roll of the vote
:mod:`.meetings`     meetings, their motions, thresholds, turnout, outcome
:mod:`.ballots`      rolls leaf by leaf, ballots
:mod:`.due`          what is to be paid, with contract, last payment, authorities that would carry it
:mod:`.files`        a bank file that waits for its second person
:mod:`.closing`      what stands before the next statement, and that statement in short
:mod:`.statements`   published statements: who signed, where they hang, what was corrected
:mod:`.search`       what a digest, number, code or amount is, and where
:mod:`.units`        a unit with its owners, votes and lines, each private text by its audience
:mod:`.postings`     what is claimed of a posting 公示, what photographs show, what evidence is missing
:mod:`.audits`       signed audit reports, each beside the same drawn up again
:mod:`.objections`   objections 异议 with their days and answers, each text for whom it is meant
:mod:`.outbox`       what has to be told to owners, worded and due at a moment
:mod:`.calendar`     votes, postings and days due, as events
===================  =================================================================================================

Words of all models: amounts are integer fen, digests 64 hex digits, days ISO dates at the ledger's offset, moments log times
in UTC; what does not apply is absent.
"""
