"""A witness: the order of its checks, and that it never cosigns two stories, asked at once or across a stop."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledger.errors import Malformed, MingzhangError, NotFound, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, LogKeys, cosign, open_checkpoint
from ledger.log.merkle import EMPTY_ROOT, Range, consistency_plan, leaf_hash, leaf_hashes
from ledger.log.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    Ed25519Signer,
    Line,
    SigningKey,
    sign_note,
    split_note,
)
from ledger.log.witness import (
    STATUS,
    Cosigned,
    LocalWitness,
    OtherSize,
    Request,
    SqliteState,
    State,
    Witness,
    check_cosigned,
    format_cosigned,
    format_request,
    format_size,
    parse_cosigned,
    parse_request,
    parse_size,
)

TIME = 1_700_000_000
ORIGIN = "example.com/books"
KEYS = LogKeys(SigningKey(ORIGIN, ED25519, b"\1" * 32), SigningKey(ORIGIN, COSIGNATURE_ML_DSA_44, b"\2" * 32))
OWN = [
    SigningKey("example.org/street", COSIGNATURE_ED25519, b"\3" * 32),
    SigningKey("example.org/street", COSIGNATURE_ML_DSA_44, b"\4" * 32),
]
LEAVES = tuple(leaf_hashes(b"%d" % n for n in range(40)))
OTHERS = tuple(leaf_hashes(b"other %d" % n for n in range(40)))


@cache
def head(size: int, leaves: tuple[bytes, ...] = LEAVES) -> bytes:
    return KEYS.sign(Checkpoint(ORIGIN, size, Range().extend(leaves[:size])[0].root()), TIME)


def path(old: int, new: int, leaves: tuple[bytes, ...] = LEAVES) -> tuple[bytes, ...]:
    nodes = {(level, index): value for level, index, value in Range().extend(leaves)[1]}
    return consistency_plan(old, new).combine(nodes)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[SqliteState]:
    opened = SqliteState(tmp_path / "witness.db")
    yield opened
    opened.close()


def witness_over(state: State, clock: Callable[[], int] = lambda: TIME + 9) -> LocalWitness:
    return LocalWitness(OWN, {ORIGIN: KEYS.vkeys}, state, clock)


@pytest.fixture
def witness(state: SqliteState) -> LocalWitness:
    return witness_over(state)


def refused(
    status: int,
    ask: Callable[[], object],
    kind: type[MingzhangError] | tuple[type[MingzhangError], ...] = MingzhangError,
) -> str:
    with pytest.raises(kind) as refusal:
        ask()
    assert STATUS[refusal.value.rule] == status
    return refusal.value.rule


def test_a_growing_log_is_cosigned(witness: LocalWitness) -> None:
    asked: Witness = witness
    old = 0
    for size in (0, 1, 2, 7, 7, 40):
        signed = head(size)
        answer = asked.add_checkpoint(old, path(old, size), signed)
        assert isinstance(answer, Cosigned)
        text, _ = split_note(signed)
        own = check_cosigned(answer, text, asked.vkeys)
        assert [(c.key, c.timestamp) for c in own] == [(key.vkey, TIME + 9) for key in OWN]
        latest = open_checkpoint(witness.latest(ORIGIN), KEYS.vkeys, witness.vkeys)
        assert (latest.checkpoint.size, len(latest.cosignatures)) == (size, 2)
        old = size


def test_another_size_is_told(witness: LocalWitness) -> None:
    assert witness.add_checkpoint(3, (), head(3)) == OtherSize(0)
    witness.add_checkpoint(0, (), head(7))
    assert witness.add_checkpoint(0, (), head(9)) == OtherSize(7)
    assert witness.add_checkpoint(9, (), head(9)) == OtherSize(7)
    # The size comes before the proof: a log that lost count learns where to begin.
    assert witness.add_checkpoint(3, (b"x" * 32,), head(9)) == OtherSize(7)


def test_only_known_logs(witness: LocalWitness) -> None:
    stranger = LogKeys.generate("example.com/other")
    signed = stranger.sign(Checkpoint(stranger.origin, 0, EMPTY_ROOT), TIME)
    assert refused(404, lambda: witness.add_checkpoint(0, (), signed), NotFound) == "witness.unknown_origin"
    assert refused(404, lambda: witness.latest(ORIGIN), NotFound) == "witness.no_checkpoint"


def test_only_heads_that_the_log_signed(witness: LocalWitness) -> None:
    impostor = LogKeys.generate(ORIGIN)
    text, lines = split_note(head(3))
    false = Line(lines[0].name, lines[0].key_id, bytes(64))
    for signed in (
        impostor.sign(Checkpoint(ORIGIN, 3, LEAVES[0]), TIME),
        sign_note(text, [], [lines[0], false]),
        sign_note(text, [], [false, lines[1]]),
        sign_note(text + b"extension\n", [], lines),
    ):
        assert refused(403, partial(witness.add_checkpoint, 0, (), signed), Refused) == "witness.signature"
    # Either line will do for the published protocol.
    assert isinstance(witness.add_checkpoint(0, (), sign_note(text, [], lines[:1])), Cosigned)


def test_malformed_heads(witness: LocalWitness) -> None:
    signer = Ed25519Signer(KEYS.ed25519)
    for text in (
        b"example.com/books\n1\n",
        b"example.com/books\n01\n%b\n" % (b"A" * 43 + b"="),
        b"example.com/books\n",
    ):
        signed = sign_note(text, [signer])
        assert refused(400, partial(witness.add_checkpoint, 0, (), signed), Malformed)
    extended = sign_note(Checkpoint(ORIGIN, 0, EMPTY_ROOT).text() + b"more\n", [signer])
    assert refused(400, lambda: witness.add_checkpoint(0, (), extended)) == "witness.malformed"
    for data in (b"", b"x", head(3)[:-1], b"\xff" + head(3)):
        assert refused(400, partial(witness.add_checkpoint, 0, (), data)) == "witness.malformed"


def test_old_is_not_above_the_head(witness: LocalWitness) -> None:
    for old in (4, -1):
        assert refused(400, partial(witness.add_checkpoint, old, (), head(3))) == "witness.old_size"


def test_what_did_not_only_grow(witness: LocalWitness) -> None:
    bad_empty = sign_note(Checkpoint(ORIGIN, 0, LEAVES[0]).text(), [Ed25519Signer(KEYS.ed25519)])
    refused(422, lambda: witness.add_checkpoint(0, (), bad_empty), Refused)
    refused(422, lambda: witness.add_checkpoint(0, (LEAVES[0],), head(7)), Refused)
    witness.add_checkpoint(0, (), head(7))
    for proof, signed in (
        ((), head(9)),
        (path(7, 9)[:-1], head(9)),
        (path(7, 9), head(9, OTHERS)),
        (path(7, 9, OTHERS), head(9, OTHERS)),
        ((), head(7, OTHERS)),
        ((LEAVES[0],), head(7)),
        ((b"short",), head(9)),
    ):
        assert refused(422, partial(witness.add_checkpoint, 7, proof, signed), Refused) == "witness.inconsistent"
    assert open_checkpoint(witness.latest(ORIGIN), KEYS.vkeys).checkpoint.size == 7


def test_a_witness_has_keys_under_one_name(state: SqliteState) -> None:
    for keys in ([], [OWN[0], SigningKey("example.org/other", COSIGNATURE_ED25519, bytes(32))]):
        with pytest.raises(Malformed) as refusal:
            LocalWitness(keys, {}, state, lambda: TIME)
        assert refusal.value.rule == "witness.keys"


def test_memory_survives_a_new_start(tmp_path: Path) -> None:
    first = SqliteState(tmp_path / "witness.db")
    witness_over(first).add_checkpoint(0, (), head(7))
    first.close()
    second = SqliteState(tmp_path / "witness.db")
    assert witness_over(second).add_checkpoint(0, (), head(7, OTHERS)) == OtherSize(7)
    second.close()


def test_a_kill_after_the_answer_forgets_nothing(tmp_path: Path) -> None:
    """The other process dies without a word as soon as it has the lines."""
    file = tmp_path / "witness.db"
    (tmp_path / "head").write_bytes(head(7))
    program = f"""
