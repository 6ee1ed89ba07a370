"""The JSON Schemas by name."""

from __future__ import annotations

from typing import Any

from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load import schema as build


def schema_names() -> tuple[str, ...]:
    """Return every name that :func:`schema` knows: ``policy``, ``configuration``, ``report``, and each kind."""
    return ("policy", "configuration", "report", *KINDS)


def schema(name: str) -> dict[str, Any]:
    """Return a JSON Schema, draft 2020-12.

    Raises:
        KeyError: If there is none of this name.
    """
    if name == "policy":
        return build.policy_schema([load_kind(kind) for kind in KINDS])
    if name == "configuration":
        return build.configuration_schema()
    if name == "report":
        from cvnpolicy.report.json_v1_model import schema as report_schema  # needed for this one only

        return build.output_schema("report", report_schema())
    return build.kind_schema(load_kind(name))
