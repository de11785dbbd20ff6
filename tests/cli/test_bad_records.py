"""Bad input by kind of record: each case refused with one clear message, exit code and rule, and the head unchanged.

The life of a community is handed in step by step. Where a kind comes first its bad cases are tried, at the very moment at
which the good record stands: nothing but what the case changes can be why it is refused. A kind that has no cases fails.
"""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical, period
from ledger.books import GENESIS, KINDS
from ledger.log.entry import Record, Submission, parse_record, submission_json
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing
from ledger.store.store import Store
from tests.cli.desk import PASSPHRASE, WEAK_KIB, Answer, Desk, desk_in, said
from tests.cli.life import Step, life
from tests.community import PrivateKey, digest_of, key_of
from tests.store.settled import log_keys

DAY = 86_400_000
ANOTHER_ID = "01900000-0000-7000-8000-000000000000"
OTHER_SEATS = {
    GENESIS: "signature.unknown_key",
    "key.revoked/1": "key.not_yours",
    "withdrawal.applied/1": "signature.unknown_key",
    "withdrawal.approved/1": "withdrawal.not_in_mandate",
    "ballot.cast/1": "ballot.not_your_unit",
    "ballot.opened/1": "ballot.not_yours_to_open",
    "objection.filed/1": "objection.no_owner",
    "posting.seen/1": "posting.no_owner",
    "objection.concluded/1": "objection.not_yours",
}
"""What refuses a signer without the right role, where it is not ``signers.seats``."""

Case = tuple[bytes, set[str]]
"""A file, and the rules of which one must refuse it."""


def with_body(step: Step, body: Mapping[str, Any]) -> bytes:
    """The record with another body, rightly signed."""
    return signed(step, changed(step, body=dict(body)))


def changed(step: Step, **fields: Any) -> Record:
    """The record with other fields of its envelope."""
    value = canonical.decode(step.record.raw)
    assert isinstance(value, dict)
    return parse_record({**value, **fields})


def signed(step: Step, record: Record, keys: tuple[PrivateKey, ...] = ()) -> bytes:
    """A file to hand in, with what opens its commitments as far as they are there."""
    openings = step.submission.openings if record.body else ()
    return waiting(Submission(record, drafting.sign(record, keys or step.keys), openings))


def of_another_ledger(step: Step) -> bytes:
    """The record as it would be right on another ledger, its commitments too."""
    ledger, body = digest_of("another"), step.record.body
    for opening in step.submission.openings:
        sealed, _ = drafting.seal(ledger, step.record.kind, opening.field, opening.value, opening.salt)
        body = drafting.with_value(body, opening.field.split("/"), sealed)
    return signed(step, changed(step, ledger=ledger, body=dict(body)))


def waiting(submission: Submission) -> bytes:
    return canonical.encode(submission_json(submission)) + b"\n"


def without_role(step: Step) -> tuple[PrivateKey, ...]:
    """Signed by somebody who holds no role that counts here; for kinds that anybody may sign, by a stranger."""
    kind = step.record.kind
    name = "nobody" if OTHER_SEATS.get(kind) == "signature.unknown_key" else "zhang"
    return (key_of("supervisor" if kind == "person.entered/1" else name), *step.keys[1:])


def sealed_otherwise(step: Step) -> bytes:
    """Signatures over another record."""
    other = replace(step.submission, record=changed(step, id=ANOTHER_ID))
    return waiting(replace(other, signatures=drafting.sign(step.record, step.keys)))


def later(step: Step, ms: int) -> bytes:
    return signed(step, changed(step, at=period.format_time(step.time + ms)))


CASES: Mapping[str, Callable[[Step], Case]] = {
    "malformed": lambda s: (with_body(s, {**s.record.body, "surprise": True}), {"record.body"}),
    "empty": lambda s: (with_body(s, {}), {"record.body", "opening.missing"}),
    "cut off": lambda s: (signed(s, s.record)[:-40], {"canonical.not_json"}),
    "oversized": lambda s: (
        with_body(s, {**s.record.body, "surprise": "大" * 30_000}),
        {"entry.too_large", "record.body"},
    ),
    "wrong role": lambda s: (
        signed(s, s.record, without_role(s)),
        {OTHER_SEATS.get(s.record.kind, "signers.seats")},
    ),
    "replayed": lambda s: (signed(s, changed(s, id=life().steps[0].record.id)), {"record.id_used"}),
    "late": lambda s: (later(s, -32 * DAY), {"record.expired"}),
    "early": lambda s: (later(s, 11 * 60_000), {"record.expired"}),
    "foreign ledger": lambda s: (of_another_ledger(s), {"record.foreign_ledger"}),
    "signed otherwise": lambda s: (sealed_otherwise(s), {"signature.invalid"}),
}
"""What makes a file that must be refused."""
PLAIN = ("malformed", "wrong role")
"""Said without ``--json`` as well."""
NOT_OF_GENESIS = {"replayed"}
"""Nothing stands before it: that it opens a ledger once is a test of its own."""


