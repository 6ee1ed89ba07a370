"""How a model says what is wrong with a value, so that the loader can say where."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError


def fault(
    what: str,
    right: str,
    *,
    rule: str | None = None,
    key: str | None = None,
    offset: int | None = None,
    length: int | None = None,
) -> PydanticCustomError:
    """Return the error a validator raises: what is wrong, and what would be right.

    Args:
        what: What is wrong, without a full stop.
        right: What would be right.
        rule: A document rule id; the loader's default for a bad value otherwise.
        key: The child key to point at, for an error of a whole mapping.
        offset: Where inside a scalar the trouble starts, in code points.
        length: How long it is.
    """
    pointers = {"rule": rule, "key": key, "offset": offset, "length": length}
    context: dict[str, Any] = {"what": what, "right": right}
    context.update({name: value for name, value in pointers.items() if value is not None})
    return PydanticCustomError("cvnpolicy", "{what}", context)
