"""A composite action's steps, run for real: the same shell, files and variables that GitHub's runner gives them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.environment import child_environment

_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
_CONDITION = re.compile(r"([\w.-]+) == '(\w*)'")
_COMMAND = re.compile(r"^\s*::|##\[")


@dataclass
class Job:
    """One job of a runner: its folders, what its steps put out, and what they wrote."""

    root: Path
    action: Path
    inputs: Mapping[str, str] = field(default_factory=dict)
    event_name: str = "pull_request"
    environment: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: bytes = b""

    def __post_init__(self) -> None:
        """Make the folders."""
        for folder in (self.workspace, self.temp, self.tools, self.root / "home"):
            folder.mkdir(parents=True, exist_ok=True)
        self.definition: dict[str, Any] = yaml.safe_load((self.action / "action.yml").read_text("utf-8"))

    @property
    def workspace(self) -> Path:
        """The checkout."""
        return self.root / "work space"

    @property
    def temp(self) -> Path:
        """What the runner empties before each job."""
        return self.root / "temp"

    @property
    def tools(self) -> Path:
        """First on the path: where a test puts its own `gh`."""
        return self.root / "tools"

    @property
    def summary(self) -> str:
        """The summary of all steps."""
        return (self.root / "summary").read_text("utf-8")

    def lookup(self, name: str) -> str:
        """Return the value of an expression; one that is not known here is an error."""
        match name.split("."):
            case ["inputs", key]:
                return self.inputs.get(key, str(self.definition["inputs"][key]["default"]))
            case ["steps", "python", "outputs", "python-path"]:
                return sys.executable
            case ["steps", step, "outputs", key]:
                return self.outputs.get(step, {}).get(key, "")
            case ["github", "token"]:
                return "a-token"
            case _:
                pass
        raise AssertionError(f"an expression that the test does not know: {name}")

    def asked(self, condition: str | None) -> bool:
        """Whether a step's `if` holds; a step without one runs."""
        if condition is None:
            return True
        match = _CONDITION.fullmatch(condition)
        assert match is not None, condition
        return self.lookup(match[1]) == match[2]

    def run(self, *only: str) -> int:
        """Run the steps, or some of them by their ids, until one fails. Return the status of the last."""
        code = 0
        for step in self.definition["runs"]["steps"]:
            chosen = not only or step["id"] in only
            if "run" in step and chosen and code == 0 and self.asked(step.get("if")):
                code = self._step(step)
        return code

    def _step(self, step: Mapping[str, Any]) -> int:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        script, output = self.root / "step.sh", self.root / "output"
        script.write_text(step["run"], encoding="utf-8")
        output.write_bytes(b"")
        given = {
            name: _EXPRESSION.sub(lambda match: self.lookup(match[1]), value)
            for name, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],  # noqa: S607  as the runner does
            cwd=self.workspace,
            env={**self._variables(output), **self.environment, **given},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # the runner obeys commands on either
            check=False,
            timeout=300,
        )
        self.log += done.stdout
        lines = output.read_text("utf-8").split("\n")
        assert lines.pop() == ""
        assert all(re.fullmatch(r"[a-z-]+=[^\r]*", line) for line in lines), lines
        self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _variables(self, output: Path) -> dict[str, str]:
        kept = child_environment()
        return {
            **{name: value for name, value in kept.items() if name.startswith(("PIP_", "LANG", "LC_", "SSL_"))},
            "PATH": f"{self.tools}{os.pathsep}{kept.get('PATH', os.defpath)}",
            "HOME": kept.get("HOME", str(self.root / "home")),  # pip's settings are there on some machines
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.root / "event.json"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "some/one",
            "GITHUB_SERVER_URL": "https://code.example",
            "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
        }

    def commands(self) -> list[str]:
        """Return the lines of the log that the runner would obey. It ends a line at a carriage return as well."""
        lines = re.split(r"\r\n|\r|\n", self.log.decode("utf-8", "replace"))
        return [line for line in lines if _COMMAND.search(line)]
