"""The pages of rules: one each, and the list of them."""

from __future__ import annotations

from typing import Any

from cvnpolicy.app.rule_text import rule_ids, rule_text
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.rules import GUIDED, LintRule
from cvnpolicy.kinds import KINDS, load_kind
from tools.reference.docstrings import markdown
from tools.reference.tables import table

CONFIGURATION = """\
policies: policies
environments:
  default:
    scores: {type: csv, path: scores.csv, time: ts}
"""
"""Of the examples that do not show a ``cvnpolicy.yaml`` of their own."""


def page_of(kind: str) -> str:
    """Return the path of a kind's page."""
    return f"kinds/{KINDS[kind].replace('_', '-')}.md"


def says(kind: Kind[Any]) -> str:
    """Return what a kind says, in one sentence."""
    return markdown(kind.spec.__doc__).partition("\n")[0]


def rule_pages() -> dict[str, str]:
    """Return the page of each rule by its path: what ``cvnpolicy explain`` prints, to the letter."""
    return {f"rules/{rule}.md": rule_text(rule) or "" for rule in rule_ids()}


def rule_titles() -> dict[str, str]:
    """Return each rule's title by its id: the kind, or what is wrong with a document."""
    kinds = {load_kind(kind).rule: kind for kind in KINDS}
    documents = {rule.value: rule.name.lower().replace("_", " ") for rules in GUIDED for rule in rules}
    code = {rule.value: rule.says for rule in LintRule}
    return dict(sorted((kinds | documents | code).items()))


def rules() -> str:
    """Return the list of rules."""
    documents, imports, contracts, readiness, changes = (
        [(f"[{rule}](rules/{rule}.md)", rule.name.lower().replace("_", " "), markdown(rule.says)) for rule in rules]
        for rules in GUIDED
    )
    kinds = sorted(
        (f"[{kind.rule}](rules/{kind.rule}.md)", f"[{kind.name}]({page_of(kind.name)})", says(kind))
        for kind in map(load_kind, KINDS)
    )
    parts = [
        "# Rules\n",
        "Every finding and every problem carries the id of its rule. Ids are never reused. `cvnpolicy explain CVN005`",
        "prints the page of a rule.\n",
        "## Kinds\n",
        table(("rule", "kind", "about"), kinds),
        "## Documents\n",
        table(("rule", "name", "meaning"), documents),
        "## Code\n",
        table(("rule", "about"), [(f"[{rule}](rules/{rule}.md)", rule.says) for rule in LintRule]),
        "## Imports\n",
        table(("rule", "name", "meaning"), imports),
        "## Artefacts of models\n",
        table(("rule", "name", "meaning"), contracts),
        "## Readiness files and runbooks\n",
        table(("rule", "name", "meaning"), readiness),
        "## Changes under review\n",
        table(("rule", "name", "meaning"), changes),
        "The examples on their pages are complete but for `cvnpolicy.yaml`, where they do not show one. It is then\n",
        f"```yaml\n{CONFIGURATION}```",
    ]
    return "\n".join(parts) + "\n"
