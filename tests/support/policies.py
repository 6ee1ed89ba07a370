"""Policies loaded from YAML text, and answers given by hand: what tests of the engine are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

from cvnpolicy.core.evidence import (
    Answer,
    Evidence,
    FactNeed,
    FactReading,
    MeasureNeed,
    Need,
    Reading,
    Readings,
    Unavailable,
)
from cvnpolicy.core.finding import Finding, Pairs, Scalar
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.time import parse_instant
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import FILE, load
from tests.support.tree import write_tree

AT = parse_instant("2026-06-08T00:00:00Z")
"""A Monday, so that it is an instant of most cadences."""

BINDINGS = {
    "data": {"type": "csv", "path": "data.csv", "time": "ts"},
    "other": {"type": "csv", "path": "other.csv", "time": "ts"},
    "events": {"type": "logfmt", "path": "logs/*.log"},
    "facts": {"type": "yaml", "path": "facts.yaml"},
}
SETS: dict[str, list[Scalar]] = {"five": ["A", "B", "C", "D", "E"]}

EVENTS = """
    apiVersion: cvnpolicy/v1
    kind: EventCatalog
    metadata: {name: catalog, title: Events, owner: "@me"}
    spec:
      events:
        beat: {fields: {model: str}, heartbeat: 1h}
        work: {fields: {model: str, key: str, size: float}, alive_with: beat}
        done: {fields: {key: str}}
    """
METRICS = """
    apiVersion: cvnpolicy/v1
    kind: MetricPolicy
    metadata: {name: metrics, title: Metrics, owner: "@me"}
    spec:
      metrics:
        size: {role: cost, type: gauge, unit: USDC, source: {event: work, field: size}, owner: "@me"}
        score: {role: outcome, type: gauge, unit: "1", range: [0, 1], source: {dataset: other, column: s}, owner: "@me"}
        share: {role: outcome, type: gauge, unit: "%", source: {dataset: data, column: pct}, owner: "@me"}
    """
CONTRACT = """
    apiVersion: cvnpolicy/v1
    kind: FeatureContract
    metadata: {name: features, title: Features, owner: "@me"}
    spec:
      features: [{name: f1, dtype: float64}, {name: f2, dtype: float64}, {name: f3, dtype: float64}]
    """


def checks(*written: str, name: str = "p", head: str = "", spec: str = "") -> str:
    """Return a DriftPolicy of checks written as YAML mappings; `head` and `spec` are further keys, one a line."""
    lines = [
        "apiVersion: cvnpolicy/v1",
        "kind: DriftPolicy",
        f'metadata: {{name: {name}, title: Title, owner: "@me", anchor: 2026-06-01T12:00:00Z}}',
        *dedent(head).strip().splitlines(),
        "spec:",
        *(f"  {line}" for line in dedent(spec).strip().splitlines()),
        "  checks:",
        *(f"    - {check}" for check in written),
    ]
    return "\n".join(lines) + "\n"


def write(root: Path, *documents: str, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a repository with these documents below `root`; return its configuration file."""
    configuration = {"policies": "policies", "sets": SETS, "environments": {"default": BINDINGS}}
    text = "---\n".join(dedent(document).strip() + "\n" for document in documents)
    write_tree(root, {FILE: json.dumps(configuration) + "\n", "policies/all.yaml": text, **(files or {})})
    return root / FILE


def loaded(root: Path, *documents: str) -> PolicySet:
    """Write and load documents, which must be valid."""
    found = load_policies(load(write(root, *documents)))
    assert [str(problem) for problem in found.problems] == []
    return found.policies


def problems(root: Path, *documents: str, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """Write and load documents; return what is wrong with them, as it is printed."""
    return [str(problem) for problem in load_policies(load(write(root, *documents, files=files))).problems]


def check_of(policies: PolicySet, address: str) -> Resolved:
    """Return one check of a set."""
    return resolve_all(policies.policies, policies.catalog)[address]


def reading(
    value: float | int | None, samples: int = 100, *, alive: bool = True, coverage: float | None = None
) -> Reading:
    """Return a reading with enough samples."""
    return Reading(value, samples, coverage, alive)


def single(value: float | int | None, samples: int = 100, *, alive: bool = True) -> Readings:
    """Return the answer to a question without groups."""
    return Readings({(): reading(value, samples, alive=alive)})


def grouped(values: Mapping[Pairs, float | int | None]) -> Readings:
    """Return the answer to a question with groups."""
    return Readings({key: reading(value) for key, value in values.items()})


def along(dimension: str, values: Mapping[Scalar, float | int | None]) -> Readings:
    """Return the answer to a question with one dimension."""
    return grouped({((dimension, member),): value for member, value in values.items()})


Give = Callable[[Need], Answer]


class Answers:
    """Evidence from a function; remembers what it was asked, in order, with repetitions."""

    def __init__(self, give: Give) -> None:
        """Keep the function."""
        self._give = give
        self.asked: list[Need] = []

    def __call__(self, need: Need) -> Answer:
        """Answer and remember."""
        self.asked.append(need)
        return self._give(need)


class Asked(Evidence):
    """Evidence for `engine.run` that is made up as it is asked for."""

    __slots__ = ("_answers",)

    def __init__(self, give: Answers) -> None:
        """Answer with `give`."""
        super().__init__(AT, {})
        object.__setattr__(self, "_answers", give)

    def answer(self, need: Need) -> Answer:
        """Return what the function gives."""
        answers: Answers = self._answers  # type: ignore[attr-defined]
        return answers(need)


def by_column(values: Mapping[str, Answer]) -> Give:
    """Answer measures by their (first) column, and facts by their name."""

    def give(need: Need) -> Answer:
        if isinstance(need, FactNeed):
            return values.get(need.name, Unavailable(f"no fact {need.name}"))
        return values.get(need.columns[0] if need.columns else need.statistic, Unavailable("no such column"))

    return give


def by_instant(values: Mapping[str, float | int | Answer], otherwise: Answer | None = None) -> Give:
    """Answer measures by the end of their window, written as a date of June 2026 (``"08"``) or as ``"08T12"``."""

    def give(need: Need) -> Answer:
        assert isinstance(need, MeasureNeed)
        assert need.selection.window is not None
        end = need.selection.window.end
        for text in (end.strftime("%dT%H"), end.strftime("%d") if end.hour == 0 else ""):
            if text in values:
                value = values[text]
                return single(value) if isinstance(value, int | float) else value
        return otherwise if otherwise is not None else Unavailable(f"nothing is recorded at {end}")

    return give


def fact(
    value: Scalar | None = None,
    *,
    at: str | None = None,
    by: str | None = None,
    items: Sequence[Mapping[str, Scalar]] | None = None,
) -> FactReading:
    """Return what is known of a fact."""
    return FactReading(value, None if items is None else tuple(items), parse_instant(at) if at else None, by)


def named(findings: Sequence[Finding], identity: str) -> Finding:
    """Return the one finding of a check."""
    (found,) = [finding for finding in findings if finding.id == identity]
    return found
