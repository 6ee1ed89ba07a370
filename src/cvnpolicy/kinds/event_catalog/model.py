"""The model of an EventCatalog."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.check import DatasetRef
from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Model
from cvnpolicy.core.names import Defines, Namespace, Ref
from cvnpolicy.core.rules import DocumentRule


class FieldType(StrEnum):
    """What a field of an event holds."""

    STR = "str"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    TIMESTAMP = "timestamp"
    DURATION = "duration"


class Event(Model):
    """One kind of line in the log."""

    fields: dict[Identifier, Lax[FieldType]] = {}
    """Each field and its type."""
    heartbeat: DurationField | None = None
    """It comes at least this often while the source is alive; a longer silence means that nothing is known."""
    alive_with: Annotated[Identifier, Ref(Namespace.EVENT)] | None = None
    """Another event whose heartbeat shows that this one's source is alive."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.heartbeat is not None and self.alive_with is not None:
            right = "keep one: its own heartbeat, or another event's"
            raise fault(
                "heartbeat and alive_with exclude one another", right, rule=DocumentRule.BAD_CHECK, key="alive_with"
            )
        return self


class EventCatalogSpec(Model):
    """The structured events (``event=name key=value``) that checks may name."""

    dataset: DatasetRef = "events"
    """The event log that the configuration binds."""
    events: Annotated[dict[Annotated[Identifier, Defines(Namespace.EVENT)], Event], Field(min_length=1)]
    """Each event by name."""
