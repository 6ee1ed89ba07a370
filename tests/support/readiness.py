"""Judging Markdown by the reference policy, without the command."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.answer import Around, Verdict
from cvnpolicy.readiness.judge import Judge

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def spec() -> ReadinessPolicySpec:
    """The reference policy's spec."""
    loaded = load_policies(load(ROOT / "cvnpolicy.yaml"), [ROOT / "policies" / "readiness"])
    found = next(policy.spec for kind, policy in loaded.policies.policies if kind.name == "ReadinessPolicy")
    assert isinstance(found, ReadinessPolicySpec)
    return found


@lru_cache(maxsize=1)
def judge() -> Judge:
    """The judge by the reference policy."""
    return Judge(spec())


def beside(folder: Path) -> dict[str, Page]:
    """The Markdown files of a folder, by their path from it and by their name."""
    found = {}
    for file in sorted(folder.rglob("*.md")):
        text = page(file.read_text(encoding="utf-8"), file.name)
        found[file.relative_to(folder).as_posix()] = text
        found.setdefault(file.name, text)
    return found


def judged(text: str, path: str, runbooks: dict[str, Page], routed: tuple[str, ...] = ()) -> dict[str, Verdict]:
    """The verdicts on a readiness file; on a runbook where its path says so."""
    around = Around(path, runbooks.get, routed)
    ask = judge().runbook if "runbook" in path else judge().readiness
    return {verdict.rule.id: verdict for verdict in ask(page(text, path), around)}
