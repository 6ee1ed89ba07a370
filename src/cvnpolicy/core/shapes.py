"""Unions told apart by the shape of the YAML (text, list, mapping), never by trying one model after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Discriminator, Field, Tag, WithJsonSchema

from cvnpolicy.core.condition import Condition
from cvnpolicy.core.duration import PATTERN as DURATION_PATTERN
from cvnpolicy.core.duration import Duration, parse_duration
from cvnpolicy.core.fault import fault
from cvnpolicy.core.fields import ConditionField, QuantifierField
from cvnpolicy.core.finding import Severity
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Reads, ScalarValue, Slug
from cvnpolicy.core.names import Namespace, Ref
from cvnpolicy.core.time import Window
from cvnpolicy.core.tree import Tree


def shape_of(value: object) -> str:
    """Return ``<text>``, ``<list>`` or ``<mapping>``; what is none of them is judged as text."""
    if isinstance(value, Mapping | BaseModel):
        return "<mapping>"
    return "<list>" if isinstance(value, list | tuple) else "<text>"


class ContractColumns(Model):
    """The features of a contract, in its order."""

    contract: Annotated[Slug, Ref(Namespace.CONTRACT)]
    """The name of a FeatureContract."""
    top: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Only the first so many."""


Columns = Annotated[
    Annotated[Many[str], Tag("<list>")] | Annotated[ContractColumns, Tag("<mapping>")],
    Discriminator(lambda value: "<list>" if shape_of(value) == "<text>" else shape_of(value)),
]
"""Columns by name, or the features of a contract."""

SetName = Annotated[Slug, Ref(Namespace.SET)]


def _members_shape(value: object) -> str:
    if value == "columns":
        return "<columns>"
    return "<list>" if shape_of(value) == "<list>" else "<text>"


Members = Annotated[
    Annotated[Literal["columns"], Tag("<columns>")]
    | Annotated[SetName, Tag("<text>")]
    | Annotated[Many[ScalarValue], Tag("<list>")],
    Discriminator(_members_shape),
]
"""The expected members of a dimension: ``columns`` (those measured), the name of a set, or a list."""


Expected = Annotated[
    Annotated[SetName, Tag("<text>")] | Annotated[Many[ScalarValue], Tag("<list>")],
    Discriminator(lambda value: "<list>" if shape_of(value) == "<list>" else "<text>"),
]
"""The expected members of a dimension of the rows: the name of a set, or a list."""


def _test_shape(value: object) -> str:
    return "<mapping>" if shape_of(value) == "<mapping>" else "<text>"


Test = Annotated[
    Annotated[ConditionField, Tag("<text>")] | Annotated[Tree, Tag("<mapping>")],
    Discriminator(lambda value: "<text>" if isinstance(value, Condition) else _test_shape(value)),
]
"""A condition on the measure, or a tree of other answers."""


class Severities(Model):
    """One severity a level."""

    warn: Lax[Severity]
    """When ``warn_if`` holds."""
    crit: Lax[Severity]
    """When ``crit_if`` holds."""


SeverityField = Annotated[
    Annotated[Lax[Severity], Tag("<text>")] | Annotated[Severities, Tag("<mapping>")], Discriminator(_test_shape)
]

Groups = Annotated[
    Annotated[QuantifierField, Tag("<text>")] | Annotated[dict[Identifier, QuantifierField], Tag("<mapping>")],
    Discriminator(_test_shape),
]
"""One quantifier over all groups, or one a dimension, outermost first."""


def parse_window(text: object) -> Duration | Window | Literal["run"]:
    """Read a duration or ``run``. A window of fixed instants cannot be written; kinds that know one give it as it is.

    Raises:
        PydanticCustomError: If it is neither.
    """
    if isinstance(text, Window):
        return text
    if text == "run":
        return "run"
    if text == "stage":
        raise fault("'stage' is the window of a rollout's stage, which this kind does not have", "write run or 14d")
    return parse_duration(text)


WindowField = Annotated[
    Duration | Window | Literal["run"],
    Reads(parse_window),
    WithJsonSchema({"type": "string", "pattern": f"^run$|{DURATION_PATTERN}", "examples": ["24h", "14d", "run"]}),
]
"""How far back a measure looks: a duration, or ``run`` for every bound row."""

Where = dict[str, Many[ScalarValue]]
"""A filter: each column has one of its values."""
