"""The Markdown summary, read back by a Markdown parser: what it says, and what user text can never become."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import (
    Finding,
    GroupReading,
    Level,
    Mode,
    OnUnknown,
    Outcome,
    Report,
    Severity,
    Span,
    Verdict,
)
from cvnpolicy.core.location import Location
from cvnpolicy.report.markdown import LIMIT, _left, render
from cvnpolicy.report.markdown_block import MESSAGE, ROWS
from cvnpolicy.report.markdown_text import code, prose, table
from cvnpolicy.report.ranking import grade
from cvnpolicy.report.wording import one_line

AT = datetime(2026, 6, 11, tzinfo=UTC)
FINDING = Finding("p/c", "CVN201", Outcome.FAIL, "It is bad.", Location("p.yaml", 3, 5, 3, 9))
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"<details>", "</details>"}
# What GitHub makes of text outside code: people, issues, commits, addresses, emoji, mathematics.
LINKS = re.compile(r"@|#|\$|://|www\.|\bgh-\d|[0-9a-f]{7}|:(?!\d\d:)[\w+-]+:|mailto|xmpp", re.IGNORECASE)

# Our own ages in days, which after three centuries would look like the start of a commit.
AGES = re.compile(r"\(-?\d+d(?: \d+\w+)?(?: ago)?\)")


@dataclass(frozen=True)
class Page:
    """What a reader sees."""

    text: str
    """All of it, blocks and cells on lines of their own, code as the rest."""
    prose: str
    """What is not code."""
    kinds: frozenset[str]
    html: tuple[str, ...]


def walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or ())


def read(markdown: str) -> Page:
    tokens = list(walk(PARSER.parse(markdown)))
    shown = [token for token in tokens if token.type in {"text", "code_inline", "softbreak"} or token.level == 0]
    text = "".join("\n" if token.type not in {"text", "code_inline"} else token.content for token in shown)
    plain = "\n".join(token.content for token in tokens if token.type == "text")
    html = [token.content for token in tokens if token.type in {"html_block", "html_inline"}]
    return Page(text, plain, frozenset(token.type for token in tokens), tuple(html))


def visible_text(markdown: str) -> str:
    """All text, without any space: spaces at the edges of code spans are the writer's own."""
    return re.sub(
        r"\s", "", "".join(t.content for t in walk(PARSER.parse(markdown)) if t.type in {"text", "code_inline"})
    )


def squeezed(text: str) -> str:
    return one_line(text).replace(" ", "")


def report(*findings: Finding, strict: bool = False, code: ExitCode = ExitCode.FAILED) -> Report:
    verdict = Verdict.FAIL if code is ExitCode.FAILED else Verdict.PASS
    return Report(AT, verdict, code, None, findings, strict)


def page(*findings: Finding, root: str = "", strict: bool = False, code: ExitCode = ExitCode.FAILED) -> str:
    return render(report(*findings, strict=strict, code=code), root=root)


def assert_only_ours(markdown: str) -> None:
    seen = read(markdown)
    assert not seen.kinds & {"link_open", "image", "html_inline", "fence", "code_block", "blockquote_open", "s_open"}
    assert not seen.kinds & {"em_open", "ordered_list_open"}
    for html in seen.html:
        lines = [line for line in html.strip().split("\n") if line]
        assert all(line in OURS or re.fullmatch(r"<summary>[\w ,:]+</summary>", line) for line in lines), html
    linked = LINKS.search(AGES.sub("", seen.prose))
    assert linked is None, linked
    assert all(line.isprintable() for line in markdown.split("\n"))


def test_a_whole_summary() -> None:
    finding = replace(
        FINDING,
        level=Level.CRIT,
        severity=Severity.P1,
        group={"symbol": "ETHUSDC"},
        measured=0.93,
        condition="< 95%",
        samples=1,
        baselines={"training": 0.5, "frozen": None},
        window=Span(AT - timedelta(days=1), AT),
        first_seen=AT - timedelta(hours=30),
        details={"first_seen_at_least": True},
        hint="ask @ada",
        action="page",
        runbook="docs/r.md#1",
        requirement="RBF-08",
    )
    good = replace(FINDING, outcome=Outcome.PASS, id="q/x")
    sha = "0123456789abcdef" * 4
    assert render(replace(report(finding, good, good), evidence_sha256=sha), root="a/") == (
        "## cvnpolicy: FAIL at 2026-06-11 00:00 UTC: 1 of 3 findings blocks\n"
        "\n"
        "1 fail, 2 pass\n"
        "\n"
        "### What fails: 1\n"
        "\n"
        "#### FAIL P1 `p/c` `symbol=ETHUSDC`\n"
        "\n"
        "It is bad.\n"
        "\n"
        "* measured **0.93**, `crit_if < 95%`, 1 sample\n"
        "* baselines: `frozen –; training 0.5`\n"
        "* window 2026-06-10 00:00 UTC until 2026-06-11 00:00 UTC (1d)\n"
        "* first seen at least 2026-06-09 18:00 UTC (1d 6h ago)\n"
        "* **next:** ask `@ada`\n"
        "* **action:** `page`\n"
        "* **runbook:** `docs/r.md#1`\n"
        "* `a/p.yaml:3:5` `CVN201` `RBF-08`\n"
        "\n"
        "<details>\n"
        "<summary>Passes: 2</summary>\n"
        "\n"
        "| policy | passes |\n"
        "| --- | --- |\n"
        "| `q` | 2 |\n"
        "\n"
        "</details>\n"
        "\n"
        "---\n"
        "\n"
        "* at 2026-06-11 00:00 UTC\n"
        "* exit code 1: failed: p/c\n"
        f"* evidence: sha256 `{sha}`\n"
    )


