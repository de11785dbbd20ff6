"""Checking a published ledger: it reads, never writes, and needs nothing but the base dependencies.

======================== ===========================================================================================
:mod:`.findings`         what a check answers with: findings by stable codes with places, and the report
:mod:`.trust`            what the reader knows from elsewhere: genesis, keys, witnesses, registrar, heads
:mod:`.evidence`         reading a source that may have been made to harm
:mod:`.manifest`         ``manifest.json``: each file's length and SHA-256
:mod:`.tree`             entry bundles, tiles and root, with nothing believed
:mod:`.heads`            the checkpoint under both keys of the log, cosignatures, ``vkeys.txt``, ``policy.txt``
:mod:`.brought`          what records bring that later ones lean on: keys, and what entry 0 says of its log
:mod:`.chain`            the entries one behind the other, without the rules
:mod:`.signed`           every signature of every record, in parallel and ahead of the replay
:mod:`.texts`            texts that print as something other than what they say
:mod:`.replay`           entries into books, tree and journal, by the rules
:mod:`.shape`            whether a value has the fields that a sum is made of
:mod:`.arithmetic`       a statement added up from its own lines
:mod:`.published`        every published statement against its file and what the log says
:mod:`.statements`       every published statement computed again
:mod:`.reported`         every signed audit report drawn up again
:mod:`.secondopinion`    roots computed by code that is not ours
:mod:`.verify`           all of it over any source
:mod:`.single`           one receipt or one statement, alone
:mod:`.following`        what a replay leaves for the checks, and what they find in it
:mod:`.review`           one pass that verifies everything and asks every check
:mod:`.draw`             an audit report drawn up, and who signed it
:mod:`.pack`             what the auditor's pack is made of, from one review
:mod:`.books`            the books of account from the vouchers' legs
:mod:`.sampling`         a sample that neither side chose
:mod:`.standing`         where a verification stands between two entries, and whether a log still begins so
:mod:`.resuming`         the auditor's own snapshot: the next audit goes on where the last one ended
======================== ===========================================================================================
"""

from ledger.audit.findings import CODES, Finding, Place, Report, Severity
from ledger.audit.single import verify_receipt, verify_statement
from ledger.audit.trust import Trust
from ledger.audit.verify import verify

__all__ = [
    "CODES",
    "Finding",
    "Place",
    "Report",
    "Severity",
    "Trust",
    "verify",
    "verify_receipt",
    "verify_statement",
]
