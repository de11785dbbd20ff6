"""A record in plain words, for whoever is about to sign it: fields by their labels, amounts in yuan, codes with what they mean.

The body's model is walked, as it is for what somebody types, so a new field is told without a line here;
a test sees that it has a label. Where a ledger is at hand, a digest is told as the record that it names, with what that
record says: who approves a proposal must see whom it pays and how much.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, Protocol, get_args, get_origin

from ledger import words
from ledger.books import KINDS
from ledger.log.act import Body, Fen
from ledger.log.entry import Opening, Record
from ledger.money import format_yuan
from ledger.paper.fields import EFFECTS, inner_type, is_digest, marks
from ledger.rules import calendar, profile

FOLLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "person.entered/1": ("name", "title"),
    "document.entered/1": ("subject", "number_printed", "dated", "total_printed"),
    "deposit.recorded/1": ("account", "on", "fund", "category", "net", "party"),
    "bank.imported/1": ("account", "start", "end", "closing"),
    "bank.row/1": ("on", "amount", "narration"),
    "suspense.cleared/1": ("row", "on", "parts"),
    "cash.paid/1": ("account", "on", "parts"),
    "contra.recorded/1": ("corrects", "on", "reason"),
    "withdrawal.applied/1": ("party", "fund", "category", "purpose", "stages", "into"),
    "withdrawal.proposed/1": ("application", "account", "basis"),
    "meeting.called/1": ("title", "motions"),
    "meeting.opened/1": ("meeting",),
    "ballot.cast/1": ("unit",),
    "statement.published/1": ("period",),
    "objection.filed/1": ("about", "text"),
    "objection.received/1": ("about", "slip", "text"),
    "objection.answered/1": ("objection", "text"),
    "finding.answered/1": ("check", "text"),
    "audit.reported/1": ("sort", "start", "until", "opinion"),
}
"""What is told of a record that another one names, by its kind; of the rest only what kind they are. Never a ballot's choices."""
ITEMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ledger.opened/1": ("persons", ("name", "title")),
    "meeting.called/1": ("motions", ("title",)),
}
"""Of a named item (``digest#n``): the list it stands in, and what of it is told."""
DEEPEST: Final = 2
"""Records behind a record that are told too: a proposal behind an approval, an application behind it."""
LONG: Final = 400
"""Characters of a text from which its digest is told too, and its lines stand below."""
SHARED: Final[Mapping[str, str]] = {
    "fund": "fund.", "funds": "fund.", "role": "role.", "seats": "role.", "body": "body.", "nature": "nature.", "roles": "role.",
    "basis": "authority.", "cycle": "statement.cycle_", "direction": "statement.direction_", "holder": "statement.holder_",
    "kind": "statement.document_", "matter": "matter.",
}  # fmt: skip
"""Fields whose codes have their words elsewhere; those of the others stand under ``code.<field>.``."""


def meaning(field: str, code: str, locale: str) -> str:
    """What a code of a field means; empty where it has no words (a code that people made up themselves)."""
    if code in KINDS:
        return words.text(f"kind.{code.partition('/')[0]}.title", locale)
    key = f"{SHARED[field]}{code}" if field in SHARED else f"code.{field}.{code}"
    return words.text(key, locale) if words.has(key, locale) else ""


def explained(field: str, code: str, locale: str) -> str:
    """A code with what it means beside it: the code is what has to be typed."""
    told = meaning(field, code, locale)
    if told.lower() == code.replace("_", " "):
        return code
    return words.text("plain.explained", locale, code=code, meaning=told) if told else code


def label(field: str, locale: str) -> str:
    """A field's label without what is said in brackets to whoever fills it in."""
    key = f"field.{field}"
    return words.text(key, locale).partition("（")[0].partition(" (")[0] if words.has(key, locale) else field


