"""The envelope that every policy document has: metadata, enforcement, waivers, and what specs share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from cvnpolicy.core.check import DatasetRef, EventRef, MetricRef, StatisticName
from cvnpolicy.core.condition import Sign
from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.fault import fault
from cvnpolicy.core.finding import Mode
from cvnpolicy.core.location import Location
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner, ScalarValue, Slug
from cvnpolicy.core.names import GATES, Defines, Namespace, Ref
from cvnpolicy.core.patterns import STORY
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.shapes import Columns, Where, WindowField
from cvnpolicy.core.time import InstantField, TPlus
from cvnpolicy.core.tree import FactName


def _not_reserved(name: str) -> str:
    if name == GATES:
        raise fault(f"the name '{name}' is taken by the gates of cvnpolicy check", "choose another")
    return name


class Metadata(Model):
    """Who and what a document is."""

    name: Annotated[Slug, AfterValidator(_not_reserved), Defines(Namespace.POLICY)]
    """Unique in the set; addresses are ``name/check``. ``gate`` is taken by the gates of ``cvnpolicy check``."""
    title: Annotated[str, Field(min_length=1, max_length=200)]
    """What it is about, for people."""
    owner: Owner
    """One person."""
    approvers: Many[Owner] | None = None
    """Who may approve a change that loosens this document: one of them is enough. Without any, its owner."""
    story: Annotated[str, Field(pattern=STORY)] | None = None
    """The story it belongs to."""
    links: Many[str] | None = None
    """Decision records, dossiers, tickets."""
    anchor: InstantField | None = None
    """What T+N counts from in this document."""


class Enforcement(Model):
    """Whether a fail blocks, and when that changes."""

    mode: Lax[Mode] = Mode.BLOCK
    """``block``, or ``advise``: a fail keeps its outcome and does not fail the run."""
    block_from: InstantField | None = None
    """Advice becomes blocking by itself at this instant."""
    review_by: InstantField | None = None
    """Past this instant an advisory policy is overdue, which is a finding; only a person makes it block."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.block_from is not None and self.review_by is not None:
            raise fault("block_from and review_by exclude one another", "keep one", key="review_by")
        for key in ("block_from", "review_by"):
            if getattr(self, key) is not None and self.mode is Mode.BLOCK:
                raise fault(f"'{key}' needs mode: advise", "write mode: advise, or remove it", key=key)
        return self

    def mode_at(self, at: datetime) -> Mode:
        """Return the mode in force: ``block_from`` blocks from its first instant on."""
        if self.block_from is not None and at >= self.block_from:
            return Mode.BLOCK
        return self.mode


class Waiver(Model):
    """One person excuses one check, for a reason, until an instant."""

    check: Annotated[Slug, Ref(Namespace.CHECK)]
    """The check of this document that is excused."""
    group: dict[Identifier, ScalarValue] | None = None
    """Only this group of it; all groups otherwise."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why."""
    approved_by: Owner
    """Who answers for it."""
    expires: InstantField
    """From this instant on it excuses nothing."""


class Baseline(Model):
    """A number (or a second sample) to compare with: the check's own measure with the named keys replaced."""

    statistic: StatisticName | None = None
    """Another statistic."""
    dataset: DatasetRef | None = None
    """Another dataset; its window defaults to ``run``."""
    event: EventRef | None = None
    """Another event."""
    metric: MetricRef | None = None
    """Another metric."""
    columns: Columns | None = None
    """Other columns."""
    where: Where | None = None
    """Another filter. What a metric picks its rows by stays."""
    window: WindowField | None = None
    """Another window."""
    value: float | int | None = None
    """A written number instead of a measured one."""
    source: Annotated[str, Field(min_length=1)] | None = None
    """Where a written number comes from."""
    sign: Lax[Sign] = Sign.ANY
    """What is known of its sign; two conditions on it can then be ordered."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        replaced = sorted(self.model_fields_set - {"value", "source", "sign"})
        if self.value is not None and replaced:
            raise fault(
                f"a written value replaces nothing, found '{replaced[0]}'", "keep value and source", key="value"
            )
        if self.value is not None and self.source is None:
            raise fault("a written value needs its source", "add source:", key="value")
        if self.value is not None and not self.sign.holds(self.value):
            raise fault(f"{self.value} is not {self.sign}", "correct the value or the sign", key="value")
        if self.value is None and not replaced:
            raise fault("the baseline replaces nothing of the check", "name dataset, where, window or value")
        if sum(getattr(self, name) is not None for name in ("dataset", "event", "metric")) > 1:
            raise fault("a baseline reads one of dataset, event, metric", "keep one", rule=DocumentRule.BAD_CHECK)
        return self


class Fact(Model):
    """Something that is so or is not: declared here, attested in the evidence."""

    source: Slug = "manual"
    """``manual``: the dataset ``facts`` of the configuration."""
    values: Many[ScalarValue] | None = None
    """What it can be; another value is an error."""
    unavailable: ScalarValue | None = None
    """What it counts as when its source cannot be asked."""
    attested_by: Many[Owner] | None = None
    """Who may attest it; anybody else's word does not count."""
    fresh_for: DurationField | None = None
    """Older than this it is inconclusive."""


Baselines = dict[Annotated[Identifier, Defines(Namespace.BASELINE)], Baseline]
Facts = dict[Annotated[FactName, Defines(Namespace.FACT)], Fact]


class Spec(Model):
    """What the specs of kinds with checks share."""

    baselines: Baselines = {}
    """Named numbers and samples that conditions and references use."""
    facts: Facts = {}
    """Named facts that trees use."""


S = TypeVar("S", bound=Model)


class Document(Model, Generic[S]):
    """One YAML document."""

    apiVersion: Literal["cvnpolicy/v1"]
    """The version of the language."""
    kind: str
    """Which kind of policy this is."""
    metadata: Metadata
    """Who and what it is."""
    enforcement: Enforcement = Field(default_factory=Enforcement.model_construct)
    """Whether a fail blocks. Default: it does."""
    waivers: Many[Waiver] | None = None
    """Excused checks."""
    spec: S
    """What this kind says."""


Path = Sequence[str | int]


@dataclass(frozen=True)
class Policy(Generic[S]):
    """A validated document and where its parts stand."""

    kind: str
    document: Document[S]
    locate: Callable[[Path], Location]
    """Where the value at a path of the document stands; the nearest part above it when it was not written."""
    locate_within: Callable[[Path, int, int], Location]
    """Where so many code points from an offset on stand in the text at a path; the whole text if that is not known."""

    @property
    def name(self) -> str:
        """The document's name."""
        return self.document.metadata.name

    @property
    def spec(self) -> S:
        """What the kind says."""
        return self.document.spec

    @property
    def baselines(self) -> Mapping[str, Baseline]:
        """The baselines that it declares; none where its kind has no such part."""
        return self.spec.baselines if isinstance(self.spec, Spec) else {}

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that it declares; none where its kind has no such part."""
        return self.spec.facts if isinstance(self.spec, Spec) else {}

    def instant(self, moment: TPlus | datetime) -> datetime:
        """Return the instant of a moment; the loader has refused ``T+N`` in documents without an anchor."""
        anchor = self.document.metadata.anchor
        if isinstance(moment, datetime):
            return moment
        if anchor is None:
            raise AssertionError(f"{self.name}: {moment} without metadata.anchor was let through")
        return moment.instant(anchor)
