"""Each refusal of the bank room has its sentence in both languages, with placeholders that the error fills."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import ledger
from ledger.exchange import bank

LEDGER = Path(ledger.__file__).parent
RULES = {
    rule
    for file in Path(bank.__file__).parent.glob("*.py")
    for rule in re.findall(r'"(bank\.[a-z_]+)"', file.read_text("utf-8"))
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_rule_has_a_sentence(language: str) -> None:
    with (LEDGER / "words" / language / "bank.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    said = {str(message.id): str(message.string) for message in catalogue if message.id}
    assert set(said) >= {f"error.{rule}" for rule in RULES}  # the rest is what the books refuse of a file
    for sentence in said.values():
        names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        assert sentence.strip()
        assert names <= {"value", "accepted", "row"}
