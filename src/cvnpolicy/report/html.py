"""One HTML page: the verdict, the score cards, and then each finding with what it says, where, and what to do next.

It is self-contained: no script, no font, no image and no address is loaded, which its content security policy forbids
too. Whatever comes from a finding is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from cvnpolicy.core.finding import Finding, Outcome, Report, Verdict
from cvnpolicy.core.time import rfc3339
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.html_style import STYLE
from cvnpolicy.report.score import Card, Section, cards
from cvnpolicy.report.score_words import LEGEND, must_rules, share, spread, statements, weakest
from cvnpolicy.report.verdict import WORDS, why
from cvnpolicy.report.wording import plural

_TONES = {Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.HOLD: "open"}
_OF_OUTCOME = {
    Outcome.FAIL: "bad",
    Outcome.ERROR: "bad",
    Outcome.WARN: "warn",
    Outcome.INCONCLUSIVE: "open",
    Outcome.NO_DATA: "open",
    Outcome.PASS: "good",
}
_GROUPS = (
    ("What blocks", (Weight.FAILS,), True),
    ("What could not be decided, and blocks", (Weight.HOLDS,), True),
    ("What advises", (Weight.ADVISES,), True),
    ("What is waived", (Weight.WAIVED,), False),
    ("What could not be decided, and may pass", (Weight.TOLERATED,), False),
)
"""The headings, what stands below them, and whether it is open from the start."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report) -> str:
    """Return the report as a page of HTML."""
    verdict = report.verdict.value.upper()
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{verdict}: cvnpolicy</title>",
        f"<style>\n{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        *_verdict(report, verdict),
        *_scores(cards(report)),
        *_findings(report),
        *_rest(report),
        f"<footer><p>cvnpolicy, judged at {_text(rfc3339(report.at))}, exit code {report.exit_code.value}</p></footer>",
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _verdict(report: Report, verdict: str) -> Iterator[str]:
    counts = [(outcome, count) for outcome in WORDS if (count := report.summary[outcome])]
    yield f'<section class="verdict {_TONES[report.verdict]}">'
    yield f"<h1><strong>{verdict}</strong>: {_text(why(report))}</h1>"
    yield f'<p class="soft">{_text(plural(len(report.findings), "finding"))} at {_text(rfc3339(report.at))}</p>'
    if counts:
        items = "".join(f"<li>{count} {_text(WORDS[outcome])}</li>" for outcome, count in counts)
        yield f'<ul class="counts">{items}</ul>'
    yield "</section>"


def _scores(found: Sequence[Card]) -> Iterator[str]:
    if not found:
        return
    yield f"<h2>Score: {_text(plural(len(found), 'file'))}</h2>"
    for card in found:
        yield from _card(card)
    yield f'<p class="soft">{_text(LEGEND)}</p>'


def _card(card: Card) -> Iterator[str]:
    yield '<section class="card">'
    yield f"<h3><code>{_text(card.file)}</code></h3>"
    if card.sections:
        score = spread(card.score, card.upper)
        yield f'<p class="score"><b>{_text(score)}</b> <span>in {_text(weakest(card))}</span></p>'
        facts = [f"{share(card)} points", must_rules(card), statements(card)]
        yield f'<p class="soft">{_text("; ".join(fact for fact in facts if fact))}</p>'
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("section", "score", "points", "must rules that fail")
        )
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
        for section in card.sections:
            yield _section(section, least=section.name in card.weakest)
        yield "</tbody></table>"
    else:
        yield f'<p class="soft">{_text(statements(card))}</p>'
    yield "</section>"


def _section(section: Section, *, least: bool) -> str:
    row = '<tr class="least">' if least else "<tr>"
    failed = " ".join(f"<code>{_text(name)}</code>" for name in section.failed)
    return (
        f'{row}<th scope="row">{_text(section.name)}</th>'
        f'<td class="number">{_text(spread(section.score, section.upper))}{_bar(section)}</td>'
        f'<td class="number">{_text(share(section))}</td><td>{failed}</td></tr>'
    )


def _bar(section: Section) -> str:
    if section.score is None or section.upper is None:
        return ""
    got, may = round(section.score * 100, 1), round(section.upper * 100, 1)
    bars = "".join(
        f'<rect class="{kind}" width="{width:g}" height="8"/>' for kind, width in (("may", may), ("got", got))
    )
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/>{bars}</svg>'
    )


def _findings(report: Report) -> Iterator[str]:
    by_weight: dict[Weight, list[Finding]] = {}
    for finding in report.findings:
        by_weight.setdefault(weigh(finding, strict=report.strict), []).append(finding)
    for title, weights, is_open in _GROUPS:
        found = [finding for weight in weights for finding in by_weight.get(weight, ())]
        if found:
            yield from _folded(f"{title}: {len(found)}", found, is_open=is_open)


def _rest(report: Report) -> Iterator[str]:
    """What asks for nothing: warnings first, and then what is well."""
    rest = [finding for finding in report.findings if weigh(finding, strict=report.strict) is Weight.NONE]
    for outcome in WORDS:
        found = [finding for finding in rest if finding.outcome is outcome]
        if found:
            title = WORDS[outcome].capitalize()
            yield from _folded(f"{title}: {len(found)}", found, is_open=outcome is Outcome.WARN)


def _folded(title: str, found: Iterable[Finding], *, is_open: bool) -> Iterator[str]:
    yield f"<h2>{_text(title)}</h2>" if is_open else f"<details><summary>{_text(title)}</summary>"
    yield '<section class="card">' if is_open else "<div>"
    files: dict[str, list[Finding]] = {}
    for finding in found:
        files.setdefault(finding.location.file, []).append(finding)
    for findings in files.values():
        for finding in findings:
            yield from _finding(finding)
    yield "</section>" if is_open else "</div></details>"


def _finding(finding: Finding) -> Iterator[str]:
    tone = _OF_OUTCOME.get(finding.outcome, "none")
    tags = [finding.severity.value] if finding.severity is not None else []
    yield f'<article class="{tone}"><header><span class="tag">{_text(WORDS[finding.outcome])}</span>'
    yield f"<h3>{_text(finding.requirement or finding.id)}</h3>"
    yield "".join(f'<span class="tag">{_text(tag)}</span>' for tag in tags)
    yield f'<span class="soft"><code>{_text(finding.location)}</code> {_text(finding.rule)}</span></header>'
    group = ", ".join(f"{name}={value}" for name, value in finding.group.items() if name != "figure")
    yield f"<p>{_text(finding.message)}{f' ({_text(group)})' if group else ''}</p>"
    if finding.waived_by is not None:
        yield f'<p class="soft">waived by {_text(finding.waived_by)}</p>'
    for step in (finding.hint, finding.action, finding.runbook):
        if step:
            yield f'<p class="next">{_text(step)}</p>'
    yield "</article>"


def _text(value: object) -> str:
    """Return text that stands for itself in HTML, in elements and in attributes."""
    return escape(visible(str(value)), quote=True)
