"""The example's documents say what the team's own documents say, in words of our own.

The originals are real documents and not part of this repository. Ours keep their headings, facts, gaps and
contradictions, since links lead to the headings and policies judge the rest. They keep none of their sentences.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from cvnpolicy.markdown.document import Document, Heading, has_anchor
from cvnpolicy.markdown.parse import parse
from cvnpolicy.markdown.slug import section_number

ROOT = Path(__file__).parents[2]
DOCUMENTATION = ROOT / "examples" / "cvntrade" / "documentation"

OURS = {
    "incident_runbook.md": "runbooks/incident_runbook.md",
    "mlops_readiness_template.md": "templates/mlops_readiness.md",
    "readiness_CVN-N001-EE-S04.md": "stories/CVN-N001-EE-S04/mlops_readiness.md",
    "readiness_CVN-N001-EE-S17.md": "stories/CVN-N001-EE-S17/mlops_readiness.md",
    "runbook_btc_features_drift.md": "runbooks/runbook_btc_features_drift.md",
}
READINESS = [name for name in OURS if "readiness" in name]

# --- what may differ, and what may repeat -----------------------------------------------------------------------------

REPLACED = {"cvntrade.eu": "cvntrade.example"}
"""Hosts of the team, in code spans: nobody who reads ours should be led to them."""

SAID_OTHERWISE = {
    "BTC at t uses only data": ["BTC at t", "t - purge_bars"],
    "expectancy_net < 0 over 24h": ["expectancy_net < 0", "24h", ">2 cryptos"],
}
"""Code spans, by their beginning, that are a phrase of eight words or more; and what in them is a fact."""

HOSTS = ("binance.com",)
"""Real hosts that a link may lead to: where the exchange announces what it does."""

RUN = 8
"""So many words in a row are a sentence of theirs."""

COMMANDS = (
    "EXCHANGE_MODE=paper docker compose --profile paper up -d ai_scorer executor",
    "EXCHANGE_MODE=real docker compose --profile real up -d ai_scorer executor risk",
    "INSERT INTO ftf_config SELECT FROM ftf_config_history WHERE id=<previous_version_id>",
    "PYTHONPATH=. python scripts/promote_model.py --to active --id <MODEL_ID>",
    "PYTHONPATH=. python scripts/promote_model.py --to active --id <PREVIOUS_MODEL_ID>",
    "PYTHONPATH=. python scripts/promote_model.py --to shadow --id <MODEL_ID>",
    "PYTHONPATH=. python scripts/validate_symbols.py --symbols data/reference/symbols.yml",
    'grep -rn "os.environ.*CVN_HPO_" src/training/ src/commun/finetune/ | grep -v hyperparams.py',
)
"""Commands are facts, and as long as sentences: they may repeat, and no word beside them."""

# --- the parts of a document ------------------------------------------------------------------------------------------


def sections(text: str, keep: Iterable[str] | None = None) -> dict[str, str]:
    """The text under each heading by the heading's slug, and "" for the text above the first one.

    With `keep`, only these headings part the text: what stands under another belongs to the section before it.
    """
    headings = parse(text, "document").headings
    if keep is not None:
        headings = tuple(heading for heading in headings if heading.slug in set(keep))
    lines = text.splitlines()
    starts = [1, *(heading.line for heading in headings)]
    ends = [*(heading.line - 1 for heading in headings), len(lines)]
    slugs = ["", *(heading.slug for heading in headings)]
    return {
        slug: "\n".join(lines[start - 1 : end]) for slug, start, end in zip(slugs, starts, ends, strict=True) if slug
    } | {"": "\n".join(lines[: ends[0]])}


def tables(text: str) -> Iterator[list[list[str]]]:
    """Each table as rows of cells, without the row of dashes. Escaped bars are part of a cell."""
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in block.splitlines()]
        yield [[cell.strip() for cell in row] for row in rows if not all(set(cell) <= set(" -:") for cell in row)]


@pytest.fixture(scope="module")
def originals(shared: Path) -> dict[str, str]:
    """The text of each original by its name."""
    folder = shared / "requirements" / "documents"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def ours(name: str) -> str:
    """The text of our counterpart of an original."""
    return (DOCUMENTATION / OURS[name]).read_text(encoding="utf-8")


def test_every_original_has_a_counterpart(originals):
    assert sorted(originals) == sorted(OURS)
    assert [path for path in OURS.values() if not (DOCUMENTATION / path).is_file()] == []


# --- headings, tables, boxes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_a_link_to_a_heading_of_theirs_leads_to_ours(originals, name):
    wanted = [anchor(heading) for heading in parse(originals[name], name).headings]
    found = [anchor(heading) for heading in parse(ours(name), OURS[name]).headings]
    assert [each for each in found if each in set(wanted)] == wanted


def anchor(heading: Heading) -> tuple[int, str, str | None]:
    """By what a link finds a heading, and how deep it stands."""
    return heading.level, heading.slug, section_number(heading.text)


@pytest.mark.parametrize("name", READINESS)
def test_readiness_tables_have_the_same_columns_and_as_many_rows(originals, name):
    assert shapes(ours(name)) == shapes(originals[name])


def shapes(text: str) -> list[tuple[list[str], int]]:
    """The columns of each table, without what stands in brackets beside a column's name, and its number of rows."""
    return [([re.sub(r"\s*\(.*", "", cell) for cell in rows[0]], len(rows) - 1) for rows in tables(text)]


