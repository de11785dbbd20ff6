"""What the fields of a body are: their types under annotations, their marks, and the models of what a motion may do.

Bodies are walked by these: to read what somebody typed (:mod:`ledger.cli.bodies`), to tell it in plain words
(:mod:`ledger.paper.plain`).
"""

import re
import types
from collections.abc import Mapping, Sequence
from typing import Any, Final, Union, get_args, get_origin

from ledger.accounts import records as accounts_records
from ledger.log.act import Body

HEX: Final = r"^[0-9a-f]{64}$"
REFERENCE: Final = r"^[0-9a-f]{64}(#(0|[1-9][0-9]{0,2}))?$"
EFFECTS: Final[Mapping[str, type[Body]]] = {
    "payment": accounts_records.PaymentEffect,
    "budget": accounts_records.BudgetEffect,
    "delegation": accounts_records.DelegationEffect,
    "ratification": accounts_records.RatificationEffect,
}
"""What a motion may do to the books: votes do not read it, so its model is found here."""


def inner_type(annotation: Any) -> Any:
    """The type under ``Annotated`` and ``| None``."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (a for a in get_args(annotation) if a is not type(None))
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return annotation


def is_digest(text: str) -> bool:
    """Whether a text is a digest, or names an item of a record by it."""
    return re.fullmatch(REFERENCE, text) is not None


def marks(annotation: Any, metadata: Sequence[Any] = ()) -> list[Any]:
    """What is said of a field beside its type: that it is an amount, its pattern."""
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (a for a in get_args(annotation) if a is not type(None))
    return [*metadata, *getattr(annotation, "__metadata__", ())]