import os, sys
from ledger.log.note import SigningKey, parse_vkey
from ledger.log.witness import LocalWitness, SqliteState
keys = [SigningKey.parse({OWN[1].secret!r})]
logs = {{{ORIGIN!r}: [parse_vkey({str(KEYS.vkeys[0])!r})]}}
witness = LocalWitness(keys, logs, SqliteState({str(file)!r}), lambda: {TIME})
if witness.add_checkpoint(0, (), open({str(tmp_path / "head")!r}, "rb").read()).lines:
    os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 9
    state = SqliteState(file)
    assert witness_over(state).add_checkpoint(0, (), head(7, OTHERS)) == OtherSize(7)
    state.close()


def test_of_two_stories_at_once_one_is_cosigned(tmp_path: Path) -> None:
    """Several witnesses over one file, all asked to begin with their own story."""
    stories = [tuple(leaf_hashes(b"story %d %d" % (story, n) for n in range(8))) for story in range(6)]
    answers: list[Cosigned | OtherSize] = []
    ready = threading.Barrier(len(stories))

    def ask(leaves: tuple[bytes, ...]) -> None:
        state = SqliteState(tmp_path / "witness.db")
        signed = head(8, leaves)
        ready.wait()
        answers.append(witness_over(state).add_checkpoint(0, (), signed))
        state.close()

    SqliteState(tmp_path / "witness.db").close()
    threads = [threading.Thread(target=ask, args=(leaves,)) for leaves in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Cosigned) for answer in answers) == 1
    assert answers.count(OtherSize(8)) == len(stories) - 1