@pytest.mark.parametrize("name", READINESS)
def test_no_box_is_ticked_that_is_open_in_the_original(originals, name):
    box = re.compile(r"^ *- \[(.)\]", re.MULTILINE)
    assert box.findall(ours(name)) == box.findall(originals[name])


# --- facts ------------------------------------------------------------------------------------------------------------

UNITS = {
    **dict.fromkeys(("d", "day", "days", "j"), "d"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **{unit: unit for unit in "%σ×"},
}
"""Units as they are written, and which they are. Any other word beside a number is none."""

NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?:[ -]?(%|σ|×|[a-z]+)(?!\w))?")

TOKENS = {
    "decision": re.compile(r"\bADR-\d+"),
    "handle": re.compile(r"@[\w-]+"),
    "story": re.compile(r"\bCVN-N\d+-[A-Z]{2}-S\d+"),
    "work package, issue, recommendation or placeholder": re.compile(r"(?:\bwp)?#(?:\d+|[A-Z]{3})\b"),
    "session": re.compile(r"\b(?=\w*\d)(?=\w*[a-f])[0-9a-f]{8}\b"),
    "severity, gate or version": re.compile(r"\b(?:[A-Z]{1,3}\d+|v\d+(?:\.\d+)?)\b"),
    "instant": re.compile(r"\b\d{4}-\d{2}-\d{2}(?:T[\d:]+Z)?|\b[Td]\+\d+"),
    "section": re.compile(r"§\w+(?:\.\w+)*"),
    "word in capitals": re.compile(r"\b[A-Z]{2,}(?:-[A-Z]{2,})*\b"),
    "file": re.compile(r"[\w/.-]+\.(?:md|py|yml|json|log|txt)\b"),
}


@pytest.mark.parametrize("name", OURS)
def test_every_fact_of_theirs_stands_in_the_same_section_of_ours(originals, name):
    theirs = sections(originals[name])
    mine = sections(ours(name), keep=theirs)
    assert sorted(mine) == sorted(theirs)
    assert [
        f"#{slug}: {kind}: {fact}"
        for slug, text in theirs.items()
        for kind, fact in facts(text)
        if not is_said(kind, fact, mine[slug])
    ] == []


def facts(text: str) -> Iterator[tuple[str, str]]:
    """What can be told from a sentence: code spans, and outside of them numbers and names."""
    text = text.replace("\\|", "|")
    yield from (("code", plain(span)) for span in code_spans(text))
    prose = re.sub(r"`[^`\n]*`", " ", re.sub(r"https?://\S+", " ", text))
    for kind, pattern in TOKENS.items():
        yield from ((kind, fact) for fact in pattern.findall(prose))
    yield from (("number", fact) for fact in numbers(prose))


def code_spans(text: str) -> list[str]:
    """Text between backticks, on one line."""
    return re.findall(r"`([^`\n]+)`", text.replace("```", ""))


def numbers(text: str) -> set[str]:
    """Numbers, each with its unit where it has one."""
    return {f"{value} {UNITS.get(unit, '')}".strip() for value, unit in NUMBER.findall(text)}


def is_said(kind: str, fact: str, text: str) -> bool:
    """Whether our section has the fact."""
    text = plain(text.replace("\\|", "|"))
    if kind == "number":
        return fact in numbers(text.replace("`", " "))
    if kind != "code":
        return re.search(rf"(?<!\w){re.escape(fact)}(?!\w|\.\d)", text) is not None
    for theirs, replacement in REPLACED.items():
        fact = fact.replace(theirs, replacement)
    parts = next((parts for start, parts in SAID_OTHERWISE.items() if fact.startswith(start)), [fact])
    return all(part in text for part in parts)


def plain(text: str) -> str:
    """With single spaces: a line break says nothing."""
    return re.sub(r"\s+", " ", text)


def test_the_exceptions_are_needed(originals):
    spans = {plain(span) for text in originals.values() for span in code_spans(text)}
    phrases = [span for span in spans if span.startswith(tuple(SAID_OTHERWISE))]
    assert len(phrases) == len(SAID_OTHERWISE)
    assert [phrase for phrase in phrases if len(words(phrase)) < RUN] == []
    assert [host for host in REPLACED if not any(host in span for span in spans)] == []
    assert [command for command in COMMANDS if command not in spans] == []


