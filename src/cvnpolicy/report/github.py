"""GitHub Actions: annotations as workflow commands, then everything that is bad as plain lines of the log.

What fails or holds the verdict is an ``error``; a warning, or what only advises, a ``warning``; what is waived, or
undecided and let pass, a ``notice``. What passes gets none.

GitHub shows ten annotations of each kind for a step, and the runner cuts a message at 4,096 characters. So at most ten
of a kind are written, the most important first, and where there are more the tenth says how many. Findings of one
check that differ in their group alone share an annotation. The log below lists each finding by itself and whole.

Escaping is that of GitHub's own toolkit: ``%``, carriage return and line feed in messages, and ``:`` and ``,`` too in
properties. Text from outside is also made visible, so a message holds no terminal escape and no second command.
"""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.finding import Finding, GroupReading, Outcome, Report
from cvnpolicy.core.location import Location
from cvnpolicy.core.numbers import measured
from cvnpolicy.core.visible import visible, visible_lines
from cvnpolicy.report.ranking import Grade, bad, figures, kind, place, title, together, worst_groups
from cvnpolicy.report.terminal_block import group_text
from cvnpolicy.report.verdict import WORDS, why
from cvnpolicy.report.wording import condition, headline, marks, one_line, plural

SHOWN = 10
"""How many annotations of one kind GitHub shows for one step."""

MESSAGE = 4000
"""The longest message in UTF-16 units, which the runner counts; it cuts at 4,096 without a word."""

TITLE = 200
"""The longest title in code points."""

GROUPS = 10
"""How many groups one annotation lists."""


def render(report: Report, *, root: str = "") -> str:
    """Return commands and a plain list, for the log of a step.

    Args:
        report: What to show.
        root: The folder that locations are relative to, below the top of the git repository, with a slash at its end.
    """
    found = bad(report)
    lines = [command for grade, findings in found.items() for command in _commands(grade, findings, root)]
    lines += [f"cvnpolicy: {headline(report)}", f"exit code {report.exit_code.value}: {why(report)}"]
    listed = [finding for findings in found.values() for finding in findings]
    if listed:
        lines.append(f"{plural(len(listed), 'finding')} to look at, the most important first:")
    return "\n".join([*lines, *(_listed(finding, root) for finding in listed)]) + "\n"


def _commands(grade: Grade, findings: Sequence[Finding], root: str) -> list[str]:
    """Return the annotations of one grade; where they are too many, the last counts the findings left out."""
    runs = together(findings)
    if len(runs) <= SHOWN:
        return [_annotation(grade, run, root) for run in runs]
    left = sum(len(run) for run in runs[SHOWN - 1 :])
    more = f"and {plural(left, f'more {grade.value}')}"
    says = f"{more}: GitHub shows {SHOWN} of a kind for one step. The log of this step lists them all."
    shown = [_annotation(grade, run, root) for run in runs[: SHOWN - 1]]
    return [*shown, _command(grade, {"title": f"cvnpolicy: {more}"}, says)]


def _annotation(grade: Grade, run: Sequence[Finding], root: str) -> str:
    first = run[0]
    name = title(first) if len(run) == 1 else one_line(f"{kind(first)} {first.id}, {len(run)} groups")
    properties = {**_position(first.location, root), "title": name if len(name) <= TITLE else f"{name[:TITLE]}…"}
    return _command(grade, properties, _cut(_message(run)))


def _position(location: Location, root: str) -> dict[str, str]:
    """Return where an annotation stands; empty without a file.

    Lines count from 1 and the end line is the last. Columns count from 1. Whether the end column is the last one or the
    one after is not documented (an issue at github/docs, number 40038, asked and was closed unanswered); ours is the
    one after. The runner drops the columns of a span over several lines, and both ends of a span that runs
    backwards, so those are not written.
    """
    if not location.file:
        return {}
    position = {"file": visible(root + location.file), "line": str(location.line)}
    if location.end_line >= location.line:
        position["endLine"] = str(location.end_line)
    if location.end_line == location.line:
        position["col"] = str(location.column)
        if location.end_column >= location.column:
            position["endColumn"] = str(location.end_column)
    return position


def _message(run: Sequence[Finding]) -> str:
    """Return the lines of an annotation: what was found, the numbers, what next, the rule and sentence behind it."""
    first, several = run[0], len(run) > 1
    lead = f"The first of {len(run)}: " if several else ""
    lines = [lead + visible_lines(first.message), condition(first) if several else figures(first), *marks(first)]
    if several:
        lines += _some([f"{group_text(one.group)}: {figures(one, limit=False) or WORDS[one.outcome]}" for one in run])
    lines += _some([_reading(reading, first.condition) for reading in worst_groups(first)])
    lines += [f"{name}: {visible_lines(text)}" for name, text in _next(first)]
    return "\n".join(filter(None, [*lines, one_line(f"{first.rule} {first.requirement or ''}")]))


def _next(finding: Finding) -> list[tuple[str, str]]:
    named = (("next", finding.hint), ("action", finding.action), ("runbook", finding.runbook))
    return [(name, text) for name, text in named if text]


def _reading(reading: GroupReading, limit: str | None) -> str:
    """Return one group of a quantified finding on one line."""
    value = "" if reading.measured is None else f" {measured(reading.measured, limit)}"
    reason = f" ({one_line(reading.reason)})" if reading.reason else ""
    return f"{group_text(reading.group)}: {WORDS[reading.outcome]}{value}{reason}"


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {plural(len(lines) - GROUPS, 'more group')}"] if len(lines) > GROUPS else []
    return [*lines[:GROUPS], *more]


def _cut(message: str) -> str:
    """Return a message that the runner leaves whole; one that was cut says so."""
    units = message.encode("utf-16-le")
    if len(units) <= 2 * MESSAGE:
        return message
    return units[: 2 * MESSAGE].decode("utf-16-le", "ignore") + "… (cut; the log of this step has the rest)"


def _command(grade: Grade, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{grade.value} {named}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _listed(finding: Finding, root: str) -> str:
    """Return a finding as one plain line, whole.

    Two spaces follow the place: problem matchers that other actions leave behind look for ``file:line:col: error:``
    and would make a second annotation of it.
    """
    parts = [one_line(finding.message), figures(finding), *marks(finding)]
    worst = (reading for reading in worst_groups(finding) if reading.outcome is not Outcome.PASS)
    parts += [_reading(reading, finding.condition) for reading in worst]
    parts += [f"{name}: {one_line(text)}" for name, text in _next(finding)]
    parts.append(one_line(f"{finding.rule} {finding.requirement or ''}"))
    return f"{place(finding, root) or '(no file)'}  {title(finding)}  {'; '.join(filter(None, parts))}"
