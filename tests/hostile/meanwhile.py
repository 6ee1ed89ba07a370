"""Runs the command, and changes a file at the moment at which it is about to be read.

Usage: python -m tests.hostile.meanwhile PLAN ARGUMENTS...

PLAN is JSON: ``{"on": EVENT, "of": END, "do": WHAT, "to": PATH, "with": PATH}``. EVENT is an audit event of the
interpreter, such as ``open`` or ``import``; the change is made once, at the first event of which an argument ends in
END, and before what it announces happens. WHAT is ``append``, ``truncate``, ``replace``, ``link`` or ``pipe``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def change(do: str, to: Path, other: Path) -> None:
    """Do to a file what another program might."""
    if do == "append":
        with to.open("ab") as file:
            file.write(other.read_bytes())
        return
    if do == "truncate":
        os.truncate(to, to.stat().st_size // 2)
        return
    if do == "replace":
        other.replace(to)
        return
    to.unlink()
    if do == "link":
        to.symlink_to(other)
    else:
        os.mkfifo(to)


def watch(plan: dict[str, str]) -> None:
    done: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event != plan["on"] or done:
            return
        named = arguments[0] if arguments else ""
        if isinstance(named, str | os.PathLike) and os.fspath(named).endswith(plan["of"]):
            done.append(event)
            change(plan["do"], Path(plan["to"]), Path(plan.get("with", "")))
            sys.stderr.write("changed\n")

    sys.addaudithook(hook)


if __name__ == "__main__":
    watch(json.loads(sys.argv[1]))
    from cvnpolicy.cli.main import run

    sys.exit(run(sys.argv[2:]))