class Known(Protocol):
    """What may be told beside a record: the records that it names, and titles of codes."""

    def record(self, digest: str) -> tuple[int, Record, Sequence[Opening]] | None:
        """An entry's number, its record, and what opens it here."""

    def title(self, field: str, code: str) -> str:
        """What a code of this ledger stands for."""


class Nothing:
    """A machine without the ledger: digests and codes stand for themselves."""

    def record(self, digest: str) -> tuple[int, Record, Sequence[Opening]] | None:
        """Unknown here."""
        return None

    def title(self, field: str, code: str) -> str:
        """Unknown here."""
        return ""


@dataclass(frozen=True)
class Told:
    """One field: its label, what it says, and what stands in it."""

    label: str
    text: str
    within: tuple["Told", ...] = ()

    def lines(self, indent: int = 0) -> Iterator[tuple[int, str, str]]:
        """Depth, label and text, one a line."""
        yield indent, self.label, self.text
        for inner in self.within:
            yield from inner.lines(indent + 1)

    def short(self, locale: str) -> str:
        """All of it in one line."""
        inner = words.text("plain.joint", locale).join(one.short(locale) for one in self.within)
        text = words.text("plain.within", locale, text=self.text, inner=inner) if inner else self.text
        return words.text("plain.labelled", locale, label=self.label, text=text).strip()


@dataclass(frozen=True)
class Teller:
    """Tells records in one language."""

    locale: str
    known: Known

    def title(self, record: Record) -> str:
        """What kind of act it is."""
        return words.text(f"kind.{record.kind.partition('/')[0]}.title", self.locale)

    def tell(self, record: Record, openings: Sequence[Opening]) -> tuple[Told, ...]:
        """Every field of a record's body."""
        opened = {opening.field: opening.value for opening in openings}
        return self._body(KINDS[record.kind].model, record.body, "", opened, 0)

    def _body(
        self, model: type[Body], body: Mapping[str, Any], path: str, opened: Mapping[str, Any], depth: int
    ) -> tuple[Told, ...]:
        told = []
        for name, info in model.model_fields.items():
            if name in body:
                place = f"{path}{name}"
                told.append(self._field(name, info.annotation, info.metadata, body[name], place, opened, depth))
        return tuple(told)

    def _field(
        self,
        name: str,
        annotation: Any,
        meta: Sequence[Any],
        value: Any,
        place: str,
        opened: Mapping[str, Any],
        depth: int,
    ) -> Told:
        named, inner = label(name, self.locale), inner_type(annotation)
        if place in opened:
            return Told(named, self._text("plain.sealed", text=self._plain(opened[place])))
        if isinstance(value, Mapping):
            model = inner if isinstance(inner, type) and issubclass(inner, Body) else EFFECTS[value["type"]]
            return Told(named, "", self._body(model, value, f"{place}/", opened, depth))
        if isinstance(value, list):
            of = get_args(inner)[0]
            items = [
                self._field(name, of, (), item, f"{place}/{number}", opened, depth) for number, item in enumerate(value)
            ]
            if all(not item.within for item in items):
                return Told(named, words.text("plain.listed", self.locale).join(item.text for item in items))
            numbered = (Told(str(number), item.text, item.within) for number, item in enumerate(items, 1))
            return Told(named, self._text("plain.items", count=len(items)), tuple(numbered))
        return self._value(name, inner, marks(annotation, meta), value, named, depth)

    def _value(self, name: str, inner: Any, meta: Sequence[Any], value: Any, named: str, depth: int) -> Told:
        if isinstance(value, bool):
            return Told(named, self._text("plain.true" if value else "plain.false"))
        if isinstance(value, int):
            if any(isinstance(mark, Fen) for mark in meta):
                return Told(named, self._text("term.yuan", amount=format_yuan(value)))
            area = name == "area"
            return Told(
                named,
                self._text("plain.area", area=format_yuan(value)) if area else explained(name, str(value), self.locale),
            )
        text = str(value)
        if get_origin(inner) is Literal:
            return Told(named, explained(name, text, self.locale))
        if is_digest(text):
            return self._reference(named, text, depth)
        if len(text) > LONG:
            digest, comes_with = hashlib.sha256(text.encode()).hexdigest(), _shipped().get(text)
            said = self._text(
                "plain.shipped" if comes_with else "plain.long", name=comes_with, count=len(text), digest=digest
            )
            return Told(named, said if comes_with else f"{said}\n{text}")
        title = self.known.title(name, text)
        return Told(
            named,
            self._text("plain.explained", code=text, meaning=title) if title else explained(name, text, self.locale),
        )

    def _reference(self, named: str, text: str, depth: int) -> Told:
        """A digest, with what it names and says."""
        digest, _, item = text.partition("#")
        found = self.known.record(digest) if depth < DEEPEST else None
        if found is None:
            return Told(named, text)
        seq, record, openings = found
        said = self._text(
            "plain.record", number=f"{seq}#{item}" if item else seq, title=self.title(record), digest=text
        )
        opened = {opening.field: opening.value for opening in openings}
        model, body, path = KINDS[record.kind].model, record.body, ""
        wanted = FOLLOWED.get(record.kind, ())
        if item and record.kind in ITEMS:
            listed, wanted = ITEMS[record.kind]
            if int(item) >= len(body.get(listed, ())):
                # Only drafted: what names it will be refused, and is told as it was written.
                return Told(named, text)
            model = get_args(inner_type(model.model_fields[listed].annotation))[0]
            body, path = body[listed][int(item)], f"{listed}/{item}/"
        elif record.kind in ITEMS:
            listed, told = ITEMS[record.kind]
            body = {**body, listed: [{name: one[name] for name in told if name in one} for one in body[listed]]}
        body = {name: body[name] for name in wanted if name in body}
        return Told(named, said, self._body(model, body, path, opened, depth + 1))

    def _plain(self, value: Any) -> str:
        if isinstance(value, list):
            return words.text("plain.listed", self.locale).join(
                meaning("choices", str(v), self.locale) or str(v) for v in value
            )
        if isinstance(value, Mapping):
            # What the bank printed beside a row: name, account, text.
            return words.text("plain.listed", self.locale).join(str(v) for v in value.values())
        return str(value)

    def _text(self, key: str, **values: object) -> str:
        return words.text(key, self.locale, **values)


