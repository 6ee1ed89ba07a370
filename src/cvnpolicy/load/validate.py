"""Located nodes to frozen models; every pydantic error becomes a problem at ``file:line:col``."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from cvnpolicy.core.errors import Problem
from cvnpolicy.load.nodes import Node, sound, to_plain

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], node: Node, plain: object = None) -> M | tuple[Problem, ...]:
    """Validate a document.

    Args:
        model: A strict pydantic model.
        node: The document.
        plain: The same as :func:`~cvnpolicy.load.nodes.to_plain` gives it, where it is known already.

    Returns:
        The model, or every problem, sorted by place. The problems are an empty tuple for a document of which a part
        was refused (see :class:`~cvnpolicy.load.nodes.RefusedNode`) and nothing else is wrong: those were reported
        when it was read, and it is not valid.
    """
    try:
        value = model.model_validate(to_plain(node) if plain is None else plain)
    except ValidationError as error:
        from cvnpolicy.load.invalid import problems_of  # a valid document does not pay for it

        return problems_of(model, node, error)
    return value if sound(node) else ()
