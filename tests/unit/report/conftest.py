"""What the tests of the formats share: the sample report and random ones."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import strategies as st

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

SAMPLE = Path(__file__).with_name("sample_report.py")


@pytest.fixture(scope="session")
def sample() -> Report:
    """The report of the golden files."""
    report = runpy.run_path(str(SAMPLE))["sample"]()
    assert isinstance(report, Report)
    return report


def reports() -> st.SearchStrategy[Report]:
    """Random reports: any text, any number, any mixture. Words are short, so that every line can fit."""
    letters = st.characters(codec=None) | st.sampled_from("\x1b\n\r\x9b\u202e\u200b:#[ 漂=\ud800")
    word = st.text(letters, max_size=5)
    sentence = st.lists(word | st.sampled_from(["::error::", "##[error]", "a" * 12]), max_size=20).map(" ".join)
    scalar = word | st.integers(-(10**9), 10**9) | st.floats() | st.booleans()
    group = st.dictionaries(word, scalar, max_size=3)
    value = st.none() | st.floats() | st.integers(-(10**20), 10**20)
    moment = st.datetimes(min_value=datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None), timezones=st.just(UTC))
    detail = st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | word,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(word, inner, max_size=3),
        max_leaves=5,
    )
    optional = st.none() | sentence
    conditions = st.sampled_from([None, "< 0.01", "> 5%", "unset", "within 1pp of champion", ">= 0.4 and < 1e3"])
    reading = st.builds(GroupReading, group, st.sampled_from(Outcome), value, st.none() | st.integers(0), sentence)
    finding = st.builds(
        Finding,
        id=st.sampled_from(["a/x", "a/y", "drift/ks"]) | word,
        rule=st.sampled_from(["CVN201", "CVN401"]),
        outcome=st.sampled_from(Outcome),
        message=sentence,
        location=st.builds(
            Location, word, st.integers(1, 99), st.integers(1, 99), st.integers(1, 99), st.integers(1, 99)
        ),
        hint=sentence,
        requirement=optional,
        level=st.none() | st.sampled_from(Level),
        severity=st.none() | st.sampled_from(Severity),
        mode=st.sampled_from(Mode),
        group=group,
        measured=value,
        condition=conditions,
        baselines=st.dictionaries(word, value, max_size=2),
        samples=st.none() | st.integers(0, 10**9),
        window=st.none() | st.builds(Span, moment, moment),
        first_seen=st.none() | moment,
        action=optional,
        runbook=optional,
        waived_by=optional,
        details=st.dictionaries(word, detail, max_size=3),
        groups=st.lists(reading, max_size=3).map(tuple),
        on_unknown=st.sampled_from(OnUnknown),
    )
    sha = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)
    some = st.lists(finding, max_size=4).map(lambda found: tuple(sorted(found, key=lambda one: one.order)))
    return st.builds(Report, moment, st.sampled_from(Verdict), st.sampled_from(ExitCode), sha, some)


@pytest.fixture(scope="session")
def any_report() -> st.SearchStrategy[Report]:
    """Random reports, for ``data.draw``."""
    return reports()
