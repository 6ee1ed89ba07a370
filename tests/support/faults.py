"""What a model or a reader says is wrong, as the loader receives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

Fault = dict[str, Any]


def fault_of(read: Callable[..., object], *arguments: object) -> Fault:
    """Return the context of the fault that a reader raises: what, right, and perhaps rule, key, offset, length."""
    with pytest.raises(PydanticCustomError) as raised:
        read(*arguments)
    return dict(raised.value.context or {})


def faults_of(model: type[BaseModel], value: object) -> list[tuple[tuple[int | str, ...], Fault]]:
    """Return place and context of every error of a model; an error of pydantic's own has its type as `what`."""
    with pytest.raises(ValidationError) as raised:
        model.model_validate(value)
    return [
        (error["loc"], error.get("ctx", {}) if error["type"] == "cvnpolicy" else {"what": error["type"]})
        for error in raised.value.errors(include_url=False)
    ]


def only_fault(model: type[BaseModel], value: object) -> Fault:
    """Return the context of the one error of a model."""
    ((_place, context),) = faults_of(model, value)
    return context
