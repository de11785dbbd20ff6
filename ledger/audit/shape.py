"""Whether a value has the fields that a sum is made of, before it is made.

A shape is a type for a plain value, a list of one shape for a list, a dictionary of shapes for an object that has at least
these fields (``name?`` may be absent; ``*`` says that every field is of this shape). The browser's checker reads the same
shapes in the same way, so that both say "malformed" of the same statements.

>>> check_shape({"rows": [{"amount": 5}], "more": ""}, {"rows": [{"amount": int, "note?": str}]})
>>> check_shape({"rows": [{"amount": True}]}, {"rows": [{"amount": int}]})
Traceback (most recent call last):
ledger.errors.Malformed: shape; got '/rows/0/amount'; accepted: int
"""

from typing import Any, TypeAlias

from ledger.errors import Malformed

Shape: TypeAlias = "type | list[Shape] | dict[str, Shape]"


def check_shape(value: Any, shape: Shape, path: str = "") -> None:
    """Return if ``value`` has this shape. Raises Malformed ``shape`` with the path of the first place that has not."""
    if isinstance(shape, type):
        if type(value) is not shape:
            raise Malformed("shape", path, shape.__name__)
    elif isinstance(shape, list):
        if type(value) is not list:
            raise Malformed("shape", path, "a list")
        for at, item in enumerate(value):
            check_shape(item, shape[0], f"{path}/{at}")
    else:
        if type(value) is not dict:
            raise Malformed("shape", path, "an object")
        for name, inner in shape.items():
            named = value.keys() if name == "*" else [name.removesuffix("?")]
            for field in named:
                if field in value:
                    check_shape(value[field], inner, f"{path}/{field}")
                elif not name.endswith("?"):
                    raise Malformed("shape", f"{path}/{field}", "a field that is there")
