"""The README shows the demo's real output, and the commands and files that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

from cvnpolicy.cli.main import COMMANDS
from tests.support.demo import Demo
from tests.support.documents import blocks

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_demo_prints_what_the_readme_shows(demo: Demo) -> None:
    excerpts = [block.body for block in blocks(README) if block.title == "demo"]
    assert len(excerpts) == 4
    for excerpt in excerpts:
        assert _without_hash(excerpt) in _without_hash(demo.shown.stdout)


def _without_hash(page: str) -> str:
    """The hash of the evidence covers the last bit of every p-value, which another processor may round otherwise."""
    return re.sub(r"sha256 [0-9a-f]{12}", "sha256", page)


def test_every_command_is_in_the_readme() -> None:
    assert set(re.findall(r"^\| `cvnpolicy (\w+)", README, re.MULTILINE)) == set(COMMANDS)


def test_every_path_that_is_linked_exists() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")):
        if "reference" in page.parts:  # generated: its links have a test of their own
            continue
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_paths_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|docs|tests|tools)/[\w/.]*)`", text):
        assert (ROOT / path).exists(), path
