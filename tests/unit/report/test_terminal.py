"""The terminal page: what it leads with, what it folds, what it never lets through."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, GroupReading, Level, Mode, OnUnknown, Outcome, Report, Severity, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.report.terminal import LISTED, MERGED, render
from cvnpolicy.report.terminal_block import ROWS
from cvnpolicy.report.text import columns

AT = datetime(2026, 6, 11, tzinfo=UTC)
FINDING = Finding("p/c", "CVN201", Outcome.FAIL, "It is bad.", Location("p.yaml", 3, 5, 3, 9))
SGR = re.compile(r"\x1b\[[0-9;]*m")


def page(*findings: Finding, code: ExitCode = ExitCode.FAILED, width: int = 80, verbose: bool = False) -> str:
    verdict = {ExitCode.FAILED: Verdict.FAIL, ExitCode.UNDECIDED: Verdict.HOLD}.get(code, Verdict.PASS)
    report = Report(AT, verdict, code, None, findings)
    return render(report, colour=False, width=width, verbose=verbose)


def many(count: int, **changes: Any) -> list[Finding]:
    return [replace(FINDING, group={"n": 100 + place}, measured=place / 7, **changes) for place in range(count)]


def test_a_whole_page() -> None:
    finding = replace(
        FINDING,
        level=Level.CRIT,
        severity=Severity.P1,
        group={"symbol": "ETHUSDC"},
        measured=0.93,
        condition="< 95%",
        samples=1440,
        baselines={"training": 0.5, "frozen": None},
        first_seen=AT - timedelta(hours=30),
        hint="mend it",
        requirement="RBF-08",
    )
    assert page(finding) == (
        "FAIL at 2026-06-11 00:00 UTC: 1 of 1 finding blocks\n"
        "\n"
        "── FAIL · 1 finding: 1 blocks ──────────────────────────────────────────────────\n"
        "FAIL  P1  p/c  symbol=ETHUSDC\n"
        "    It is bad.\n"
        "    measured    0.93   crit_if < 95%\n"
        "    samples     1,440\n"
        "    first seen  2026-06-09 18:00 UTC (1d 6h ago)\n"
        "    baselines   frozen –   training 0.5\n"
        "    -> next     mend it\n"
        "    p.yaml:3:5  CVN201  RBF-08\n"
        "\n"
        "── VERDICT: FAIL · 2026-06-11 00:00 UTC ────────────────────────────────────────\n"
        "    findings    1 fail\n"
        "    exit code   1: failed: p/c\n"
        "    evidence    none was read\n"
    )


def test_an_empty_report_says_so() -> None:
    text = page(code=ExitCode.NOTHING)
    assert text.startswith("PASS at 2026-06-11 00:00 UTC: there was nothing to check\n")
    assert "findings    none\n    exit code   5: there was nothing to check\n" in text


def test_sections_lead_with_what_needs_a_person(sample: Report) -> None:
    text = render(sample, colour=False, width=80)
    heads = re.findall(r"^── ([A-Z ]+)", text, re.MULTILINE)
    assert [head.strip() for head in heads] == [
        "FAIL",
        "COULD NOT DECIDE",
        "WARN",
        "PASS",
        "SKIPPED",
        "NOT APPLICABLE",
        "VERDICT",
    ]
    failed = text.split("── COULD NOT DECIDE")[0]
    ids = [finding.id for finding in sample.findings if finding.outcome is Outcome.FAIL]
    places = [failed.index(name) for name in dict.fromkeys(ids)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"waived_by": "@ada"}, "[waived by @ada, does not block]"),
        ({"mode": Mode.ADVISE}, "[advises, does not block]"),
        ({"mode": Mode.ADVISE, "waived_by": "@a"}, "[waived by @a, does not block] [advises, does not block]"),
        ({"outcome": Outcome.NO_DATA, "on_unknown": OnUnknown.PASS}, "[on_unknown: pass, does not block]"),
        ({"outcome": Outcome.NO_DATA, "on_unknown": OnUnknown.FAIL}, "[on_unknown: fail, counts as a fail]"),
    ],
)
def test_what_excuses_a_finding_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    assert f"\n    {said}\n" in page(replace(FINDING, **changes))
    assert "[" not in page(FINDING)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"measured": 0.1, "condition": "< 1", "level": Level.WARN}, "measured    0.1   warn_if < 1"),
        ({"measured": 0.1, "condition": "< 1"}, "measured    0.1   condition < 1"),
        ({"measured": 0.1}, "measured    0.1"),
        ({"condition": "< 1"}, "measured    –   condition < 1"),
        ({"condition": "< 1", "groups": (GroupReading({"a": 1}, Outcome.FAIL),)}, "condition   < 1"),
    ],
)
def test_measured_and_condition(changes: dict[str, Any], line: str) -> None:
    assert f"    {line}\n" in page(replace(FINDING, **changes))


def test_details_are_shown_when_asked_for() -> None:
    details = {"b": True, "a": 0.00012345, "c": {"y": [1], "x": "é"}, "d": "text", "e": None, "f": False}
    finding = replace(FINDING, details=details)
    assert "details" not in page(finding)
    shown = '    details     a 0.0001234   b true   c {"x": "é", "y": [1]}   d text   e –\n                f false\n'
    assert shown in page(finding, verbose=True)


def test_the_worst_groups_of_a_quantified_check_come_first() -> None:
    outcomes = [Outcome.PASS] * ROWS + [Outcome.NO_DATA, Outcome.FAIL]
    groups = tuple(GroupReading({"n": 10 + place}, outcome) for place, outcome in enumerate(outcomes))
    finding = replace(FINDING, groups=groups)
    text = page(finding)
    assert "    n   outcome\n    23  fail\n    22  no data\n    10  pass\n" in text
    assert "    … and 2 more: 2 pass (all of them: --verbose)\n" in text
    assert "    21  pass\n" not in text
    assert "    21  pass\n" in page(finding, verbose=True)
    assert "more" not in page(replace(finding, groups=groups[-ROWS:]))


def test_more_than_a_few_findings_of_one_check_share_a_block() -> None:
    few, more = page(*many(MERGED)), page(*many(MERGED + 1))
    assert few.count("It is bad.") == MERGED
    assert more.count("It is bad.") == 1
    assert "FAIL  p/c  4 groups\n    The first of 4: It is bad.\n    n    measured\n    100         0\n" in more
    assert page(*many(MERGED + 1), verbose=True).count("It is bad.") == MERGED + 1
    assert "… and 3 more: 3 fail (all of them: --verbose)" in page(*many(ROWS + 3))


def test_findings_that_differ_in_more_than_their_group_stay_apart() -> None:
    same = many(3)
    for changes in ({"severity": Severity.P1}, {"waived_by": "@a"}, {"mode": Mode.ADVISE}, {"hint": "x"}):
        assert page(*same, replace(same[0], group={"n": 9}, **changes)).count("It is bad.") == 4
    bare = [replace(FINDING, message=f"Bad {place}.") for place in range(5)]
    assert all(f"Bad {place}." in page(*bare) for place in range(5))


def test_a_shared_block_shows_what_differs_and_says_once_what_does_not() -> None:
    same = many(4, samples=1000, baselines={"b": 0.5}, first_seen=AT - timedelta(days=2))
    text = page(*same)
    assert "    samples     1,000\n    first seen  2026-06-09 00:00 UTC (2d ago)\n    baselines   b 0.5\n" in text
    assert "    n    measured\n" in text
    apart = [replace(same[0], samples=None, baselines={"b": 1.5}, first_seen=None), *same[1:]]
    text = page(*apart)
    assert "    n    measured    b  samples  first seen\n    100         0  1.5        –\n" in text
    assert "    101    0.1429  0.5    1,000      2d ago\n" in text
    assert "measured" not in page(*(replace(finding, measured=None) for finding in same))


def test_passes_are_one_line_each_or_counted() -> None:
    passes = many(LISTED, outcome=Outcome.PASS, condition="< 9", samples=50)
    text = page(*passes, code=ExitCode.OK)
    assert "    p/c  n=101  0.1429  condition < 9  50 samples\n" in text
    other = replace(passes[0], id="other/x")
    text = page(*passes, other, code=ExitCode.OK)
    assert "    other   1\n    p      20\n    (each of them: --verbose)\n" in text
    assert "n=101" in page(*passes, other, code=ExitCode.OK, verbose=True)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "p/c  feature=btc_return_15m  0.5  condition < 9  50 samples"),
        (63, "p/c  feature=btc_return_15m  0.5  condition < 9  50 samples"),
        (62, "p/c  btc_return_15m  0.5  condition < 9  50 samples"),
        (54, "p/c  btc_return_15m  0.5  condition < 9"),
        (42, "p/c  btc_return_15m  0.5"),
    ],
)
def test_a_narrow_page_drops_the_least_of_a_pass(width: int, line: str) -> None:
    group = {"feature": "btc_return_15m"}
    finding = replace(FINDING, outcome=Outcome.PASS, group=group, measured=0.5, condition="< 9", samples=50)
    assert f"\n    {line}\n" in page(finding, code=ExitCode.OK, width=width)


def test_a_pass_too_wide_for_any_table_is_wrapped() -> None:
    finding = replace(FINDING, outcome=Outcome.PASS, id="policy-of-some-length/check-of-some-length", group={"a": "b"})
    assert "    policy-of-some-length/check-of-some-length\n      a=b\n" in page(finding, code=ExitCode.OK, width=40)


def test_reasons_of_what_was_not_asked() -> None:
    finding = replace(FINDING, outcome=Outcome.SKIPPED, message="Retired with the old console, as agreed in May.")
    text = page(finding, code=ExitCode.OK, width=44)
    assert "    p/c  Retired with the old console, as\n         agreed in May.\n" in text


def test_a_table_steps_down_as_the_page_narrows() -> None:
    reading = GroupReading({"feature": "btc_return_15m"}, Outcome.NO_DATA, None, 5, "no row of that kind in the file")
    finding = replace(FINDING, groups=(reading,))
    wide = "    feature         outcome  samples  reason\n    btc_return_15m  no data        5  "
    assert wide + "no row of that kind in the file\n" in page(finding, width=80)
    assert wide + "no row of that kind in\n" + " " * 38 + "the file\n" in page(finding, width=62)
    below = "    feature         outcome  samples\n    btc_return_15m  no data        5\n"
    assert below + "        no row of that kind in the file\n" in page(finding, width=40)
    word = replace(reading, reason="no_row_of_that_kind_in_the_file")
    assert below + "        no_row_of_that_kind_in_the_file\n" in page(replace(finding, groups=(word,)), width=62)
    long = replace(reading, group={"feature": "btc_correlation_15m_lag5"})
    stacked = "    feature=btc_correlation_15m_lag5\n      outcome=no data samples=5\n      reason=no row"
    assert stacked in page(replace(finding, groups=(long,)), width=40)


def test_a_table_of_numbers_too_wide_for_the_page_names_its_cells() -> None:
    found = [
        replace(finding, group={"feature": f"btc_correlation_15m_mean_lag{n}"}) for n, finding in enumerate(many(4))
    ]
    line = "    feature=btc_correlation_15m_mean_lag1\n      measured=0.1429\n"
    assert line in page(*found, width=40)


def test_narrower_than_forty_is_forty() -> None:
    assert page(FINDING, width=0) == page(FINDING, width=40)


def test_colour_adds_nothing_but_colour(sample: Report) -> None:
    for width in (80, 120):
        for verbose in (False, True):
            plain = render(sample, colour=False, width=width, verbose=verbose)
            assert "\x1b" not in plain
            coloured = render(sample, colour=True, width=width, verbose=verbose)
            assert coloured != plain
            assert SGR.sub("", coloured) == plain


def test_verbose_leaves_no_message_out(sample: Report) -> None:
    text = " ".join(render(sample, colour=False, width=500, verbose=True).split())
    shown = [finding for finding in sample.findings if finding.message.isascii() and finding.message.isprintable()]
    assert len(shown) > 25
    for finding in shown:
        if finding.outcome is not Outcome.PASS:
            assert text.count(finding.message) >= sum(other.message == finding.message for other in shown)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_report_makes_a_safe_page_that_fits(any_report: st.SearchStrategy[Report], data: st.DataObject) -> None:
    report = data.draw(any_report)
    verbose = data.draw(st.booleans())
    plain = render(report, colour=False, width=120, verbose=verbose)
    lines = plain.split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.endswith(" ") for line in lines)
    assert not any(line.lstrip().startswith("::") or re.search(r"##\w*\[", line) for line in lines)
    assert [line for line in lines if columns(line) > 120] == []
    assert SGR.sub("", render(report, colour=True, width=120, verbose=verbose)) == plain
    plain.encode("utf-8")
