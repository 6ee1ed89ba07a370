"""What the tests of rendering share: our policies, the facts of one story, and a short way to judge what is written."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.load.nodes import to_plain
from cvnpolicy.load.parse import parse
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.answer import Around, Verdict
from cvnpolicy.readiness.judge import Judge
from cvnpolicy.readiness.render import render
from cvnpolicy.readiness.text import sentences
from tests.support import readiness
from tests.support.readiness import ROOT, beside

HERE = Path(__file__).parent
STORY = "CVN-N001-EE-S04"
FILE = f"documentation/stories/{STORY}/mlops_readiness.md"
Facts = dict[str, Any]


@lru_cache(maxsize=1)
def _facts() -> Facts:
    parsed = parse((HERE / "stories.yaml").read_bytes(), "stories.yaml")
    assert not parsed.problems
    plain: Any = to_plain(parsed.documents[0])
    found: Facts = plain["stories"][STORY]
    return found


def facts() -> Facts:
    """The facts of the story as they are written, to be changed."""
    return deepcopy(_facts())


@lru_cache(maxsize=1)
def policies() -> PolicySet:
    """The policies of this repository."""
    return load_policies(load(ROOT / "cvnpolicy.yaml")).policies


@lru_cache(maxsize=1)
def spec() -> ReadinessPolicySpec:
    """The reference policy, which knows the story's backup as a person."""
    persons = ("@dococeven", "@cvn-mirela")
    return readiness.spec().model_copy(update={"persons": persons})


@lru_cache(maxsize=1)
def _judge() -> Judge:
    template = ROOT / "examples" / "cvntrade" / "documentation" / "templates" / "mlops_readiness.md"
    return Judge(spec(), sentences(page(template.read_text(encoding="utf-8"), template.name)))


@lru_cache(maxsize=1)
def _books() -> dict[str, Page]:
    return beside(ROOT / "examples" / "cvntrade")


def rendered(changed: Facts | None = None) -> str:
    """The story's file, from other facts where some are given."""
    return render(STORY, Story.model_validate(facts() if changed is None else changed), policies(), spec())


def verdicts(text: str) -> dict[str, Verdict]:
    """The verdicts on a text, by the rules and with the runbooks of this repository."""
    found = _judge().readiness(page(text, FILE), Around(FILE, _books().get))
    return {verdict.rule.id: verdict for verdict in found}


def failed(text: str) -> set[str]:
    """The rules that a text fails."""
    return {rule for rule, verdict in verdicts(text).items() if verdict.outcome is Outcome.FAIL}
