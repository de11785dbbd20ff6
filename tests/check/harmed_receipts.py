"""Receipts, sound and damaged: see :mod:`tests.check.cases`."""

import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger import canonical
from ledger.audit import Trust
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, cosign
from ledger.log.entry import Opening
from ledger.log.note import COSIGNATURE_ED25519, SigningKey
from ledger.log.proof import Proof, format_proof
from tests.audit.specimen import Published, changed, full, head_of, index_of, log_keys, policy_of, small
from tests.check.cases import Case, Make, cut, doubled_key, flipped, known, some, spaced
from tests.community import salt_of


def proof_of(made: Published, seq: int) -> Proof:
    """The proof of an entry in the newest head."""
    tree, new = merkle.Range().extend(merkle.leaf_hashes(made.entries))
    nodes = {(level, index): value for level, index, value in new}
    path = merkle.inclusion_plan(seq, tree.size).combine(nodes)
    return Proof(seq, path, made.files["checkpoint"])


def receipt(entry: bytes, proof: Proof | str, openings: Sequence[Opening] = (), **other: Any) -> bytes:
    """A receipt as the store writes it; ``other`` replaces its fields."""
    value: dict[str, Any] = {
        "receipt": 1,
        "entry": base64.b64encode(entry).decode(),
        "proof": proof if isinstance(proof, str) else format_proof(proof).decode(),
        "openings": [{"field": o.field, "salt": base64.b64encode(o.salt).decode(), "value": o.value} for o in openings],
    }
    return canonical.encode(value | other)


@dataclass(frozen=True)
class Held:
    """A receipt to harm, with all that it was made of."""

    made: Published
    seq: int
    proof: Proof
    openings: tuple[Opening, ...]

    @property
    def entry(self) -> bytes:
        """The entry."""
        return self.made.entries[self.seq]

    def give(self, chance: random.Random | None = None, **other: Any) -> Case:
        """The case; ``other`` replaces a part: entry, proof, openings, data, trust."""
        trust = other.pop("trust", known(self.made, chance))
        data = other.pop("data", None)
        parts: dict[str, Any] = {"entry": self.entry, "proof": self.proof, "openings": self.openings} | other
        return Case("receipt", trust, data=data or receipt(**parts))

    @property
    def text(self) -> str:
        """The proof as text."""
        return format_proof(self.proof).decode()

    @property
    def data(self) -> bytes:
        """The whole receipt."""
        return receipt(self.entry, self.proof, self.openings)


def held(chance: random.Random) -> Held:
    """A receipt of any entry."""
    made = some(chance)
    seq = chance.randrange(len(made.entries))
    openings: tuple[Opening, ...] = ()
    if made is full() and chance.random() < 0.4:
        name = chance.choice(["zhang", "li"])
        seq = index_of(made, "person.entered/1", 0 if name == "zhang" else 1)
        openings = (Opening("name", salt_of(f"person.entered/1 name {name}"), name),)
    return Held(made, seq, proof_of(made, seq), openings)


def within(one: Held, part: bytes, chance: random.Random) -> bytes:
    """The receipt's proof text with a bit flipped inside of ``part``."""
    text = one.text.encode()
    start = text.index(part)
    return flipped(chance, text, start, start + len(part))


def proof_text(data: bytes) -> str:
    """Changed bytes of a proof as far as JSON can carry them."""
    return data.decode("utf-8", "replace")


def receipt_sound(chance: random.Random) -> Case:
    return held(chance).give(chance)


def receipt_bit(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, data=flipped(chance, one.data))


def receipt_entry_bit(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, entry=flipped(chance, one.entry))


def receipt_head_bit(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, proof=proof_text(within(one, one.proof.checkpoint, chance)))


def receipt_head_text_bit(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, proof=proof_text(within(one, one.proof.checkpoint.partition(b"\n\n")[0], chance)))


def receipt_path_bit(chance: random.Random) -> Case:
    one = held(chance)
    text = one.text.encode()
    return one.give(chance, proof=proof_text(flipped(chance, text, 0, text.index(b"\n\n"))))


def receipt_cut(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, data=cut(chance, one.data) or b"{")


def receipt_more(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, data=one.data + chance.choice([b" ", b"\n", b"{}", b"\0"]))