@dataclass(frozen=True)
class Outcome:
    """What became of a case, with the head (size, root) before and after."""

    answer: Answer
    plain: Answer | None
    before: tuple[int, bytes]
    after: tuple[int, bytes]
    accepted: set[str]


Outcomes = Mapping[tuple[str, str], Outcome]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """All cases of all kinds, tried in one walk through the life; of several test processes one walks for all."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "outcomes.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = shared / "outcomes.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(walked(tmp_path_factory.mktemp("life"))))
        found: Outcomes = pickle.loads(kept.read_bytes())
    return found


def walked(folder: Path) -> Outcomes:
    """The outcomes of a walk in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        desk = desk_in(folder, patch)
        keyring.save(KeyRing({}, log_keys()), folder / "keeper.ring", PASSPHRASE, memory_kib=WEAK_KIB)
        patch.setenv("MINGZHANG_KEYS", "keeper.ring")
        return dict(walk(desk))


def walk(desk: Desk) -> Iterator[tuple[tuple[str, str], Outcome]]:
    seen: set[str] = set()
    pending: list[Submission] = []
    for step in life().steps:
        if step.record.kind not in seen:
            hand_in(desk, pending)
            seen.add(step.record.kind)
            yield from tried(desk, step)
            pending = []
        desk.time = step.time
        pending.append(step.submission)
    hand_in(desk, pending)


def tried(desk: Desk, step: Step) -> Iterator[tuple[tuple[str, str], Outcome]]:
    """Every case at the step's place, and that the good record stands there (handed in by a command as well)."""
    desk.time = step.time
    command = ("community", "open") if step.record.kind == GENESIS else ("log", "submit")
    file = desk.folder / "case.waiting"
    before = head(desk)
    for name, make in CASES.items():
        if step.record.kind == GENESIS and name in NOT_OF_GENESIS:
            continue
        data, accepted = make(step)
        file.write_bytes(data)
        answer = said("--json", *command, "case.waiting", "--yes")
        plain = said("--quiet", *command, "case.waiting", "--yes") if name in PLAIN else None
        yield (step.record.kind, name), Outcome(answer, plain, before, head(desk), accepted)
    file.write_bytes(waiting(step.submission))
    good = said("--json", *command, "case.waiting", "--yes")
    assert good.code == 0, (step.record.kind, good)
    assert head(desk) != before


def hand_in(desk: Desk, submissions: list[Submission]) -> None:
    """Steps that need no cases; the first of them stands already."""
    if submissions:
        times = iter([s.time for s in life().steps if s.submission in submissions])
        with Store.open(desk.folder / "ledger.db", log_keys(), lambda: desk.time) as store:
            for submission in submissions:
                desk.time = next(times)
                store.submit([submission])


def head(desk: Desk) -> tuple[int, bytes]:
    return desk.head() if (desk.folder / "ledger.db").exists() else (0, b"")


@pytest.mark.parametrize(
    ("kind", "case"), [(k, c) for k in KINDS for c in CASES if k != GENESIS or c not in NOT_OF_GENESIS]
)
def test_a_bad_record_is_refused(kind: str, case: str, outcomes: Outcomes) -> None:
    outcome = outcomes[kind, case]
    assert outcome.answer.code in (3, 4, 5, 6)
    assert outcome.answer.rule in outcome.accepted, outcome.answer.err
    assert outcome.before == outcome.after, "the head moved"
    assert outcome.answer.out == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_one_message_without_a_trace(kind: str, outcomes: Outcomes) -> None:
    for (of, case), outcome in outcomes.items():
        if of == kind:
            assert len(outcome.answer.err.splitlines()) == 1
            assert outcome.answer.error["text"], case
        if of == kind and outcome.plain is not None:
            assert outcome.plain.out == ""
            assert "Traceback" not in outcome.plain.err, case
            assert outcome.plain.err.count("\n") == 1, (case, outcome.plain.err)
            assert outcome.plain.err.rstrip().endswith(f"[{outcome.answer.rule}]"), case


def test_every_kind_has_cases(outcomes: Outcomes) -> None:
    assert {kind for kind, _case in outcomes} == set(KINDS)
