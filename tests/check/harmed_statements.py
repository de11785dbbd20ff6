"""Statements, sound and damaged, alone or with the receipt of their publication: see :mod:`tests.check.cases`."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger import canonical
from ledger.audit import Trust
from ledger.log import merkle
from tests.audit.specimen import Published, changed, full, index_of, relink, small
from tests.check.cases import Case, Make, cut, doubled_key, flipped, known, some, spaced
from tests.check.harmed_receipts import proof_of, receipt

STATEMENT = "statement.published/1"
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Printed:
    """A statement to harm: where it was published, and its period."""

    made: Published
    nth: int

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return list(self.made.statements.values())[self.nth]

    @property
    def value(self) -> Any:
        """Its value, to be changed."""
        return canonical.decode(self.data)

    @property
    def seq(self) -> int:
        """Of the entry that published it."""
        return index_of(self.made, STATEMENT, self.nth)

    def give(self, chance: random.Random, data: bytes) -> Case:
        """The case: under its receipt, or alone."""
        alone = chance.random() < 0.2
        proven = None if alone else receipt(self.made.entries[self.seq], proof_of(self.made, self.seq))
        return Case("statement", known(self.made, chance), data=data, receipt=proven)

    def give_signed(self, chance: random.Random, data: bytes) -> Case:
        """The case as a keeper makes it, who has another digest signed: the entry, tree and head fit the changed bytes."""
        entries = list(self.made.entries)
        value: Any = canonical.decode(data)
        entry = changed(entries[self.seq], "record/body/digest", sha256(data).hexdigest())
        if chance.random() < 0.5 and isinstance(value.get("lines"), list):
            root = merkle.root(merkle.leaf_hash(canonical.encode(line)) for line in value["lines"]).hex()
            entry = changed(entry, "record/body/root", root)
            data = canonical.encode(value | {"lines_root": root})
            entry = changed(entry, "record/body/digest", sha256(data).hexdigest())
        entries[self.seq] = entry
        made = self.made.publish(entries=relink(entries))
        proven = receipt(made.entries[self.seq], proof_of(made, self.seq))
        return Case("statement", known(made, chance), data=data, receipt=proven)


def printed(chance: random.Random) -> Printed:
    """A statement of any ledger."""
    made = some(chance)
    return Printed(made, chance.randrange(len(made.statements)))


def statement_sound(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(chance, one.data)


def statement_bit(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(chance, flipped(chance, one.data))


def statement_cut(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(chance, cut(chance, one.data))


def statement_twice(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(chance, doubled_key(one.data))


def statement_spaced(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(chance, spaced(chance, one.data))


def statement_other_period(chance: random.Random) -> Case:
    one, other = Printed(full(), 0), Printed(full(), 1)
    if chance.random() < 0.5:
        one, other = other, one
    return one.give(chance, other.data)


def statement_other_ledger(chance: random.Random) -> Case:
    one, other = Printed(full(), 0), Printed(small(), 0)
    if chance.random() < 0.5:
        one, other = other, one
    return one.give(chance, other.data)


def statement_other_receipt(chance: random.Random) -> Case:
    one = printed(chance)
    seq = chance.randrange(len(one.made.entries))
    return Case(
        "statement",
        known(one.made, chance),
        data=one.data,
        receipt=receipt(one.made.entries[seq], proof_of(one.made, seq)),
    )


def statement_broken_receipt(chance: random.Random) -> Case:
    one = printed(chance)
    whole = receipt(one.made.entries[one.seq], proof_of(one.made, one.seq))
    return Case("statement", known(one.made, chance), data=one.data, receipt=flipped(chance, whole))


Path = tuple[str | int, ...]


def integers(value: Any, path: Path = ()) -> list[Path]:
    """The places of all integers."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in integers(inner, (*path, key))]
    if isinstance(value, list):
        return [place for n, inner in enumerate(value) for place in integers(inner, (*path, n))]
    return [path] if type(value) is int else []


def places(value: Any, path: Path = ()) -> list[Path]:
    """The places of everything."""
    inner: list[Path] = []
    if isinstance(value, dict):
        inner = [place for key, child in value.items() for place in places(child, (*path, key))]
    if isinstance(value, list):
        inner = [place for n, child in enumerate(value) for place in places(child, (*path, n))]
    return [*inner, path] if path else inner