def receipt_stranger(chance: random.Random) -> Case:
    one = held(chance)
    other = one.made.publish(keys=log_keys("stranger"))
    return one.give(chance, proof=proof_of(other, one.seq))


def receipt_foreign(chance: random.Random) -> Case:
    one = held(chance)
    other = full() if one.made is small() else small()
    return one.give(trust=known(other, chance))


def receipt_older_head(chance: random.Random) -> Case:
    one = held(chance)
    older = one.made.publish(entries=one.made.entries[: chance.randrange(one.seq + 1, len(one.made.entries) + 1)])
    if chance.random() < 0.5:
        return one.give(chance, proof=proof_of(older, one.seq))
    return one.give(chance, proof=Proof(one.seq, one.proof.path, older.files["checkpoint"]))


def receipt_index(chance: random.Random) -> Case:
    one = held(chance)
    index = chance.choice([0, one.seq + 1, len(one.made.entries), 2**53, 2**64 - 2])
    return one.give(chance, proof=Proof(index, one.proof.path, one.proof.checkpoint))


def receipt_shorter(chance: random.Random) -> Case:
    one = held(chance)
    at = chance.randrange(len(one.proof.path))
    return one.give(chance, proof=Proof(one.seq, one.proof.path[:at] + one.proof.path[at + 1 :], one.proof.checkpoint))


def receipt_longer(chance: random.Random) -> Case:
    one = held(chance)
    path = list(one.proof.path)
    path.insert(chance.randrange(len(path) + 1), chance.choice([bytes(32), path[0]]))
    return one.give(chance, proof=Proof(one.seq, tuple(path), one.proof.checkpoint))


def receipt_swapped(chance: random.Random) -> Case:
    one = held(chance)
    path = list(one.proof.path)
    chance.shuffle(path)
    return one.give(chance, proof=Proof(one.seq, tuple(path), one.proof.checkpoint))


def receipt_other_entry(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, entry=chance.choice(one.made.entries))


def receipt_other_signature(chance: random.Random) -> Case:
    one = held(chance)
    other = canonical.decode(chance.choice(one.made.entries))
    assert isinstance(other, dict)
    return one.give(chance, entry=changed(one.entry, "signatures", other["signatures"]))


def receipt_opening(chance: random.Random) -> Case:
    made = full()
    seq, salt = index_of(made, "person.entered/1"), salt_of("person.entered/1 name zhang")
    opening = chance.choice(
        [
            Opening("name", salt, "li"),
            Opening("name", bytes(32), "zhang"),
            Opening("title", salt, "zhang"),
            Opening("name/0", salt, "zhang"),
            Opening("", salt, "zhang"),
            Opening("name", salt, 5),
            Opening("__proto__", salt, "zhang"),
            Opening("constructor", salt, {"a": [True, "x"]}),
        ]
    )
    return Held(made, seq, proof_of(made, seq), (opening,)).give(chance)


def receipt_opening_shape(chance: random.Random) -> Case:
    one = held(chance)
    good = {"field": "name", "salt": base64.b64encode(bytes(32)).decode(), "value": 1}
    wrong: list[Any] = [1, "x", {}, [], good | {"more": 1}, good | {"salt": "AA=="}, good | {"salt": 1}]
    wrong += [good | {"field": 1}, {k: v for k, v in good.items() if k != "value"}, good | {"salt": "A" * 43 + "="}]
    value = canonical.decode(one.data)
    assert isinstance(value, dict)
    openings = chance.choice([[chance.choice(wrong)], {}, "none", 1, True])
    return one.give(chance, data=canonical.encode(value | {"openings": openings}))


def receipt_fields(chance: random.Random) -> Case:
    one = held(chance)
    value = canonical.decode(one.data)
    assert isinstance(value, dict)
    wrong: list[dict[str, Any]] = [{"receipt": 2}, {"receipt": True}, {"more": 1}, {"entry": "AA"}, {"entry": 5}]
    wrong += [{"entry": ""}, {"entry": "e30="}, {"proof": 1}, {"proof": ""}, {"proof": "c2sp.org/tlog-proof@v1\n"}]
    wrong += [{"entry": str(value["entry"]).rstrip("=") + "="}, {"proof": one.text.replace("@v1", "@v2")}]
    harmed = value | chance.choice(wrong)
    if chance.random() < 0.2:
        del harmed[chance.choice(sorted(value))]
    return one.give(chance, data=canonical.encode(harmed))


