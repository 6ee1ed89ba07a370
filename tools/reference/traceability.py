"""Where each item of the team's documents is enforced: docs/traceability.yaml, read strictly, and its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.fault import fault
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.model import Lax, Many, Model
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.readiness.ask import RuleId
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load import policies, project
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.nodes import Node, locate
from cvnpolicy.load.parse import parse
from cvnpolicy.load.validate import validate
from tools.reference.tables import table

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "traceability.yaml"
OURS = "../../examples/cvntrade/documentation"
"""The folder of our own tellings of the documents, from the page."""


class Capability(StrEnum):
    """A part of cvnpolicy that is not built yet, and what it will answer for."""

    ROLLBACK = "rollback"
    ROLLOUT = "rollout"
    GUARDS = "guards"
    CONTRACT = "contract"
    CALENDAR = "calendar"
    HYPERPARAMETERS = "hyperparameters"
    EXPERIMENTS = "experiments"
    STATISTICS = "statistics"


_OWNS = {
    Capability.ROLLBACK: "mechanisms in order, branches from symptom to action, the journal of what was done",
    Capability.ROLLOUT: "stages, gates, minimum durations, canaries, sign-off",
    Capability.GUARDS: "modes of execution and rollout, cooldown, resuming",
    Capability.CONTRACT: "environment against artefact, hashes, causality of features, identity of caches",
    Capability.CALENDAR: "obligations and waivers by date",
    Capability.HYPERPARAMETERS: "the 455 keys, the resolver, the history of values",
    Capability.EXPERIMENTS: "leakage and the gates of the plan",
    Capability.STATISTICS: "recomputing from bars what is published as a number today",
}

Several = Many[str] | str
Ways = ("check", "asks", "rule", "planned", "not_checkable")
"""The ways an item can be accounted for."""


class Item(Model):
    """One checkable item. Exactly one of check, asks, rule, planned, not_checkable; asks and rule may come together."""

    what: Annotated[str, Field(min_length=1, max_length=120)]
    """The item, in a few words of our own."""
    check: Several | None = None
    """The address of the check that judges it; a list where several share it."""
    asks: Many[RuleId] | RuleId | None = None
    """The rule of a ReadinessPolicy that asks it of readiness files or runbooks; a list where it takes several."""
    rule: Annotated[str, Field(pattern=r"^CVN\d{3}$")] | None = None
    """The rule of cvnpolicy that sees to it."""
    planned: Lax[Capability] | None = None
    """The capability that it belongs to."""
    not_checkable: Annotated[str, Field(min_length=10)] | None = None
    """Why it cannot be judged."""
    unseen: Annotated[str, Field(min_length=10)] | None = None
    """What of it neither ``asks`` nor ``rule`` can see."""
    waits: Several | None = None
    """The check that is inconclusive until somebody writes a limit: of all of the item, or of a part."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in Ways if getattr(self, name) is not None]
        if len(given) != 1 and given != ["asks", "rule"]:
            what = f"an item has exactly one of {', '.join(Ways)}; found {' and '.join(given) or 'none'}"
            raise fault(what, "say where it is enforced, or why it is not; only asks and rule may come together")
        if self.unseen is not None and self.asks is None and self.rule is None:
            raise fault("'unseen' goes with asks or rule", "remove it", key="unseen")
        if self.waits is not None and self.not_checkable is None and self.check is None:
            raise fault("'waits' goes with check or not_checkable", "remove it")
        return self

    @property
    def way(self) -> str:
        """The way it is accounted for; ``asks`` where a rule of cvnpolicy helps."""
        return next(name for name in Ways if getattr(self, name) is not None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids of the rules that ask it of files."""
        return _listed(self.asks)

    @property
    def checks(self) -> tuple[str, ...]:
        """The addresses of the checks that judge it."""
        return _listed(self.check)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The addresses of the checks that wait for a limit."""
        return _listed(self.waits)


class TracedDocument(Model):
    """One of the five documents."""

    title: str
    """What it is."""
    ours: str
    """Our own telling of it, below the example's documentation."""
    items: dict[str, Item]
    """Its items by id."""


class _File(Model):
    documents: dict[str, TracedDocument]


def _listed(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def load(path: Path = FILE) -> Mapping[str, TracedDocument]:
    """Return the documents by name.

    Raises:
        InvalidInputError: With every problem, located.
    """
    parsed = parse(path.read_bytes(), path.name)
    found = [validate(_File, node) for node in parsed.documents]
    problems = [*parsed.problems, *(problem for each in found if not isinstance(each, _File) for problem in each)]
    whole = [(each, node) for each, node in zip(found, parsed.documents, strict=True) if isinstance(each, _File)]
    problems += [problem for each, node in whole for problem in _unknown(each, node)]
    if problems or len(whole) != 1:
        raise InvalidInputError(problems)
    return whole[0][0].documents


def _unknown(file: _File, node: Node) -> Iterator[Problem]:
    """Yield the ids of rules that no ReadinessPolicy has."""
    known = rules()
    for name, document in file.documents.items():
        for id_, item in document.items.items():
            for index, asked in enumerate(item.asked):
                if asked not in known:
                    place = locate(node, ("documents", name, "items", id_, "asks", index))
                    right = did_you_mean(asked, known)
                    what = f"no ReadinessPolicy has the rule '{asked}'"
                    yield Problem(DocumentRule.DANGLING_NAME, what, right, place)


def items(documents: Mapping[str, TracedDocument]) -> dict[str, Item]:
    """Return every item by id."""
    return {name: item for document in documents.values() for name, item in document.items.items()}


def traceability() -> str:
    """Return the page."""
    return "\n".join(_parts(load(), _files()))


@lru_cache(maxsize=1)
def _policies() -> PolicySet:
    """Return the policies of this repository."""
    return policies.load_policies(project.load(ROOT / project.FILE)).policies


def _files() -> dict[str, str]:
    """Return the file of each policy of this repository, from its root."""
    return {policy.name: policy.locate(()).file for _, policy in _policies().policies}


@lru_cache(maxsize=1)
def rules() -> Mapping[str, tuple[str, str]]:
    """Return what each rule of a ReadinessPolicy says, and its policy, by its id."""
    return {
        rule.id: (rule.says, policy.name)
        for _, policy in _policies().policies
        if isinstance(policy.spec, ReadinessPolicySpec)
        for rule in policy.spec.rules
    }


_INTRODUCTION = """\
# Traceability

The policies come from five documents of the team: two runbooks, two readiness files and their template. An inventory
lists what can be checked in them. This page says of every item where it is enforced: by a check on evidence, by a rule
that is asked of readiness files and runbooks, by a rule of cvnpolicy itself, by a part that is still planned, or not at
all and why. Our own tellings of the documents are linked.

`docs/traceability.yaml` is the source. Tests hold it to the policies: each check that is named here passes in the
example's quiet week and fires in another week, and an edit that breaks an item of a document fails the rules that are
asked.
"""

_ASKED = """\
## Asked of readiness files and runbooks

The rules of the ReadinessPolicy, and the items that they see to. What else they ask of a file, such as the stages
of its rollout, is enforced on evidence by other parts.
"""


def _parts(documents: Mapping[str, TracedDocument], files: Mapping[str, str]) -> Iterator[str]:
    yield _INTRODUCTION
    rows = [(f"[{each.title}](#{name.lower()})", *_counts(each.items)) for name, each in documents.items()]
    found = items(documents)
    head = ("document", "items", "check", "asked", "rule", "planned", "not checkable")
    yield table(head, [*rows, ("all", *_counts(found))])
    planned = Counter(item.planned for item in found.values())
    yield "## Planned\n"
    yield table(("part", "items", "will answer for"), [(one, str(planned[one]), _OWNS[one]) for one in Capability])
    for name, document in documents.items():
        yield f"## {name}\n\n{document.title}. [Our telling]({OURS}/{document.ours}).\n"
        yield table(
            ("id", "what", "where"), [(id_, each.what, _where(each, files)) for id_, each in document.items.items()]
        )
    yield _ASKED
    by_rule = {id_: [name for name, item in found.items() if id_ in item.asked] for id_ in rules()}
    yield table(
        ("rule", "says", "items"),
        [(_asked(id_, files), says, ", ".join(by_rule[id_])) for id_, (says, _) in rules().items()],
    )


def _counts(found: Mapping[str, Item]) -> tuple[str, ...]:
    ways = Counter(item.way for item in found.values())
    return (str(len(found)), *(str(ways[name]) for name in Ways))


def _where(item: Item, files: Mapping[str, str]) -> str:
    if item.way in ("asks", "rule"):
        asked = [f"asked: {', '.join(_asked(one, files) for one in item.asked)}"] if item.asked else []
        rule = [f"rule [{item.rule}](rules/{item.rule}.md)"] if item.rule is not None else []
        unseen = [f"not seen: {item.unseen}"] if item.unseen is not None else []
        return "; ".join((*asked, *rule, *unseen))
    if item.planned is not None:
        return f"planned: {item.planned}"
    if item.not_checkable is not None:
        waits = f" ({', '.join(_linked(one, files) for one in item.waiting)})" if item.waiting else ""
        return f"not checkable: {item.not_checkable}{waits}"
    waits = f"; waits for a limit: {', '.join(_linked(one, files) for one in item.waiting)}" if item.waiting else ""
    return ", ".join(_linked(one, files) for one in item.checks) + waits


def _asked(rule: str, files: Mapping[str, str]) -> str:
    return f"[{rule}](../../{files[rules()[rule][1]]})"


def _linked(address: str, files: Mapping[str, str]) -> str:
    return f"[{address}](../../{files[address.partition('/')[0]]})"