def test_an_empty_report_says_so() -> None:
    assert page(code=ExitCode.NOTHING) == (
        "## cvnpolicy: PASS at 2026-06-11 00:00 UTC: there was nothing to check\n\nno findings\n\n---\n\n"
        "* at 2026-06-11 00:00 UTC\n* exit code 5: there was nothing to check\n* evidence: none was read\n"
    )


def test_the_sections_come_in_the_order_of_their_weight() -> None:
    findings = [
        replace(FINDING, id="p/not", outcome=Outcome.NOT_APPLICABLE, message="paper only"),
        replace(FINDING, id="p/pass", outcome=Outcome.PASS),
        replace(FINDING, id="p/waived", waived_by="@ada"),
        replace(FINDING, id="p/let", outcome=Outcome.NO_DATA, on_unknown=OnUnknown.PASS),
        replace(FINDING, id="p/advises", mode=Mode.ADVISE),
        replace(FINDING, id="p/warn", outcome=Outcome.WARN),
        replace(FINDING, id="p/open", outcome=Outcome.ERROR),
        replace(FINDING, id="p/counts", outcome=Outcome.ERROR, on_unknown=OnUnknown.FAIL),
        FINDING,
    ]
    text = page(*findings)
    titles = [
        "### What fails: 2",
        "#### FAIL `p/c`",
        "#### ERROR `p/counts`",
        "* `on_unknown`: fail, counts as a fail",
        "### What could not be decided, and holds: 1",
        "#### ERROR `p/open`",
        "### Warnings: 1",
        "#### WARN `p/warn`",
        "<summary>Bad, but does not block: 1 advisory, 1 waived, 1 tolerated</summary>",
        "* advises, does not block",
        "* waived by `@ada`, does not block",
        "* `on_unknown`: pass, does not block",
        "<summary>Passes: 1</summary>",
        "<summary>Not asked: 1</summary>",
        "| not applicable | `p/not` | paper only |",
    ]
    places = [text.index(title) for title in titles]
    assert places == sorted(places)
    strict = page(*findings, strict=True)
    assert "### Warnings" not in strict
    assert "### What fails: 3" in strict
    assert_only_ours(text)


def test_what_is_most_important_comes_first_in_its_section() -> None:
    findings = [
        FINDING,
        replace(FINDING, id="p/1", severity=Severity.P1),
        replace(FINDING, id="p/2", severity=Severity.P2),
    ]
    text = page(*findings)
    assert text.index("FAIL P1 `p/1`") < text.index("FAIL P2 `p/2`") < text.index("FAIL `p/c`")


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"measured": 0.1}, "* measured **0.1**"),
        ({"measured": 0.00999996, "condition": "< 0.01"}, "* measured **`0.00999996`**, condition `< 0.01`"),
        ({"measured": -1}, "* measured **-1**"),
        ({"condition": "unset"}, "* condition `unset`"),
        ({"location": Location("")}, "* `CVN201`"),
        ({"samples": 2000}, "* 2,000 samples"),
    ],
)
def test_the_numbers(changes: dict[str, Any], fact: str) -> None:
    text = page(replace(FINDING, **changes), root="a/")
    assert f"\n{fact}\n" in text
    assert_only_ours(text)


def test_findings_that_differ_in_their_group_share_a_block() -> None:
    run = [
        replace(FINDING, group={"n": 100 + place}, measured=place / 4, samples=9, condition="> 1", first_seen=AT)
        for place in range(ROWS + 2)
    ]
    text = page(*run)
    assert "### What fails: 14\n\n#### FAIL `p/c` 14 groups\n\nThe first of 14: It is bad.\n" in text
    assert "| group | measured | samples | first seen |\n" in text
    assert "| `n=101` | 0.25 | 9 | 2026-06-11 00:00 UTC |\n" in text
    assert "\n\nand 2 more groups: 2 fail\n\n* condition `> 1`\n* `p.yaml:3:5` `CVN201`\n" in text
    assert text.count("| `n=") == ROWS
    bare = page(*(replace(FINDING, group={"n": place}) for place in range(2)))
    assert "| group |\n| --- |\n| `n=0` |\n| `n=1` |\n" in bare


