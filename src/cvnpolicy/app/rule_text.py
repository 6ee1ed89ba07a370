"""What a rule, a kind or a statistic means, as Markdown: the text of ``cvnpolicy explain`` and of docs/reference."""

from __future__ import annotations

from importlib import resources

from cvnpolicy.core.rules import GUIDED, Guided, LintRule
from cvnpolicy.core.statistic import PERCENTILES, STATISTICS
from cvnpolicy.kinds import KINDS, load_kind


def fixed_text(name: str) -> str | None:
    """Return the text of a kind, a rule or a statistic, in whatever case it is written; None if it is none of them.

    It is the same in every repository.
    """
    kind = next((each for each in KINDS if each.casefold() == name.casefold()), None)
    return kind_text(kind) if kind is not None else rule_text(name.upper()) or statistic_text(name.lower())


def rule_ids() -> tuple[str, ...]:
    """Return the id of every rule, in order: that of each kind, those of documents, of code, and of readiness files."""
    kinds = (load_kind(kind).rule for kind in KINDS)
    others = (rule.value for rules in (*GUIDED, LintRule) for rule in rules)
    return tuple(sorted([*kinds, *others]))


def rule_text(rule: str) -> str | None:
    """Return the page of a rule: its title, one sentence, and its guide; None if there is no such rule.

    The text is read on a terminal and in the documentation alike, so it has no relative links.
    """
    for known in (known for rules in GUIDED for known in rules):
        if known == rule:
            return _page(rule, known.name.lower().replace("_", " "), known.says, guide_of(known))
    for code in LintRule:
        if code == rule:
            return f"# {code}: {code.says}\n\n{_code_text(code)}"
    for name in KINDS:
        kind = load_kind(name)
        if kind.rule == rule:
            about = (kind.spec.__doc__ or "").partition("\n")[0]
            return _page(rule, name, about, kind_text(name).partition("\n")[2].strip("\n") + "\n")
    return None


def _code_text(code: LintRule) -> str:
    """Return what a rule of code sees, with its examples."""
    from cvnpolicy.lint.rules import RULES, texts  # with the syntax trees: only when it is asked for

    rule = next((each for each in RULES if each.id is code), None)
    if rule is None:
        return texts.SUPPRESSION if code is LintRule.SUPPRESSION else texts.UNPARSED
    found = "\n".join(_fenced(each.bad.replace("  # here", "")) for each in rule.examples)
    mended = "\n".join(_fenced(each.fixed) for each in rule.examples)
    fine = "\n".join(_fenced(each) for each in rule.good)
    return f"{rule.about}\n## Found\n\n{found}\n## Mended\n\n{mended}\n## Left alone\n\n{fine}"


def _fenced(code: str) -> str:
    return f"```python\n{code}```\n"


def kind_text(kind: str) -> str:
    """Return the guide of a kind.

    Raises:
        KeyError: If there is no such kind.
    """
    return resources.files(f"cvnpolicy.kinds.{KINDS[kind]}").joinpath("guide.md").read_text("utf-8")


def statistic_text(name: str) -> str | None:
    """Return how a statistic is defined, with worked examples; None if there is no such statistic.

    The percentiles have one text.
    """
    if name not in STATISTICS:
        return None
    file, title = ("percentile", f"{PERCENTILES[0]} to {PERCENTILES[-1]}") if name in PERCENTILES else (name, name)
    text = resources.files("cvnpolicy.app").joinpath("statistics", f"{file}.md").read_text("utf-8")
    return f"## {title}\n\n{text}"


def guide_of(rule: Guided) -> str:
    """Return the guide of a rule of documents or readiness files: what it checks, why, an example, how to mend it."""
    return resources.files("cvnpolicy.app").joinpath("guides", f"{rule}.md").read_text("utf-8")


def _page(rule: str, title: str, about: str, guide: str) -> str:
    return f"# {rule}: {title}\n\n{about.replace('``', '`')}\n\n{guide}"
