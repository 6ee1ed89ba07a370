"""Markdown documents whose code blocks run.

A fenced block with ``title="path"`` is a file: it is written below the working directory. A ``console`` block is a
session: its lines that start with ``$ `` are run by bash, one after another, and the block must then hold their output.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.environment import child_environment

_FENCE = re.compile(
    r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """One fenced block of a document."""

    language: str
    title: str | None
    body: str
    span: tuple[int, int]


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks in order."""
    return [
        Block(match["language"], match["title"], match["body"], match.span("body")) for match in _FENCE.finditer(text)
    ]


def played(text: str, root: Path) -> str:
    """Run a document's blocks below `root` and return the document with the output that they really give."""
    pieces: list[str] = []
    done = 0
    for block in blocks(text):
        if block.title is not None:
            path = root / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.language == "console":
            pieces += [text[done : block.span[0]], _session(block.body, root)]
            done = block.span[1]
    return "".join(pieces) + text[done:]


def _session(body: str, root: Path) -> str:
    """Run the commands of a console block in one shell, so that ``echo $?`` means what a reader thinks."""
    commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    assert commands, f"a console block without a command: {body!r}"
    script = [f'cvnpolicy() {{ "{sys.executable}" -m cvnpolicy "$@"; }}']
    for command in commands:
        script += [f"cat <<'EOF'\n$ {command}\nEOF", "(exit ${status:-0})", command, "status=$?"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],  # noqa: S607  the reader's own shell
        cwd=root,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.stdout