class Overtaken:
    """State under which another request always comes first."""

    def __init__(self, state: State, overtake: Callable[[], object]) -> None:
        self.state, self.overtake = state, overtake

    def latest(self, origin: str) -> bytes | None:
        return self.state.latest(origin)

    def replace(self, origin: str, expected: bytes | None, new: bytes) -> bool:
        overtake, self.overtake = self.overtake, lambda: None
        overtake()
        return self.state.replace(origin, expected, new)


def test_an_overtaken_request_is_checked_again(state: SqliteState) -> None:
    quick = witness_over(state)
    slow = witness_over(Overtaken(state, lambda: quick.add_checkpoint(0, (), head(9))))
    assert slow.add_checkpoint(0, (), head(7, OTHERS)) == OtherSize(9)
    # Overtaken by the same head: nothing contradicts, and it is cosigned at a second asking.
    slow = witness_over(Overtaken(state, lambda: quick.add_checkpoint(9, (), head(9))), lambda: TIME + 10)
    assert isinstance(slow.add_checkpoint(9, (), head(9)), Cosigned)


def test_a_witness_without_memory_does_not_sign(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        SqliteState(tmp_path / "nowhere" / "witness.db")
    assert STATUS[refusal.value.rule] == 503
    (tmp_path / "broken.db").write_bytes(b"not a database" * 100)
    with pytest.raises(Unavailable):
        SqliteState(tmp_path / "broken.db")
    state = SqliteState(tmp_path / "witness.db")
    other = SqliteState(tmp_path / "witness.db")
    other._file.execute("DROP TABLE latest")
    with pytest.raises(Unavailable) as refusal:
        witness_over(state).add_checkpoint(0, (), head(7))
    assert refusal.value.rule == "witness.state"
    for expected in (None, b"some"):
        with pytest.raises(Unavailable) as refusal:
            state.replace(ORIGIN, expected, b"")
        assert refusal.value.rule == "witness.state"
    state.close()
    other.close()


class Story(RuleBasedStateMachine):
    """Whatever is asked in whatever order, all that was cosigned is one growing tree."""

    def __init__(self) -> None:
        super().__init__()
        self.state = SqliteState(":memory:")
        # The old type alone: two thousand signatures of the new one take their time.
        self.witness = LocalWitness(OWN[:1], {ORIGIN: KEYS.vkeys}, self.state, lambda: TIME)
        self.cosigned = [(0, LEAVES)]

    @initialize(size=st.integers(0, 5))
    def begin(self, size: int) -> None:
        self.ask(0, size, LEAVES, ())

    @rule(
        old=st.integers(0, 20), new=st.integers(0, 20), leaves=st.sampled_from([LEAVES, OTHERS]), proven=st.booleans()
    )
    def ask_for(self, old: int, new: int, leaves: tuple[bytes, ...], proven: bool) -> None:
        self.ask(old, new, leaves, path(old, new, leaves) if proven and old <= new else ())

    @rule(more=st.integers(0, 5))
    def grow(self, more: int) -> None:
        size, leaves = self.cosigned[-1]
        new = min(size + more, 40)
        assert self.ask(size, new, leaves, path(size, new, leaves))

    def ask(self, old: int, new: int, leaves: tuple[bytes, ...], proof: tuple[bytes, ...]) -> bool:
        try:
            answer = self.witness.add_checkpoint(old, proof, head(new, leaves))
        except (Malformed, Refused):
            return False
        if isinstance(answer, OtherSize):
            assert answer.size == self.cosigned[-1][0] != old
            return False
        self.cosigned.append((new, leaves))
        return True

    @invariant()
    def one_story(self) -> None:
        for (old, before), (new, after) in zip(self.cosigned, self.cosigned[1:], strict=False):
            assert old <= new
            assert before[:old] == after[:old]

    def teardown(self) -> None:
        self.state.close()


test_one_story = Story.TestCase
test_one_story.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@given(st.integers(0, 2**64 - 1), st.lists(st.binary(min_size=1, max_size=32), max_size=63))
def test_requests_come_back(old: int, proof: list[bytes]) -> None:
    request = Request(old, tuple(proof), b"any\n\nnote\n")
    assert parse_request(format_request(request)) == request


def test_the_longest_request() -> None:
    request = Request(2**64 - 1, (b"x" * 32,) * 63, b"")
    assert parse_request(format_request(request)) == request
    whole = Request(0, (), b"x" * (1_000_000 - 7))
    assert parse_request(format_request(whole)) == whole


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 0\n",
        b"old 0\nhead\n",
        b"new 0\n\nhead\n",
        b"old  0\n\nhead\n",
        b"old 00\n\nhead\n",
        b"old -1\n\nhead\n",
        b"old 0 \n\nhead\n",
        b"old\n\nhead\n",
        b"old 0\n!\n\nhead\n",
        b"old 0\nQR==\n\nhead\n",
        b"old 0\r\n\nhead\n",
        b"old 0\n\xff\n\nhead\n",
        b"old 0\n" + b"QQ==\n" * 64 + b"\nhead\n",
        b"old 0\n\n" + b"x" * (1_000_000 - 6),
    ],
)
def test_other_requests_are_malformed(data: bytes) -> None:
    assert refused(400, lambda: parse_request(data), Malformed) == "witness.malformed"


