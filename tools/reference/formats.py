"""The page of report formats."""

from __future__ import annotations

from importlib import import_module

from cvnpolicy.report import FORMATS
from tools.reference.docstrings import markdown
from tools.reference.tables import table

_TEXT = """\
# Report formats

What `--format` can name. Every format is written from the same report: findings, verdict and exit code are the same in
all of them. `--output FILE` writes it to a file.
"""


def formats() -> str:
    """Return the page of report formats: each with the first paragraph of what its module says."""
    return f"{_TEXT}\n{table(('format', 'is'), [(f'`{name}`', _about(module)) for name, module in FORMATS.items()])}"


def _about(module: str) -> str:
    about = markdown(import_module(module).__doc__).partition("\n")[0]
    return f"{about} See [its keys](json-v1.md)." if module.endswith(".json_v1") else about