def put(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """A place's value replaced; what the change makes None is taken out."""
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    made = change(inner[path[-1]])
    if made is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = made
    return value


def given(one: Printed, chance: random.Random, value: Any) -> Case:
    """Changed by somebody who cannot sign, or by the keeper."""
    data = canonical.encode(value)
    return one.give(chance, data) if chance.random() < 0.5 else one.give_signed(chance, data)


def numbers_under(*names: str) -> Make:
    """Damage: an integer below one of these fields of the statement is another."""

    def harm(chance: random.Random) -> Case:
        one = printed(chance)
        value = one.value
        found = [place for place in integers(value) if place[0] in names]
        if not found:
            one = Printed(full(), 0)
            value = one.value
            found = [place for place in integers(value) if place[0] in names]
        more = chance.choice([1, -1, 100, -5_00, LARGEST, -LARGEST])
        return given(
            one, chance, put(value, chance.choice(found), lambda number: max(-LARGEST, min(LARGEST, number + more)))
        )

    harm.__name__ = f"statement_numbers_in_{'_'.join(names)}"
    return harm


def statement_type(chance: random.Random) -> Case:
    """A value of another type."""
    one = printed(chance)
    value = one.value
    other = chance.choice([True, False, "1", 1, [], {}, [1], {"a": 1}, ""])
    return given(one, chance, put(value, chance.choice(places(value)), lambda _: other))


def statement_field_missing(chance: random.Random) -> Case:
    one = printed(chance)
    value = one.value
    found = [place for place in places(value) if isinstance(place[-1], str)]
    return given(one, chance, put(value, chance.choice(found), lambda _: None))


def statement_field_more(chance: random.Random) -> Case:
    one = printed(chance)
    value = one.value
    name = chance.choice(["more", "constructor", "__proto__", "1", "example", "previous"])
    where = chance.choice([value, value["totals"], value["funds"][0], value["funds"][0]["blocks"], value["lines"][0]])
    where[name] = chance.choice([1, True, "x"])
    return given(one, chance, value)


def statement_line_gone(chance: random.Random) -> Case:
    one = printed(chance)
    value = one.value
    rows = chance.choice(
        [value["lines"], value["funds"], value["accounts"], value["deductions"], value["reconciliation"]]
    )
    if rows:
        del rows[chance.randrange(len(rows))]
    return given(one, chance, value)


def statement_line_twice(chance: random.Random) -> Case:
    one = printed(chance)
    value = one.value
    rows = chance.choice(
        [value["lines"], value["funds"], value["accounts"], value["deductions"], value["reconciliation"]]
    )
    if rows:
        rows.insert(chance.randrange(len(rows) + 1), chance.choice(rows))
    return given(one, chance, value)


def statement_lines_moved(chance: random.Random) -> Case:
    one = printed(chance)
    value = one.value
    chance.shuffle(value["lines"])
    return given(one, chance, value)


def statement_text(chance: random.Random) -> Case:
    """A code, a nature, a digest that is another."""
    one = printed(chance)
    value = one.value
    found = [p for p in places(value) if isinstance(p[-1], str) and isinstance(at(value, p), str)]
    texts = ["income", "expense", "refund", "own_transfer", "nothing", "bank", "service_fee", "", "0" * 64, "明账"]
    return given(one, chance, put(value, chance.choice(found), lambda _: chance.choice(texts)))


def at(value: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        value = value[step]
    return value


def statement_huge_sums(chance: random.Random) -> Case:
    """Amounts that together are more than a double holds."""
    one = printed(chance)
    value = one.value
    for line in value["lines"]:
        line["amount"] = chance.choice([LARGEST, -LARGEST, LARGEST - 1])
    return given(one, chance, value)


def statement_deduction_first(chance: random.Random) -> Case:
    """What a payer kept, with nothing before it that it was kept from."""
    one = Printed(full(), 0)
    value = one.value
    at = next(n for n, line in enumerate(value["lines"]) if line["part"] >= 32)
    value["lines"].insert(0, value["lines"].pop(at))
    for item in value["deductions"]:
        item["cost_line"] = 0
        item["line"] = chance.choice([-1, 0, item["line"]])
    return given(one, chance, value)


def statement_no_json(chance: random.Random) -> Case:
    one = printed(chance)
    return one.give(
        chance, chance.choice([b"", b"{}", b"[]", b"1", b'{"statement":1}', b'{"statement":true}', b"null"])
    )


def statement_without_trust(chance: random.Random) -> Case:
    one = printed(chance)
    proven = receipt(one.made.entries[one.seq], proof_of(one.made, one.seq))
    genesis = chance.choice([None, one.made.genesis, "ab" * 32])
    return Case("statement", Trust(genesis=genesis), data=one.data, receipt=chance.choice([proven, None]))


STATEMENTS: list[Make] = [
    statement_sound, statement_bit, statement_cut, statement_twice, statement_spaced, statement_other_period,
    statement_other_ledger, statement_other_receipt, statement_broken_receipt,
    numbers_under("lines"), numbers_under("funds"), numbers_under("accounts"), numbers_under("totals"),
    numbers_under("reconciliation"), numbers_under("deductions"), numbers_under("count", "prefix"),
    statement_type, statement_field_missing, statement_field_more, statement_line_gone, statement_line_twice,
    statement_lines_moved, statement_text, statement_huge_sums, statement_deduction_first, statement_no_json,
    statement_without_trust,
]  # fmt: skip