def receipt_twice(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, data=doubled_key(one.data))


def receipt_spaced(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, data=spaced(chance, one.data))


def receipt_entry_spaced(chance: random.Random) -> Case:
    one = held(chance)
    return one.give(chance, entry=chance.choice([spaced(chance, one.entry), doubled_key(one.entry)]))


def receipt_no_witness(chance: random.Random) -> Case:
    one = held(chance)
    alone = one.made.publish(witnesses=())
    trust = known(one.made) if chance.random() < 0.8 else known(alone)
    return one.give(trust=trust, proof=proof_of(alone, one.seq))


def receipt_other_witness(chance: random.Random) -> Case:
    one = held(chance)
    missing = policy_of(one.made.keys, SigningKey("example.org/third", COSIGNATURE_ED25519, b"3" * 32))
    return one.give(trust=Trust(policy=missing))


def receipt_forked(chance: random.Random) -> Case:
    one = held(chance)
    heads = (
        Checkpoint(one.made.head.origin, len(one.made.entries), chance.randbytes(32)),
        head_of(one.made.entries[:3]),
    )
    return one.give(trust=Trust(vkeys=one.made.keys.vkeys, heads=heads))


def receipt_proof_lines(chance: random.Random) -> Case:
    one = held(chance)
    lines = one.text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.insert(1, "extra " + base64.b64encode(b"more").decode())
        case 1:
            lines.insert(1, chance.choice(["extra ", "extra AA", "Extra AA==", "extra AA== "]))
        case 2:
            del lines[at]
        case 3:
            lines.insert(at, lines[at])
        case 4:
            lines[1] = chance.choice(
                ["index 01", "index -1", "index  1", "index", "index 1 ", "index 99999999999999999999"]
            )
        case _:
            lines[at] += chance.choice([" ", "\r", "=", "\t", "\ufeff", "\u2028"])
    return one.give(chance, proof="\n".join(lines))


def receipt_lines(chance: random.Random) -> Case:
    """Lines of a head doubled, dropped, in another order, by strangers."""
    one = held(chance)
    text, _, rest = one.proof.checkpoint.decode().rpartition("\n\n")
    lines = rest.splitlines()
    match chance.randrange(4):
        case 0:
            lines.append(chance.choice(lines))
        case 1:
            lines.remove(chance.choice(lines))
        case 2:
            chance.shuffle(lines)
        case _:
            stranger = SigningKey("example.org/stranger", COSIGNATURE_ED25519, b"7" * 32)
            lines.append(bytes(cosign(stranger, one.made.head.text(), 1_800_000_000)).decode().rstrip("\n"))
    note = (text + "\n\n" + "".join(f"{line}\n" for line in lines)).encode()
    return one.give(chance, proof=Proof(one.seq, one.proof.path, note))


def receipt_text(chance: random.Random) -> Case:
    one = held(chance)
    seq = index_of(one.made, "document.entered/1")
    subject = chance.choice(["左\u202e右", "a\u200bb", "e\u0301", "x\ty", "明\U000e0001账"])
    entry = changed(one.made.entries[seq], "record/body/subject", subject)
    made = one.made.publish(entries=(*one.made.entries[:seq], entry, *one.made.entries[seq + 1 :]))
    return Held(made, seq, proof_of(made, seq), ()).give(chance)


RECEIPTS: list[Make] = [
    receipt_sound, receipt_bit, receipt_entry_bit, receipt_head_bit, receipt_head_text_bit, receipt_path_bit,
    receipt_cut, receipt_more, receipt_stranger, receipt_foreign, receipt_older_head, receipt_index, receipt_shorter,
    receipt_longer, receipt_swapped, receipt_other_entry, receipt_other_signature, receipt_opening,
    receipt_opening_shape, receipt_fields, receipt_twice, receipt_spaced, receipt_entry_spaced, receipt_no_witness,
    receipt_other_witness, receipt_forked, receipt_proof_lines, receipt_lines, receipt_text,
]  # fmt: skip