def test_the_groups_of_a_quantified_finding_are_a_table_the_worst_first() -> None:
    readings = [GroupReading({"n": place}, Outcome.PASS, 1.0, 3) for place in range(ROWS)]
    readings.append(GroupReading({"n": 99}, Outcome.NO_DATA, None, None, "no | row"))
    text = page(replace(FINDING, groups=tuple(readings)))
    assert "| `n=99` | no data |  |  | no &#124; row |\n| `n=0` | pass | 1 | 3 |  |\n" in text
    assert "\n\nand 1 more group: 1 pass\n" in text
    cells = [token for token in walk(PARSER.parse(text)) if token.type == "td_open"]
    assert len(cells) == 5 * ROWS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("plain words, (all) of them: 3.1e-07 = 5 %!", "plain words, (all) of them: 3.1e-07 = 5 %!"),
        ("the log of hpo_fallback, and (a_b).", "the log of `hpo_fallback`, and (`a_b`)."),
        ("a <b> c_d e", "a `<b> c_d` e"),
        ("1.7 % of", "1.7 % of"),
        ("1. first", "1\\. first"),
        ("12) first", "12\\) first"),
        ("1234567890. x", "`1234567890`. x"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("-", "\\-"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("-1e-05", "-1e-05"),
        ("--evidence x", "--evidence x"),
        ("`", "`` ` ``"),
        ("``a`", "``` ``a` ```"),
        ("`a` b", "`` `a` `` b"),
        ("_a :b_", "`_a :b_`"),
        ("a|b", "`a`&#124;`b`"),
        ("|", "&#124;"),
        ("x gh-1 GH-2", "x `gh-1 GH-2`"),
        ("www.a.b", "`www.a.b`"),
        ("deadbee", "`deadbee`"),
        ("deadbe", "deadbe"),
        (":+1:", "`:+1`:"),
        ("note: yes", "note: yes"),
        ("a\nb\tc\u202e", "`a\\nb\\tc\\u202e`"),
    ],
)
def test_prose(text: str, written: str) -> None:
    assert prose(text, 100) == written
    assert visible_text(prose(text, 100)) == squeezed(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("x | y", "`x `&#124;` y`"),
        ("a | b | c", "`a `&#124;`  b  `&#124;` c`"),
        ("| |", "&#124;` `&#124;"),
    ],
)
def test_code(text: str, written: str) -> None:
    assert code(text, 100) == written
    assert visible_text(written) == squeezed(text)


def test_long_texts_are_cut_and_say_so() -> None:
    assert code("x" * 5, 5) == "`xxxxx`"
    assert code("x" * 6, 5) == "`xxxxx… (cut)`"
    assert "x" * MESSAGE + "… (cut)\n" in page(replace(FINDING, message="x" * (MESSAGE + 1)))


