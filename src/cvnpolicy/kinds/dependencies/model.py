"""The model of a DependencyPolicy."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model
from cvnpolicy.core.paths import Scope, shortest
from cvnpolicy.core.patterns import DISTRIBUTION, MODULE, PYTHON


def _a_requirement_file(path: str) -> str:
    shortest(path, "write it from the top of the repository, for example airflow_docker/requirements.txt")
    if path.endswith("/"):
        raise fault(f"the path '{path}' is a folder", f"write the file, for example {path}requirements.txt")
    return path


RequirementFile = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_a_requirement_file)]
"""A requirement file in pip's format, from the top of the repository."""

Distribution = Annotated[str, Field(pattern=DISTRIBUTION)]


class TypeChecking(StrEnum):
    """What an import that only a type checker sees asks for."""

    IGNORE = "ignore"
    """Nothing: it never runs."""
    REQUIRE = "require"
    """As any other."""


class Platform(StrEnum):
    """An operating system, in the words of environment markers (``sys_platform``)."""

    LINUX = "linux"
    DARWIN = "darwin"
    WIN32 = "win32"


class DependencyPolicySpec(Model):
    """Every distribution that code imports is declared in every requirement file."""

    code: Many[Scope]
    """Whose imports are asked about: folders, which end with ``/``, or Python files."""
    excluded: Many[Scope] | None = None
    """Parts of them that are not, for example tests that have requirements of their own."""
    requirements: Many[RequirementFile]
    """The requirement files. Each must declare every distribution, itself or by an ``-r``."""
    first_party: Many[Identifier] | None = None
    """Modules of the team that are not found below ``code``."""
    distributions: dict[Annotated[str, Field(pattern=MODULE)], Many[Distribution]] | None = None
    """Which distributions give a module, where the name does not say so; any one of them is enough."""
    type_checking: Lax[TypeChecking] = TypeChecking.IGNORE
    """Whether imports below ``if TYPE_CHECKING:`` must be declared too."""
    python: Annotated[str, Field(pattern=PYTHON)]
    """The version of Python that runs the code, in quotes: environment markers are read for it."""
    platform: Lax[Platform] = Platform.LINUX
    """The system that runs it, likewise."""
