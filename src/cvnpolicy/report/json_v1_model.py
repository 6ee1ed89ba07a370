"""The JSON report, version 1, as models: where ``schemas/report.schema.json`` comes from. Reports do not pass here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.json_schema import GenerateJsonSchema

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Level, Mode, Outcome, Severity, Verdict

Number = Annotated[float, Field(allow_inf_nan=False)]
Member = str | bool | Number | None
Count = Annotated[int, Field(ge=0)]
Position = Annotated[int, Field(ge=1)]
Instant = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"),
    Field(json_schema_extra={"format": "date-time"}),
]


class _Part(BaseModel):
    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Location(_Part):
    """A half-open span of a file. Lines and columns are 1-based code points, ends exclusive."""

    file: str
    """Relative to the directory of the configuration file, with forward slashes."""
    line: Position
    """First line."""
    column: Position
    """First column."""
    end_line: Position
    """Last line."""
    end_column: Position
    """Column after the last."""


class Window(_Part):
    """A half-open interval of time."""

    start: Instant
    """First instant, UTC."""
    end: Instant
    """First instant after it, UTC."""


class Reading(_Part):
    """One group of a quantified check."""

    group: dict[str, Member]
    """The member in each dimension."""
    outcome: Outcome
    """What came of asking this group."""
    measured: Number | None
    """The number measured; null when there is none or it is not finite."""
    samples: Count | None
    """Rows that it was measured on."""
    reason: str
    """Why it has this outcome; may be empty."""


class Finding(_Part):
    """One answer about one check or rule, for one group or for several taken together."""

    id: str
    """``policy/check``; of a mistake in a document its rule, of a gate ``gate/name``, of a whole policy its name."""
    rule: str
    """The rule of its family, for example CVN201."""
    requirement: str | None
    """Id of the sentence the check comes from."""
    outcome: Outcome
    """What came of asking."""
    level: Level | None
    """Which of the two bad conditions held."""
    severity: Severity | None
    """Who is woken."""
    mode: Mode
    """Whether a fail blocks or only advises."""
    group: dict[str, Member]
    """The member in each dimension; empty when the check has none or takes its groups together."""
    measured: Number | None
    """The number measured; null when there is none or it is not finite."""
    condition: str | None
    """The condition as written."""
    baselines: dict[str, Number | None]
    """The references that the condition names; null when one is missing or not finite."""
    samples: Count | None
    """Rows that it was measured on."""
    window: Window | None
    """When the rows are from; null for a whole run and for static rules."""
    first_seen: Instant | None
    """Since when, at the latest, the finding holds without a break. UTC."""
    message: str
    """What was found, in one sentence."""
    hint: str
    """What would decide or mend it; may be empty."""
    action: str | None
    """What the policy says to do."""
    runbook: str | None
    """Where it is written down."""
    waived_by: str | None
    """Who approved the waiver that excuses it."""
    details: dict[str, JsonValue]
    """The statistic's own numbers; ``route``: who is told; ``waiver``: its ``reason``, when it ``expires``, and
    whether it stands ``in_source``."""
    groups: list[Reading]
    """The readings of a quantified check."""
    location: Location
    """Where the check is written."""


class Summary(_Part):
    """How many findings have each outcome."""

    passed: Count = Field(alias="pass")
    """Asked, and it holds."""
    warn: Count
    """Bad, but not bad enough to block."""
    fail: Count
    """Bad."""
    inconclusive: Count
    """Asked, with too little evidence to say."""
    no_data: Count
    """Asked, and nothing was there."""
    error: Count
    """Could not be asked."""
    skipped: Count
    """Left out on purpose."""
    not_applicable: Count
    """Does not apply here."""


class Report(_Part):
    """Sorted findings and what they amount to."""

    schema_: Literal["cvnpolicy.report/v1"] = Field(alias="schema")
    """The contract that this document keeps."""
    at: Instant
    """The instant that was asked about. UTC."""
    verdict: Verdict
    """``hold``: something that blocks could not be decided."""
    exit_code: ExitCode
    """What a gate exits with."""
    evidence_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None
    """Fingerprint of the evidence that was judged; null when none was read."""
    summary: Summary
    """How many findings have each outcome."""
    findings: list[Finding]
    """Sorted by file, line, column, id and group."""


class _Untitled(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  # the base class has it
        return False


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the report, draft 2020-12, which :mod:`cvnpolicy.report.json_v1` writes."""
    body = Report.model_json_schema(by_alias=True, schema_generator=_Untitled)
    head = {"$schema": _Untitled.schema_dialect, "title": "cvnpolicy report, version 1"}
    return head | {key: value for key, value in body.items() if key != "title"}
