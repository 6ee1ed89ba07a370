"""Which readiness files the text of a pull request links."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cvnpolicy.app.pull_request import LIMIT, MOST, Links, links, read_body
from cvnpolicy.app.readiness_files import Library
from cvnpolicy.load.project import load
from tests.support.tree import write_tree

PATTERNS = ["documentation/stories/*/mlops_readiness.md"]
FILE = "documentation/stories/S1/mlops_readiness.md"
GONE = "documentation/stories/S2/mlops_readiness.md"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write_tree(tmp_path, {"cvnpolicy.yaml": "repository: tree\n", f"tree/{FILE}": "# Ready\n", "tree/README.md": ""})
    return Library(load(tmp_path / "cvnpolicy.yaml"))


@pytest.mark.parametrize(
    "body",
    [
        f"[ready]({FILE})",
        f"[ready](/{FILE})",
        f"[ready](./{FILE}#4-rollout)",
        f"[ready](../blob/main/tree/{FILE})",
        f"[ready](https://github.com/team/repository/blob/feature/x/tree/{FILE}?plain=1#L3)",
        f"<https://gitlab.example.org/team/r/-/blob/main/{FILE}>",
        f"https://github.com/team/repository/blob/main/{FILE}",
        f"See {FILE}.",
        f"See `{FILE}`.",
        f"| what | where |\n|---|---|\n| ready | [x]({FILE}) |",
        f"- [x] done: [ready]({FILE})",
        f"> [ready]({FILE})",
        f"# See {FILE}",
        f"[ready][1]\n\n[1]: {FILE}",
        "[ready](documentation/stories/S1/mlops%5Freadiness.md)",
    ],
)
def test_a_link_of_any_form_counts(library: Library, body: str) -> None:
    assert links(body, library, PATTERNS) == Links((FILE,), ())


def test_a_link_to_another_file_is_not_the_file(library: Library) -> None:
    (library.root / GONE).parent.mkdir()
    (library.root / GONE).symlink_to("../S1/mlops_readiness.md")
    assert links(f"[ready]({GONE})", library, PATTERNS) == Links((), (GONE,))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "No link.",
        f"<!-- [ready]({FILE}) -->",
        f"```\n{FILE}\n```",
        f"    {FILE}",
        "[readme](README.md)",
        "documentation/stories/<story>/mlops_readiness.md",
        "[x](documentation/stories/../stories/S1/mlops_readiness.md)",
        f"[x](javascript:{FILE.replace('/', '%2f%00')})",
        "[x](http://[::1)",
    ],
)
def test_what_is_no_link_to_a_readiness_file(library: Library, body: str) -> None:
    assert links(body, library, PATTERNS).there == ()


def test_a_file_that_is_not_there_is_told(library: Library) -> None:
    assert links(f"[a]({FILE}) [b]({GONE})", library, PATTERNS) == Links((FILE,), (GONE,))


def test_a_text_that_is_too_long_is_not_read(library: Library) -> None:
    assert links("x" * (LIMIT + 1), library, PATTERNS).trouble == "the text is longer than 256 KiB"
    many = " ".join(f"[x](a{number}.md)" for number in range(MOST + 1))
    assert links(many, library, PATTERNS).trouble == f"it has more than {MOST} links and paths"


@pytest.mark.parametrize("piece", ["[", "`", "<!--", "*_", "![x](", "a/" * 20 + "b.md ", "|", "> ", "- "])
def test_hostile_texts_take_bounded_time(library: Library, piece: str) -> None:
    started = time.process_time()
    links(piece * (60_000 // len(piece)), library, PATTERNS)
    assert time.process_time() - started < 60  # not a measurement: what is not linear takes hours


def test_reading_a_text_keeps_what_is_no_utf_8(tmp_path: Path) -> None:
    (tmp_path / "body.md").write_bytes(b"caf\xe9 \0 " + FILE.encode())
    assert FILE in read_body(tmp_path / "body.md")
    (tmp_path / "long.md").write_bytes(b"x" * (2 * LIMIT))
    assert len(read_body(tmp_path / "long.md")) == LIMIT + 1
