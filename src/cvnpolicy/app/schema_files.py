"""The JSON Schemas that files name for editors, and whether they are what this version writes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import ChangeRule
from cvnpolicy.load.files import display, inside, read
from cvnpolicy.load.project import Project

_NAMES = re.compile(r"^#[ \t]*yaml-language-server[ \t]*:.*?\$schema=(?P<schema>[^\s#]{1,300})", re.MULTILINE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Named:
    """A schema that a file names."""

    file: Path
    schema: Path
    location: Location
    """Where it is named."""
    written: str
    """The path as it stands there."""


def named(project: Project, files: Sequence[str]) -> list[Named]:
    """Return the schemas that the configuration and policies name by a path. Addresses elsewhere are not looked up."""
    found = []
    for name in (project.locate(()).file, *files):
        path = project.root / name
        data = read(path, project.root)
        if isinstance(data, Problem):
            continue  # it has been told of as a policy that cannot be read
        text = data.decode("utf-8", "replace")
        match = _NAMES.search(text)
        if match is not None and _ELSEWHERE.match(match["schema"]) is None:
            before = text[: match.start("schema")]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            place = Location(name, line, column, line, column + len(match["schema"]))
            target = Path(os.path.normpath(path.parent / match["schema"]))
            found.append(Named(path, target, place, match["schema"]))
    return found


def each_once(files: Sequence[Named]) -> list[Named]:
    """Return the first file that names each schema."""
    first: dict[Path, Named] = {}
    for one in files:
        first.setdefault(one.schema, one)
    return list(first.values())


def stale(one: Named, project: Project) -> Finding:
    """Return whether a schema is one of this version."""
    label = display(one.schema, project.root)
    data = read(one.schema, project.root) if inside(one.schema, project.root) is not None else None
    outcome, says, right = Outcome.FAIL, "", ""
    if data is None:
        says, right = f"'{one.written}' leads out of the repository", "correct the path: the schema has to be inside"
    elif isinstance(data, Problem):
        says, right = f"{label}: {data.what}", f"write it: cvnpolicy schema --output {label}"
    else:
        written = _parsed(data)
        name = next((name for name in schema_names() if _current(name) == written), None)
        if name is None:
            says, right = f"{label} is not what this version writes", f"write it: cvnpolicy schema --output {label}"
        else:
            outcome, says = Outcome.PASS, f"{label} is the schema '{name}' of this version"
    return Finding("schemas", ChangeRule.STALE_SCHEMA, outcome, says, one.location, hint=right)


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=64)
def _current(name: str) -> object:
    return json.loads(json.dumps(schema(name)))
