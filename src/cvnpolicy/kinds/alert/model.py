"""The model of an AlertPolicy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cvnpolicy.core.check import Check
from cvnpolicy.core.finding import Severity
from cvnpolicy.core.model import Lax, Many, Model, Slug
from cvnpolicy.core.names import Namespace, Ref
from cvnpolicy.core.policy import Spec

Channel = Annotated[str, Field(min_length=1, max_length=200)]
OwnCheck = Annotated[Slug, Ref(Namespace.CHECK)]


class Inhibition(Model):
    """While one alert fires, others are not routed: the same trouble needs one call, not five."""

    when: OwnCheck
    """The alert of this document that speaks for the others."""
    silences: Many[OwnCheck]
    """The alerts of this document that are then not routed. Their outcome stays, and so does the verdict."""


class AlertPolicySpec(Spec):
    """Alerts, and who is told."""

    routes: dict[Lax[Severity], Channel]
    """A channel for every severity that an alert here can have."""
    inhibit: Many[Inhibition] | None = None
    """Which alerts keep which others from being routed."""
    alerts: Many[Check]
    """What is watched."""
