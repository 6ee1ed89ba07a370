"""One file through the linter: triage, tree, facts, rules, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import libcst as cst

from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.gather import gather
from cvnpolicy.lint.parse import ParseError, parse, roomy
from cvnpolicy.lint.positions import Lines, locate
from cvnpolicy.lint.rule import Hit, Rule
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.source import Source, UnreadableError, candidate, read
from cvnpolicy.lint.suppress import Suppression, may_have, suppressions

MOST_SHOWN = 40
"""The most characters of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One finding of the linter."""

    rule: str
    message: str
    location: Location
    name: str = ""
    """The hyperparameter or variable; empty where it is about the file."""
    value: str = ""
    """The value as written."""
    silenced: Suppression | None = None
    """The comment that silences it."""
    idle: Sequence[str] = ()
    """The rules of a comment that it silences nothing of; the finding is about the comment."""


def unread(file: str, why: Exception) -> Violation:
    """Return the finding about a file that could not be looked at."""
    return Violation(LintRule.UNPARSED, f"could not lint the file: {why}", Location(file))


def lint(
    data: bytes, file: str, rules: Sequence[Rule], settings: Settings, at: datetime, *, forbidden: bool
) -> list[Violation]:
    """Return what the rules find in a file, in the order of places. A file that cannot be read is a finding.

    Args:
        data: The file's bytes.
        file: Its path for locations.
        rules: The rules that apply to it.
        settings: What they look for.
        at: The instant that ends suppressions.
        forbidden: Whether suppressions are allowed at all.
    """
    try:
        source = read(data)
        wanted, apart = candidate(source, settings)
        if not wanted and not may_have(data):
            return []
        return roomy(lambda: _lint(source, file, rules, settings, at, apart=apart, forbidden=forbidden))
    except ParseError as error:
        place = Location(file, error.line, error.column, error.line, error.column + 1)
        return [Violation(LintRule.UNPARSED, f"could not parse the file: {error}", place)]
    except UnreadableError as error:
        return [unread(file, error)]
    except RecursionError:
        return [unread(file, UnreadableError("it is nested too deeply"))]


def _lint(  # noqa: PLR0913  what lint is given, and what it found out
    source: Source, file: str, rules: Sequence[Rule], settings: Settings, at: datetime, *, apart: bool, forbidden: bool
) -> list[Violation]:
    module = parse(source, apart=apart)
    facts = gather(module, settings)
    hits = [(rule.id, hit) for rule in rules for hit in rule.find(facts, settings)]
    silencers = list(suppressions(module, at, forbidden=forbidden)) if may_have(source.data) else []
    if not hits and not silencers:
        return []
    nodes: list[cst.CSTNode] = [hit.node for _, hit in hits]
    nodes += [one.comment for one in silencers]
    lines = Lines(source.text)
    spans = locate(module, nodes, lines)
    for one in silencers:
        one.line = lines.place(spans[id(one.comment)][0])[0]
    comments = {one.line: one for one in silencers}
    found = [_violation(rule, hit, spans[id(hit.node)], lines, file, comments) for rule, hit in hits]
    judged = {rule.id for rule in rules}
    for one in silencers:
        place = lines.location(file, *spans[id(one.comment)])
        idle = [name for name in one.rules if name in judged and name not in one.used]
        if one.fault:
            found.append(Violation(LintRule.SUPPRESSION, one.fault, place))
        elif idle:
            found.append(Violation(LintRule.SUPPRESSION, idle_text(idle, alone=not one.used), place, idle=idle))
    return sorted(found, key=lambda each: (each.location.line, each.location.column, each.rule))


def _violation(
    rule: str, hit: Hit, span: tuple[int, int], lines: Lines, file: str, comments: Mapping[int, Suppression]
) -> Violation:
    place = lines.location(file, *span)
    first, last = (lines.place(end)[0] for end in span)
    value = " ".join(lines.text[slice(*span)].split())
    shown = value if len(value) <= MOST_SHOWN else f"{value[: MOST_SHOWN - 1]}…"
    silenced = None
    while lines.line(first - 1).lstrip().startswith("#"):
        first -= 1  # comments that stand alone above it
    for line in range(first, last + 1):
        one = comments.get(line)
        if one is not None and not one.fault and rule in one.rules:
            one.used.add(rule)
            silenced = one
    return Violation(rule, f"{hit.name} {hit.what}: {shown}", place, hit.name, value, silenced)


def idle_text(rules: Sequence[str], *, alone: bool) -> str:
    """Return what is wrong with a comment that silences nothing of these rules; of no rule where they are alone."""
    if alone:
        return "the comment silences nothing: put it at the value, or alone above its line; or remove it"
    return f"the comment silences nothing of {', '.join(rules)}: take it out of the bracket"
