"""``replace`` for states: what does not change is taken over as it stands.

An entry changes one or two of a state's twenty fields. :func:`dataclasses.replace` reads all of them and has ``__init__`` set
each anew, which was a third of the time that applying an entry took. So the states of the rooms have no slots, and no
``__post_init__``: their dictionary is copied, and nothing runs.

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class State:
...     size: int
...     name: str
>>> before = State(1, "明账")
>>> replace(before, size=2), before
(State(size=2, name='明账'), State(size=1, name='明账'))
>>> replace(before, count=2)
Traceback (most recent call last):
TypeError: State has no count
"""

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace  # the same signature, so that a checker knows every field
else:

    def replace(state: Any, /, **changes: Any) -> Any:
        """``state`` with other values for these fields. Raises TypeError for a field that the class does not have."""
        fields = getattr(state, "__dict__", None)
        if fields is None:
            return dataclasses.replace(state, **changes)
        if not changes.keys() <= fields.keys():
            unknown = ", ".join(sorted(changes.keys() - fields.keys()))
            raise TypeError(f"{type(state).__name__} has no {unknown}")
        after = object.__new__(type(state))
        after.__dict__.update(fields, **changes)
        return after


__all__ = ["replace"]
