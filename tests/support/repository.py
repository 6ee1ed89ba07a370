"""A git repository in a folder, made by a test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support.environment import child_environment

INSTANT = "2026-06-12T00:00:00Z"
"""When every commit is made."""
HOOKS = {
    "core.hooksPath": os.devnull,
    "commit.gpgsign": "false",
    "user.name": "A stranger",
    "user.email": "a@example.org",
}


class Repository:
    """A git repository in a folder."""

    def __init__(self, root: Path) -> None:
        """Work in this folder."""
        self.root = root

    def git(self, *arguments: str, **environment: str) -> str:
        options = [word for key, value in HOOKS.items() for word in ("-c", f"{key}={value}")]
        day = f"{INSTANT.removesuffix('Z')}+0000"
        dates = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *options, *arguments],  # noqa: S607  the git of the machine
            cwd=self.root,
            env=child_environment(**dates, **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, message: str = "A change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def path(self, name: str) -> Path:
        return self.root / name

    def text(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        self.write(name, self.text(name) + text)

    def move(self, name: str, to: str) -> None:
        self.path(to).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", name, to)