SUMMED: Final = ("amount", "net", "area")
"""Fields that are summed over a batch."""


def sums(locale: str, records: Sequence[Record]) -> list[tuple[str, str]]:
    """How many acts of each kind, and what their amounts and areas come to, in and out apart."""
    teller = Teller(locale, Nothing())
    counted = Counter(teller.title(record) for record in records)
    told = [(title, words.text("consent.count", locale, count=count)) for title, count in counted.items()]
    for field in SUMMED:
        values: list[int] = [record.body[field] for record in records if isinstance(record.body.get(field), int)]
        for sign, key in ((1, "in"), (-1, "out")):
            whole = [value for value in values if value * sign > 0]
            if whole:
                what = "consent.area" if field == "area" else f"consent.sum_{key}"
                unit = "plain.area" if field == "area" else "term.yuan"
                amount: Any = format_yuan(sign * sum(whole))
                told.append(
                    (words.text(what, locale, count=len(whole)), words.text(unit, locale, amount=amount, area=amount))
                )
    return told


@cache
def _shipped() -> Mapping[str, str]:
    """Texts that come with the program, by what they say to the letter, with their names: nobody has to read them anew."""
    texts = {profile.shipped_text(name): name for name in profile.names()}
    texts |= {calendar.shipped_text(year): str(year) for year in calendar.shipped_years()}
    chart = resources.files("ledger.accounts") / "data" / "charts" / "community.toml"
    return texts | {chart.read_text("utf-8"): "community"}