def test_a_table_has_no_empty_column() -> None:
    assert table(("a", "b", "c"), [("1", "", "2"), ("3", "", "")]) == "| a | c |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "</details></summary><b>",
    "<!-- -->",
    "&lt;b&gt; &#64;ada",
    "[x](javascript:alert(1))",
    "![x](http://h/y.png)",
    "[x]: http://h",
    "http://h/x www.h.org mailto:a@h.org a@h.org",
    "@ada @org/team \\@ada",
    "#1 owner/repo#1 GH-1 fixes #12",
    "0123456789abcdef0123456789abcdef01234567",
    "``` @ada ```",
    "` @ada ` @ada `` @ada",
    "a | b | @ada",
    "\\| @ada \\\\| \\",
    "*a* **b** _c_ ~~d~~ __e__",
    "> quote",
    "# heading",
    "1. one",
    "- one",
    "    code",
    "***",
    "===",
    "$x$ $$y$$ $`z`$",
    ":tada: [^1] [ ] - [x] done",
    "a\n\n# b\n| c |\n|---|\n<x>",
    "\x1b[31m\x00\u202e\u2028\ud800",
    "::error::x ##[error]y",
    "line  \nbreak\\\n",
]
FIELDS = ["id", "message", "hint", "rule", "requirement", "action", "runbook", "waived_by", "condition"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
def test_hostile_text_is_only_text(field: str, text: str) -> None:
    hostile: dict[str, Any] = {field: text}
    calmer: dict[str, Any] = {field: "x"}
    markdown = page(replace(FINDING, **hostile))
    assert_only_ours(markdown)
    assert squeezed(text) in visible_text(markdown)
    calm = read(page(replace(FINDING, **calmer)))
    assert read(markdown).kinds - {"code_inline", "text_special"} <= calm.kinds | {"softbreak"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_groups_files_and_reasons_break_no_table(text: str) -> None:
    reading = GroupReading({text: text}, Outcome.FAIL, 1.0, 1, text)
    markdown = page(
        replace(FINDING, groups=(reading, reading), location=Location(text)),
        replace(FINDING, id=text, outcome=Outcome.SKIPPED, message=text, group={text: text}),
        replace(FINDING, id=text, outcome=Outcome.PASS, baselines={text: 1.0}),
        *(replace(FINDING, id="p/z", group={text: place}) for place in range(2)),
        root=f"{text}/",
    )
    assert_only_ours(markdown)
    cells = [token.type for token in walk(PARSER.parse(markdown))]
    assert cells.count("td_open") == 2 * 5 + 3 + 2 + 2
    assert visible_text(markdown).count(squeezed(text)) >= 10


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_report_is_only_text(any_report: st.SearchStrategy[Report], data: st.DataObject) -> None:
    drawn = data.draw(any_report)
    markdown = render(drawn, root="a_b/")
    assert_only_ours(markdown)
    assert len(markdown.encode("utf-16-le")) // 2 <= LIMIT
    text = visible_text(markdown)
    for finding in drawn.findings:
        if finding.outcome is Outcome.PASS:
            assert squeezed(finding.id.split("/")[0])[:50] in text
        else:
            assert squeezed(finding.id) in text
        if grade(finding, strict=drawn.strict) and not finding.group:
            assert squeezed(finding.message) in text
    assert [token.type for token in walk(PARSER.parse(markdown))].count("heading_open") == markdown.count("\n#") + 1


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters() | st.sampled_from("`|\\<>&@#$:_*[]()~-=+.! 19a"), max_size=30))
def test_any_text_reads_as_it_was_written(text: str) -> None:
    for written in (prose(text, 10**6), code(text, 10**6)):
        assert_only_ours(written)
        assert visible_text(written) == squeezed(text)
        assert [t.type for t in PARSER.parse(written)] in ([], ["paragraph_open", "inline", "paragraph_close"])
        assert visible_text(f"| a | b |\n| --- | --- |\n| {written} | z |") == f"ab{squeezed(text)}z"


@pytest.mark.parametrize("letter", ["x", "|", "`", "\U0001f600", "_ "])
def test_the_text_is_bounded_and_counts_what_is_left_out(letter: str) -> None:
    findings = [
        *(replace(FINDING, id=f"p/{place:04}", message=letter * 900) for place in range(150)),
        *(replace(FINDING, id=f"w/{place:04}", outcome=Outcome.WARN) for place in range(1)),
        *(replace(FINDING, id=f"q{place:04}/c", outcome=Outcome.PASS) for place in range(1)),
    ]
    markdown = page(*findings)
    assert LIMIT - 8000 < len(markdown.encode("utf-16-le")) // 2 <= LIMIT
    shown = markdown.count("\n#### FAIL")
    assert 0 < shown < 150
    assert f"**{150 - shown} findings left out here: the text would be too long.**" in markdown
    assert markdown.count("**1 finding left out here: ") == 2
    assert f"`p/{shown - 1:04}`" in markdown
    assert f"`p/{shown:04}`" not in markdown
    assert markdown.endswith("* evidence: none was read\n")
    assert_only_ours(markdown)


def test_a_page_of_many_passes_is_bounded_too() -> None:
    passes = [replace(FINDING, id=f"q{place:05}/c", outcome=Outcome.PASS) for place in range(4000)]
    markdown = page(FINDING, *passes)
    assert len(markdown) <= LIMIT
    shown = markdown.count("| `q")
    assert f"\n**{4000 - shown:,} findings left out here: " in markdown
    assert "#### FAIL `p/c`" in markdown


def test_nothing_is_left_out_of_a_text_that_just_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [FINDING, replace(FINDING, id="p/d"), replace(FINDING, outcome=Outcome.PASS)]
    whole = page(*findings)
    reserve = sum(len(_left(count)) for count in (2, 1))
    monkeypatch.setattr("cvnpolicy.report.markdown.LIMIT", len(whole) + reserve)
    assert page(*findings) == whole
    monkeypatch.setattr("cvnpolicy.report.markdown.LIMIT", len(whole) + reserve - 1)
    assert page(*findings).count("**1 finding left out here: ") == 1
    assert "| `p` |" not in page(*findings)
    monkeypatch.setattr("cvnpolicy.report.markdown.LIMIT", len(whole) + reserve - len("| `p` | 1 |\n") - 1)
    cut = page(*findings)
    assert "`p/c`" in cut
    assert "p/d`" not in cut
    assert cut.count("**1 finding left out here: ") == 2
    assert len(cut) <= len(whole) + reserve