# --- sentences --------------------------------------------------------------------------------------------------------

WORD = re.compile(r"[\w.\-%≥≤<>=#]+")


def words(text: str) -> list[tuple[str, int]]:
    """The words of a text and where they start.

    A word is a longest run of letters, digits and ``._-%≥≤<>=#``, in lower case, without dots, dashes and underscores
    at its ends; what is nothing but these is no word. All other marks part words: brackets, bars, stars, backticks,
    slashes, colons. So neither a line break, nor a bullet, nor bold face hides a sentence.
    """
    found = ((match[0].strip("._-"), match.start()) for match in WORD.finditer(text.lower()))
    return [(word, start) for word, start in found if word]


def runs(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each run of words of the forbidden length, and where it starts."""
    found = words(text)
    for index in range(len(found) - RUN + 1):
        yield tuple(word for word, _ in found[index : index + RUN]), found[index][1]


def names(original: str) -> Iterator[str]:
    """What an original names and does not tell: columns of tables, with a first cell of one word, and commands."""
    for rows in tables(original):
        first = rows[1][0] if len(rows) > 1 else ""
        yield " ".join([*rows[0], first if len(words(first)) == 1 else ""])
    yield from COMMANDS


def without_headings(text: str) -> str:
    """Markdown with each heading as a word that no original has: nothing runs on over it, and no line moves."""
    return re.sub(r"^ {0,3}#{1,6}(?= ).*$", "§ a-heading-of-ours", text, flags=re.MULTILINE)


def test_no_tracked_file_has_a_sentence_of_theirs(originals):
    forbidden = {run: name for name, text in originals.items() for run, _ in runs(text)}
    allowed = {run for text in originals.values() for part in names(text) for run, _ in runs(part)}
    found = defaultdict(list)
    for path, text in tracked_texts():
        searched = without_headings(text) if path.endswith(".md") else text
        for run, start in runs(searched):
            if run in forbidden and run not in allowed:
                found[f"{path}:{searched.count(chr(10), 0, start) + 1}"].append(f"{forbidden[run]}: {' '.join(run)}")
    assert dict(found) == {}


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Path and text of every file that git knows or would add, unless it is binary."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("git is needed to tell the project's files from others")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0")) - {""}):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            yield name, content.decode("utf-8", "replace")


@pytest.mark.parametrize("name", OURS)
def test_a_sentence_is_found_in_any_dress(originals, name):
    longest = max(originals[name].splitlines(), key=lambda line: len(words(line)))
    first, second, *others = (word for word, _ in words(longest))
    dressed = f"- **{first.upper()}** | `{second}` (\n  {':  '.join(others)})."
    assert [run for run, _ in runs(dressed)] == [run for run, _ in runs(longest)]


def test_a_fact_that_is_lost_or_changed_is_noticed(originals):
    told = "**crit** at p < 0.01 in 14 days, wp#43, `event=x`, ADR-23 by @somebody in v2.5, MUST"
    assert all(is_said(kind, fact, told) for kind, fact in facts(told))
    for changed in (
        "0.1 ",
        "13 days",
        "14 h",
        "wp#4",
        "wp#431",
        "`event=y`",
        "ADR-2",
        "ADR-235",
        "@some",
        "v2",
        "SHALL",
    ):
        assert not all(is_said(kind, fact, told) for kind, fact in facts(changed)), changed


# --- links ------------------------------------------------------------------------------------------------------------

PAGES = sorted(DOCUMENTATION.rglob("*.md"))


def test_there_are_pages():
    assert len(PAGES) > len(OURS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCUMENTATION).as_posix())
def test_every_link_leads_somewhere(page):
    document = parsed(page)
    assert [f"{link.line}: {link.target}" for link in document.links if not leads_somewhere(page, link.target)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a relative link ends at a file of the example and a heading in it, and any other at an example's host."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        host = parts.hostname or ""
        return parts.scheme == "https" and (host.endswith(".example") or host in HOSTS)
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not path.is_file() or not path.is_relative_to(DOCUMENTATION.parent):
        return False
    return not parts.fragment or (path.suffix == ".md" and has_anchor(parsed(path), parts.fragment))


def parsed(path: Path) -> Document:
    """Headings and links of a page."""
    return parse(path.read_text(encoding="utf-8"), str(path))


@pytest.mark.parametrize(
    "target",
    [
        "nobody.md",
        "#nothing",
        "incident_runbook.md#nothing",
        "../../../../README.md",
        "http://grafana.cvntrade.example/d/live",
        "https://console.cvntrade.eu/config",
    ],
)
def test_a_broken_link_is_noticed(target):
    assert not leads_somewhere(DOCUMENTATION / "runbooks" / "trading_incidents.md", target)
