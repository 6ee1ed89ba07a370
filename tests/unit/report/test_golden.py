"""The sample report in every format, byte for byte. CVNPOLICY_UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cvnpolicy.core.finding import Outcome, Report
from cvnpolicy.report import FORMATS, render
from cvnpolicy.report.text import columns

UPDATE = os.environ.get("CVNPOLICY_UPDATE_GOLDEN") == "1"
GOLDEN = Path(__file__).parents[2] / "golden"
PAGES = {
    f"terminal/width_{width}{'_colour' if colour else ''}{'_verbose' if verbose else ''}.txt": (width, colour, verbose)
    for width, colour, verbose in (
        (80, False, False),
        (80, True, False),
        (120, False, False),
        (120, True, False),
        (80, False, True),
    )
}


DATA = {
    "json/report.json": "json",
    "github/annotations.txt": "github",
    "sarif/report.sarif": "sarif",
    "junit/report.xml": "junit",
    "markdown/summary.md": "markdown",
    "html/page.html": "html",
}


def compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text.encode() == path.read_bytes(), f"{name} differs; CVNPOLICY_UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("name", PAGES)
def test_terminal_is_as_agreed(sample: Report, name: str) -> None:
    width, colour, verbose = PAGES[name]
    compare(name, render(sample, "terminal", width=width, colour=colour, verbose=verbose))


@pytest.mark.parametrize("name", DATA)
def test_data_formats_are_as_agreed(sample: Report, name: str) -> None:
    compare(name, render(sample, DATA[name], root="services/trading/"))


def test_no_golden_file_is_left_over() -> None:
    held = {path.relative_to(GOLDEN).as_posix() for kind in FORMATS for path in GOLDEN.glob(f"{kind}/*")}
    agreed = {*PAGES, *DATA}
    assert held <= agreed if UPDATE else held == agreed
    assert {name.split("/")[0] for name in agreed} == set(FORMATS)


def test_the_sample_has_everything(sample: Report) -> None:
    assert all(sample.summary[outcome] for outcome in Outcome)
    assert any(finding.waived_by for finding in sample.findings)
    assert any(finding.groups for finding in sample.findings)


def test_every_line_of_the_plain_page_fits_80_columns(sample: Report) -> None:
    for verbose in (False, True):
        page = render(sample, "terminal", width=80, verbose=verbose)
        assert [line for line in page.splitlines() if columns(line) > 80] == []


def test_output_does_not_depend_on_the_hash_seed() -> None:
    script = Path(__file__).with_name("sample_report.py")
    path = os.pathsep.join(entry for entry in sys.path if entry)
    runs = [
        subprocess.run(
            [sys.executable, str(script)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "4242")
    ]
    assert runs[0] == runs[1]
    assert b"cvnpolicy.report/v1" in runs[0]
