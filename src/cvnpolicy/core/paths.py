"""Paths of the repository that policies write."""

from __future__ import annotations

import posixpath
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from cvnpolicy.core.fault import fault

SOURCE = (".py", ".pyi")
"""What the name of a file of Python source ends with."""


def shortest(path: str, example: str) -> str:
    """Return a path that is written from the top of the repository, in its one form.

    Raises:
        PydanticCustomError: If it is not. ``example`` says what would be right.
    """
    if "\\" in path:
        raise fault(f"the path '{path}' has a backslash", f"write {path.replace(chr(92), '/')}")
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        raise fault(f"the path '{path}' is absolute", example)
    if ".." in path.split("/"):
        raise fault(f"the path '{path}' leaves its folder with '..'", example)
    if re.search(r"[*?\[\]]", path):
        raise fault(f"the path '{path}' is a pattern", "write a folder, which ends with '/', or a file")
    normal = posixpath.normpath(path)
    if normal == ".":
        raise fault(f"the path '{path}' names the whole repository", "name the folders of its source")
    normal += "/" if path.endswith("/") else ""
    if normal != path:
        raise fault(f"the path '{path}' is not in its shortest form", f"write {normal}")
    return path


def _code(path: str) -> str:
    shortest(path, "write it from the top of the repository, for example src/training/harness/")
    if not path.endswith(("/", *SOURCE)):
        raise fault(f"the path '{path}' is neither a folder nor a Python file", f"write {path}/ for a folder")
    return path


Scope = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_code)]
"""A folder, which ends with ``/``, or a Python file, from the top of the repository."""


def covers(outer: str, inner: str) -> bool:
    """Whether a folder or file is, or holds, another."""
    return outer == inner or (outer.endswith("/") and inner.startswith(outer))


def finds(outer: str, inner: str) -> bool:
    """Whether who looks through a folder meets another or a file: below it, folders with a dot are passed over."""
    return covers(outer, inner) and not any(part.startswith(".") for part in inner[len(outer) :].split("/")[:-1])
