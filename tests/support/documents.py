"""Markdown documents whose code blocks run.

The info string of a fenced block says what the block is. A word names the language; behind it may stand attributes.

* ``title="path"``: a file. It is written below the working directory.
* ``into="path"``: a part of a file. It is added at its end, or with ``before="text"`` in front of the line that starts
  with this text.
* ``console``: a session. Its lines that start with ``$ `` are run by bash, one after another, and the block must then
  hold their output.
* ``check="name"``: none of these. The test of the page has a check of this name.

A comment ``<!-- goes on from: page.md -->`` says that a page starts in the folder that another page leaves behind.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.environment import child_environment

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w+)(?P<attributes>(?: \w+=\"[^\"]*\")*)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r" (\w+)=\"([^\"]*)\"")
_GOES_ON_FROM = re.compile(r"^<!-- goes on from: (\S+) -->$", re.MULTILINE)

PLAYED = frozenset({"title", "into"})
"""Attributes of blocks that mean something when the page is played."""

_WRITER = {"NAME": "A reader", "EMAIL": "reader@example.org"}
_GIT = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _WRITER.items()}


@dataclass(frozen=True)
class Block:
    """One fenced block of a document."""

    language: str
    title: str | None
    body: str
    span: tuple[int, int]
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_played(self) -> bool:
        """Whether playing the page writes, compares or runs it."""
        return self.language == "console" or not PLAYED.isdisjoint(self.attributes)


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks in order."""
    return list(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    for match in _FENCE.finditer(text):
        attributes = dict(_ATTRIBUTE.findall(match["attributes"]))
        yield Block(match["language"], attributes.get("title"), match["body"], match.span("body"), attributes)


def goes_on_from(page: Path) -> Path | None:
    """Return the page whose folder this page starts in."""
    match = _GOES_ON_FROM.search(page.read_text(encoding="utf-8"))
    return (page.parent / match[1]).resolve() if match is not None else None


def played(text: str, root: Path) -> str:
    """Run a document's blocks below `root` and return the document with the output that they really give."""
    pieces: list[str] = []
    done = 0
    for block in blocks(text):
        if block.language == "console":
            pieces += [text[done : block.span[0]], session(block.body, root)]
            done = block.span[1]
        else:
            _write(block, root)
    return "".join(pieces) + text[done:]


def _write(block: Block, root: Path) -> None:
    attributes = block.attributes
    if "title" in attributes:
        path = root / attributes["title"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
    elif "into" in attributes:
        path = root / attributes["into"]
        path.write_text(_added(path.read_text(encoding="utf-8"), block.body, attributes.get("before")), "utf-8")


def _added(text: str, part: str, before: str | None) -> str:
    if before is None:
        return text + part
    lines = text.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if line.startswith(before)), None)
    assert at is not None, f"no line starts with {before!r}"
    return "".join([*lines[:at], part, *lines[at:]])


def session(body: str, root: Path) -> str:
    """Run the commands of a console block in one shell, so that ``echo $?`` means what a reader thinks."""
    commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    assert commands, f"a console block without a command: {body!r}"
    script: list[str] = []
    for command in commands:
        script += [f"cat <<'EOF'\n$ {command}\nEOF", "(exit ${status:-0})", command, "status=$?"]
    output = run_bash("\n".join(script), root).stdout
    assert "Traceback (most recent call last)" not in output, f"a defect, which no page may show:\n{output}"
    return output


def run_bash(script: str, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a reader would who has installed cvnpolicy; standard error is part of the output."""
    with TemporaryDirectory() as folder:
        for name, module in (("cvnpolicy", " -m cvnpolicy"), ("python", "")):
            command = Path(folder) / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}"{module} "$@"\n', encoding="utf-8")
            command.chmod(0o755)
        return subprocess.run(
            ["bash", "-c", script],  # noqa: S607  the reader's own shell
            cwd=root,
            env=_environment(folder, root) | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


def _environment(commands: str, root: Path) -> dict[str, str]:
    """The commands come first on the path, git has an author, and no setting of git leaks in.

    Where the folder holds a copy of the package, that copy runs.
    """
    kept = {name: value for name, value in child_environment().items() if not name.startswith("GIT_")}
    path = f"{commands}{os.pathsep}{kept.get('PATH', os.defpath)}"
    copy = {"PYTHONPATH": str(root / "src")} if (root / "src" / "cvnpolicy").is_dir() else {}
    return {**kept, **_GIT, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": path, **copy}
