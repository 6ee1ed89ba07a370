"""What the action takes from the event: the base, the number, and the text of the pull request. Standard library only.

The text is a stranger's. It goes into a file, byte for byte, and nowhere else: not into an output, the environment, a
shell or the log, all of which obey some texts. The base and the number are handed on after they were checked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})")
USAGE = 2
WHAT_TO_DO = {
    "pull_request_target": "it runs with the rights of the base; use pull_request, which needs none",
    "push": "there is no pull request to judge",
}
"""Why an event is refused, where there is more to say than that it is."""


class EventError(Exception):
    """The event is not one that the action can judge. The message holds nothing of what a stranger wrote."""


def read(path: Path) -> dict[str, Any]:
    """Return the event."""
    try:
        event = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise EventError(f"the event cannot be read: {type(error).__name__}") from error
    return part({"event": event}, "event")


def part(of: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the part of an event that has this name."""
    value = of.get(name)
    if not isinstance(value, dict):
        raise EventError(f"the event has no object '{name}'")
    return value


def commit(of: dict[str, Any], name: str) -> str:
    """Return the hash of a commit; anything else might be an option of git, or a line of outputs."""
    value = of.get(name)
    if not isinstance(value, str) or COMMIT.fullmatch(value) is None:
        raise EventError(f"'{name}' in the event is not the hash of a commit")
    return value


def number(of: dict[str, Any]) -> int:
    """Return the number of the pull request."""
    value = of.get("number")
    if type(value) is not int or value < 1:
        raise EventError("'number' in the event is not the number of a pull request")
    return value


def body(of: dict[str, Any]) -> bytes:
    """Return the text of the pull request; GitHub says null where there is none."""
    value = of.get("body")
    if value is not None and not isinstance(value, str):
        raise EventError("'body' in the event is not a text")
    # JSON can write half a character (a lone surrogate). It is kept as it is: whoever reads the file has to refuse it.
    return (value or "").encode("utf-8", "surrogatepass")


def merged_into(head: str) -> str | None:
    """Return what GitHub merged the head of a pull request into, where that merge is checked out.

    The event may know an older state of the base: judged by that, what others merged since would count as the change.
    """
    # Not started in the workspace, where a program of this name may lie.
    where = ("-C", os.environ["GITHUB_WORKSPACE"], "-c", "core.fsmonitor=false")
    asked = ("git", *where, "rev-list", "--parents", "--max-count=1", "HEAD")
    try:
        done = subprocess.run(asked, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    commits = done.stdout.decode("ascii", "replace").split()
    if len(commits) != 3 or COMMIT.fullmatch(commits[1]) is None:
        return None
    return commits[1] if commits[0] == os.environ.get("GITHUB_SHA") and commits[2] == head else None


def take(name: str, event: dict[str, Any], folder: Path) -> dict[str, str]:
    """Write the text of the pull request below a folder, and return the outputs."""
    if name in ("pull_request", "pull_request_review"):
        request = part(event, "pull_request")
        base = merged_into(commit(part(request, "head"), "sha")) or commit(part(request, "base"), "sha")
        outputs = {"base": base, "number": str(number(request))}
        (folder / "body.md").write_bytes(body(request))
        return outputs
    if name == "merge_group":
        # A merge group holds several pull requests, and the event has the text of none.
        return {"base": commit(part(event, "merge_group"), "base_sha")}
    shown = name if re.fullmatch(r"[a-z_]{1,40}", name) else "of that name"
    why = f": {WHAT_TO_DO[name]}" if name in WHAT_TO_DO else ""
    raise EventError(f"the action judges pull_request, pull_request_review and merge_group, not {shown}{why}")


def main() -> int:
    """Status 0, or 2 with one line that says what is wrong."""
    folder = Path(os.environ["RUNNER_TEMP"]) / "cvnpolicy"
    try:
        event = read(Path(os.environ["GITHUB_EVENT_PATH"]))
        shutil.rmtree(folder, ignore_errors=True)  # an earlier use of the action in the same job left its reports
        folder.mkdir()
        outputs = take(os.environ["GITHUB_EVENT_NAME"], event, folder)
    except EventError as error:
        sys.stdout.write(f"::error title=cvnpolicy::{error}\n")
        return USAGE
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in outputs.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
