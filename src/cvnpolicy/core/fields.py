"""Field types that several models share: conditions, quantifiers, severities, members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from cvnpolicy.core.condition import Condition, ConditionError, check_unit, names, parse
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Reads
from cvnpolicy.core.patterns import REQUIREMENT
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.unit import Unit

CONDITION_SCHEMA: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 300,
    "examples": ["< 0.01", ">= 50", "> 2 * baseline", "within 1% of champion", "unset"],
}


def condition_fault(error: ConditionError) -> Exception:
    """Turn a condition error into the fault that a validator raises, keeping the place inside the text."""
    return fault(
        error.what, error.right, rule=DocumentRule.BAD_CONDITION, offset=error.offset, length=max(1, error.length)
    )


def parse_condition(text: object) -> Condition:
    """Read a condition.

    Raises:
        PydanticCustomError: If it is not text or does not parse, with the place inside the text.
    """
    if isinstance(text, Condition):
        return text
    if not isinstance(text, str):
        raise fault(f"{text!r} is not a condition", 'write it in quotes, for example "< 0.01"')
    try:
        return parse(text)
    except ConditionError as error:
        raise condition_fault(error) from None


ConditionField = Annotated[Condition, Reads(parse_condition), WithJsonSchema(CONDITION_SCHEMA)]
"""A condition in a model."""


@dataclass(frozen=True, slots=True)
class Quantifier:
    """How many groups must agree: any, all, or a count that a condition holds for."""

    text: str
    count: Condition | None = None
    """None for ``any`` and ``all``."""

    def __str__(self) -> str:
        """Return it as written."""
        return self.text


ANY = Quantifier("any")
ALL = Quantifier("all")


def parse_quantifier(text: object) -> Quantifier:
    """Read ``any``, ``all`` or a count condition such as ``>= 4``.

    Raises:
        PydanticCustomError: If it is none of them, or compares the count with a baseline or a unit.
    """
    if isinstance(text, Quantifier):
        return text
    if text == "any":
        return ANY
    if text == "all":
        return ALL
    if not isinstance(text, str):
        raise fault(f"{text!r} is not a quantifier", 'write any, all, or a count in quotes such as ">= 4"')
    try:
        count = parse(text)
        check_unit(count, Unit.COUNT)
    except ConditionError as error:
        raise fault(
            error.what,
            'write any, all, or a count of groups such as ">= 4"',
            rule=DocumentRule.BAD_CONDITION,
            offset=error.offset,
            length=max(1, error.length),
        ) from None
    if names(count) or text.strip() == "unset":
        raise fault(f"'{text}' does not count groups", 'write any, all, or a count such as ">= 4"')
    return Quantifier(text, count)


QuantifierField = Annotated[
    Quantifier,
    Reads(parse_quantifier),
    WithJsonSchema({"type": "string", "minLength": 1, "examples": ["any", "all", ">= 4"]}),
]
"""A quantifier over groups."""

Requirement = Annotated[str, Field(pattern=REQUIREMENT)]
"""The id of the written sentence that a check comes from, for example ``RBF-08``."""
