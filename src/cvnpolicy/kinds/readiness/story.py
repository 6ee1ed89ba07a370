"""The facts of a story that no policy says: what its readiness file is rendered from, besides the policies."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator

from cvnpolicy.core.check import EventRef, MetricRef
from cvnpolicy.core.duration import Duration, DurationField, parse_duration
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner, Reads, Slug
from cvnpolicy.core.names import Namespace, Ref
from cvnpolicy.core.patterns import CHECK_ADDRESS, COMMIT, DAY, OPEN_OR_DURATION, SESSION, SOMETHING, STORY, SYMBOL, URL

StoryId = Annotated[str, Field(pattern=STORY)]
"""The id of a story, as in ``metadata.story``."""

Words = Annotated[str, Field(min_length=1, max_length=300, pattern=SOMETHING)]
"""A sentence, or a part of one. It is shown as it is written: no Markdown is read in it."""

CheckAddress = Annotated[str, Field(pattern=CHECK_ADDRESS), Ref(Namespace.CHECK)]
"""``policy/check``."""

Session = Annotated[str, Field(pattern=SESSION)]
"""The id of a session of the committee. Write it in quotes: eight digits alone are a number in YAML."""

Number = Annotated[int, Field(ge=1, le=999_999_999)]

Address = Annotated[str, Field(pattern=URL)]


def parse_day(text: object) -> dt.date:
    """Read a day of the calendar, ``2026-05-12``.

    Raises:
        PydanticCustomError: If it is none.
    """
    if isinstance(text, dt.date) and not isinstance(text, dt.datetime):
        return text
    if not isinstance(text, str) or re.fullmatch(DAY[1:-1], text, re.ASCII) is None:
        raise fault(f"{str(text)[:40]!r} is not a day", "write it as 2026-05-12")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise fault(f"'{text}' is not a day of the calendar", "write it as 2026-05-12") from None


Day = Annotated[
    dt.date, Reads(parse_day), WithJsonSchema({"type": "string", "pattern": DAY, "examples": ["2026-05-12"]})
]
"""A day of the calendar."""


def _parse_length(text: object) -> Duration | Literal["open"]:
    return "open" if text == "open" else parse_duration(text)


class DriftKind(StrEnum):
    """What drifts."""

    DATA = "data"
    CORRELATION = "correlation"
    CONCEPT = "concept"
    CALIBRATION = "calibration"
    QUALITY = "quality"


class Practice(StrEnum):
    """How a backup stays in practice."""

    DRILL = "drill"
    """The handoff drill."""
    ROTATION = "rotation"
    """The on-call rotation that both share."""


class SignOff(StrEnum):
    """The boxes of the sign-off checklist."""

    MONITORING = "monitoring"
    ALERTING = "alerting"
    DRIFT = "drift"
    ROLLOUT = "rollout"
    ROLLBACK = "rollback"
    OWNERSHIP = "ownership"
    DEPENDENCIES = "dependencies"
    PR_REVIEW = "pr_review"
    COMMENT = "comment"


class Review(Model):
    """A session of the committee."""

    review: Identifier
    """What it was: ``plan_review``, ``pr_review``."""
    session: Session | None = None
    """Its id."""
    verdict: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    """What it came to: ``OK``, ``OK-WITH-CHANGES``."""


class Variants(Model):
    """How metrics tell which variant or factor they are about: exactly one of ``tag``, ``none``."""

    tag: Identifier | None = None
    """The tag that all metrics of the story carry."""
    none: Words | None = None
    """Why there is none."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise fault("variants are told by a tag, or there are none", "write exactly one of tag, none")
        return self


class Existing(Model):
    """What policies of no story, or of another one, already watch for this story too."""

    metrics: Many[MetricRef] | None = None
    """Metrics that cover a role of this story: they get a row of their own."""
    checks: Many[CheckAddress] | None = None
    """Alerts, which get a row in section 2, and other checks, which get one in section 3."""


class Drifting(Model):
    """What drift policies do not say."""

    kinds: dict[CheckAddress, Lax[DriftKind]] = {}
    """Of a check on a metric: what it tells about. Of others the statistic says it."""
    events: dict[Lax[DriftKind], EventRef] = {}
    """The event that is logged when this kind of drift is found."""


