"""The table of formats."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from cvnpolicy.core.errors import ExitCode, UsageError
from cvnpolicy.core.finding import Report, Verdict
from cvnpolicy.report import FORMATS, PAGES, PLACED, check_format, render

KNOWN = "terminal, json, github, sarif, junit, markdown, html"


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_renders_text_that_ends_with_one_newline(sample: Report, format: str) -> None:
    check_format(format)
    text = render(sample, format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "hp-alerts/hp-coverage-low" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("jsno", f"unknown format 'jsno': did you mean json? use one of: {KNOWN}"),
        ("TERMINAL", f"unknown format 'TERMINAL': did you mean terminal? use one of: {KNOWN}"),
        ("pdf", f"unknown format 'pdf': use one of: {KNOWN}"),
        ("", f"unknown format '': use one of: {KNOWN}"),
    ],
)
def test_an_unknown_format_is_an_error_not_a_fallback(sample: Report, asked: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        render(sample, asked)
    assert str(caught.value) == said
    assert caught.value.exit_code is ExitCode.USAGE


def test_page_options_reach_pages_only(sample: Report) -> None:
    assert render(sample, "json", colour=True, width=200, verbose=True) == render(sample, "json")
    assert render(sample, "terminal", colour=True) != render(sample, "terminal")
    assert set(FORMATS) >= PAGES


def test_the_root_reaches_the_formats_that_others_read(sample: Report) -> None:
    for format in FORMATS:
        differs = render(sample, format, root="services/trading/") != render(sample, format)
        assert differs == (format in PLACED)


def test_every_entry_names_a_module_with_render() -> None:
    assert all(callable(import_module(module).render) for module in FORMATS.values())


def test_the_pages_import_neither_pydantic_nor_one_another() -> None:
    code = (
        "import json, sys; from cvnpolicy.report import FORMATS; before = set(sys.modules)\n"
        "import cvnpolicy.report.terminal\n"
        "print(json.dumps([sorted(before), sorted(sys.modules)]))"
    )
    path = Path(__file__).parents[3] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(path)}, capture_output=True, check=True, timeout=60
    )
    before, after = json.loads(done.stdout)
    assert not {name for name in before if name in FORMATS.values()}
    assert "cvnpolicy.report.json_v1" not in after
    assert not {"pydantic", "click", "yaml"} & set(after)


@pytest.mark.parametrize("format", sorted(PLACED))
def test_that_nothing_was_checked_is_no_silence(sample: Report, format: str) -> None:
    nothing = replace(sample, findings=(), verdict=Verdict.HOLD, exit_code=ExitCode.NOTHING)
    text = render(nothing, format)
    loud = {"github": "::error", "sarif": '"level": "error"', "junit": 'errors="1"', "markdown": "HOLD"}
    assert loud[format] in text
    assert "there was nothing to check" in text
