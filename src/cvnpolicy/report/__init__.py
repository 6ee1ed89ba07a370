"""Report to text. Every format is a function from a report to a string: nothing is printed, no file is written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.finding import Report

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "terminal": "cvnpolicy.report.terminal",
        "json": "cvnpolicy.report.json_v1",
        "github": "cvnpolicy.report.github",
        "sarif": "cvnpolicy.report.sarif",
        "junit": "cvnpolicy.report.junit",
        "markdown": "cvnpolicy.report.markdown",
        "html": "cvnpolicy.report.html",
    }
)
"""Name of a format and the module whose ``render`` writes it; imported when first asked for."""

PAGES = frozenset({"terminal"})
"""The formats that lay out a page, and so take ``colour``, ``width`` and ``verbose``."""

PLACED = frozenset({"github", "sarif", "junit", "markdown"})
"""The formats that others read from the top of the git repository, and so take ``root``."""


def check_format(format: str) -> None:
    """Refuse a format that does not exist.

    Raises:
        UsageError: The format is unknown. The message names the nearest and all that exist.
    """
    if format in FORMATS:
        return
    from difflib import get_close_matches  # needed for this mistake only

    known = ", ".join(FORMATS)
    nearest = get_close_matches(format.lower(), FORMATS, n=1)
    guess = f"did you mean {nearest[0]}? " if nearest else ""
    raise UsageError(f"unknown format {format!r}: {guess}use one of: {known}")


def render(
    report: Report, format: str, *, colour: bool = False, width: int = 80, verbose: bool = False, root: str = ""
) -> str:
    """Return the report as text in the named format.

    Args:
        report: What to show.
        format: A key of :data:`FORMATS`.
        colour: Colour the page. Data formats have no page and take no notice of this and the next two.
        width: Columns of the page.
        verbose: Show every finding in full.
        root: The folder of the configuration below the top of the git repository, with a slash at its end; empty where
            they are the same. Locations are relative to that folder; the formats of :data:`PLACED` put it before them.

    Raises:
        UsageError: The format is unknown.
    """
    check_format(format)
    write = import_module(FORMATS[format]).render
    options: dict[str, object] = {}
    if format in PAGES:
        options = {"colour": colour, "width": width, "verbose": verbose}
    elif format in PLACED:
        from cvnpolicy.report.verdict import complete  # what a table of formats does not need

        report, options = complete(report), {"root": root}
    text: str = write(report, **options)
    return text