class Stage(Model):
    """A stage of the rollout."""

    stage: Words
    """Its name: ``Shadow``, ``Canary``, ``Full``."""
    traffic: Words | None = None
    """How much of the traffic it gets."""
    duration: (
        Annotated[
            Duration | Literal["open"],
            Reads(_parse_length),
            WithJsonSchema({"type": "string", "pattern": OPEN_OR_DURATION, "examples": ["7d", "open"]}),
        ]
        | None
    ) = None
    """How long it lasts at least, or ``open`` where it does not end."""
    criteria: Words | None = None
    """What must hold to go on."""
    rollback_if: Words | None = None
    """What ends it."""


class Canary(Model):
    """The one symbol that goes first."""

    symbol: Annotated[str, Field(pattern=SYMBOL)] | None = None
    """Which."""
    because: Words | None = None
    """Why this one."""


class Rollout(Model):
    """How traffic reaches the change."""

    stages: Many[Stage] | None = None
    """The stages in their order."""
    canary: Canary | None = None
    """The symbol of the canary stage."""
    sign_off_by: Owner | None = None
    """Who signs before the last stage."""
    full: Day | None = None
    """The day of the full rollout: the sunset counts from it."""


class Mechanism(Model):
    """A way back."""

    mechanism: Words
    """Its name."""
    description: Words | None = None
    """What is done."""
    sla: DurationField | None = None
    """How long it takes at most."""
    drilled: Day | None = None
    """When it was last taken in the shadow stage."""


class Rollback(Model):
    """How the change is undone."""

    mechanisms: Many[Mechanism] | None = None
    """The ways back in their order: the first is the primary one."""
    switch: Words | None = None
    """The value that switches the change off: ``factor_x=0.0``, ``alias champion -> champion_btc_blind``."""


class Backup(Model):
    """Who stands in."""

    handle: Owner | None = None
    """One person."""
    practises: Lax[Practice] | None = None
    """How."""


class Imports(Model):
    """How new imports are declared: exactly one of ``unchanged``, ``declared``, ``deptry``."""

    unchanged: Literal[True] | None = None
    """There is no new import."""
    declared: Many[Words] | None = None
    """The requirements files that declare every new import."""
    deptry: Annotated[str, Field(pattern=COMMIT)] | None = None
    """The commit on which the gate of deptry was green."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise fault("imports are declared in one way", "write exactly one of unchanged, declared, deptry")
        return self


class Story(Model):
    """What no policy says of a story. What is missing is rendered as a placeholder, and fails there."""

    title: Words | None = None
    """What changes."""
    work_package: Number | None = None
    """Of OpenProject."""
    issue: Number | None = None
    """Of GitHub."""
    owner: Owner | None = None
    """The one person who answers for it in production: owner and DRI."""
    filled_on: Day | None = None
    """When these facts were last looked through."""
    reviews: Many[Review] | None = None
    """The sessions of the committee, the latest last."""
    dashboards: dict[Slug, Address] = {}
    """The address that a dashboard's name is put behind, by what stands before its first slash."""
    variants: Variants | None = None
    """How metrics tell variants apart."""
    existing: Existing = Field(default_factory=Existing.model_construct)
    """What other policies watch for this story too."""
    offline: Many[MetricRef] | None = None
    """Metrics of the story's own policies that only experiments measure: named below the table, and not in it."""
    drift: Drifting = Field(default_factory=Drifting.model_construct)
    """What drift policies do not say."""
    rollout: Rollout = Field(default_factory=Rollout.model_construct)
    """How traffic reaches the change."""
    rollback: Rollback = Field(default_factory=Rollback.model_construct)
    """How it is undone."""
    backup: Backup = Field(default_factory=Backup.model_construct)
    """Who stands in for the owner."""
    authority: Owner | None = None
    """Who may roll back without asking."""
    sunset: Day | None = None
    """When it is part of the champion, or is looked at again."""
    imports: Imports | None = None
    """How new imports are declared."""
    signed: Many[Lax[SignOff]] | None = None
    """The boxes that are ticked."""
    skips: dict[Identifier, Words] = {}
    """Sections of which something is left out on purpose, each with the reason."""
