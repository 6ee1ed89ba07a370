"""What must hold of any Markdown: it is read, judged by every rule and compared with the policies."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.answer import Around
from cvnpolicy.readiness.judge import Judge
from cvnpolicy.readiness.links import pointers
from cvnpolicy.readiness.truth import Knowledge, figures, learn

__all__ = ["check", "seeds"]

ROOT = Path(__file__).parents[1]
ASKED = {Outcome.PASS, Outcome.FAIL, Outcome.SKIPPED, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE}


@lru_cache(maxsize=1)
def reference() -> tuple[Judge, Knowledge]:
    """The judge by the reference policy, and what the policies state."""
    policies = load_policies(load(ROOT / "cvnpolicy.yaml")).policies
    spec = next(policy.spec for kind, policy in policies.policies if kind.reads)
    assert isinstance(spec, ReadinessPolicySpec)
    return Judge(spec), learn(policies, spec.terms or ())


def check(text: str) -> None:
    """Judge a text as a readiness file and as a runbook, and compare its figures.

    Raises:
        AssertionError: A rule has no answer, or a line is none of the text.
    """
    judge, knowledge = reference()
    read = page(text, "file.md")
    around = Around("documentation/stories/S/mlops_readiness.md", lambda _: read)
    verdicts = judge.readiness(read, around) + judge.runbook(read, around)
    assert {verdict.rule.id for verdict in verdicts} == {rule.id for rule in judge.spec.rules}
    lines = [verdict.answer.line for verdict in verdicts]
    lines += [figure.line for figure in figures(read, knowledge)]
    lines += [pointer.line for pointer in pointers(read, "file.md", ("scripts/",))]
    assert {verdict.outcome for verdict in verdicts} <= ASKED
    assert all(1 <= line <= read.lines for line in lines), (lines, read.lines)


def seeds() -> set[bytes]:
    """Documents of every form."""
    forms = (ROOT / "tests" / "readiness" / "documents").rglob("*.md")
    return {file.read_bytes()[:4096] for file in forms} | {
        b"# MLOps readiness - <x>\n\n**Story** : #TBD\n\n## 1. A\n\n| a | b |\n|---|---|\n| `x\\|y` | <z> |\n",
        b"- a\n  1. b\n     - [x] c\n\n       **SKIP \xe2\x80\x94 JUSTIFICATION**: d\n",
    }