def test_sizes() -> None:
    assert format_size(OtherSize(20852014)) == b"20852014\n"
    assert parse_size(b"20852014\n") == OtherSize(20852014)
    for data in (b"", b"1", b"01\n", b"-1\n", b"1\n\n", b"\xff\n", b"1" * 200 + b"\n"):
        with pytest.raises(Malformed) as refusal:
            parse_size(data)
        assert refusal.value.rule == "witness.size"


def test_answers_are_checked(witness: LocalWitness) -> None:
    text, _ = split_note(head(7))
    answer = witness.add_checkpoint(0, (), head(7))
    assert isinstance(answer, Cosigned)
    assert parse_cosigned(format_cosigned(answer)) == answer
    stranger = cosign(SigningKey("example.org/other", COSIGNATURE_ED25519, bytes(32)), text, TIME)
    mixed = Cosigned((stranger, *answer.lines))
    assert [c.line for c in check_cosigned(mixed, text, witness.vkeys)] == list(answer.lines)
    timeless = Line(OWN[0].name, OWN[0].vkey.key_id, bytes(72))
    for lines, rule_ in (((stranger,), "note.unverified"), ((timeless,), "note.signature")):
        with pytest.raises(Refused) as refusal:
            check_cosigned(Cosigned(lines), text, witness.vkeys)
        assert refusal.value.rule == rule_
    with pytest.raises(Refused) as refusal:
        check_cosigned(answer, Checkpoint(ORIGIN, 8, leaf_hash(b"other")).text(), witness.vkeys)
    assert refusal.value.rule == "note.signature"


def test_a_cosignature_says_when() -> None:
    """Without a time it would be a statement about a subtree, not that this is the newest head."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ledger.log.checkpoint import cosignature_message

    text, _ = split_note(head(7))
    signature = Ed25519PrivateKey.from_private_bytes(OWN[0].seed).sign(cosignature_message(0, text))
    timeless = Line(OWN[0].name, OWN[0].vkey.key_id, bytes(8) + signature)
    with pytest.raises(Refused) as refusal:
        check_cosigned(Cosigned((timeless,)), text, [OWN[0].vkey])
    assert refusal.value.rule == "witness.no_time"


def test_answers_of_another_form() -> None:
    for data in (b"", b"\n", b"no line\n", "— name\n".encode(), b"\xff"):
        with pytest.raises(Malformed):
            parse_cosigned(data)
