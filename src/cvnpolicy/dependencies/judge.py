"""Which imports of a file are declared where. Pure: what was read comes in, what is missing goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cvnpolicy.dependencies.imports import Import
from cvnpolicy.dependencies.modules import Given, given, standard
from cvnpolicy.dependencies.requirements import Declared


@dataclass(frozen=True)
class Setting:
    """What imports are held against."""

    declared: Mapping[str, Declared]
    """By requirement file, what it declares."""
    told: Mapping[str, Sequence[str]]
    """By module, the distributions that the policy says give it."""
    python: str
    own: Callable[[str, str], bool]
    """Whether a module, by its first name, is the team's, seen from a file."""
    typing: bool
    """Whether imports for type checkers count too."""


@dataclass(frozen=True)
class Missing:
    """A module whose distribution some requirement file does not declare."""

    first: Import
    """Its first import in the file that counts."""
    given: Given
    files: tuple[str, ...]
    """The requirement files that lack it."""
    notes: tuple[str, ...]
    """What they say of it all the same."""


@dataclass(frozen=True)
class Seen:
    """What a file imports."""

    missing: tuple[Missing, ...]
    unknown: tuple[Import, ...]
    """Those that only the run knows."""
    distributions: frozenset[str]
    """Those that are declared everywhere."""
    typing: int
    """How many modules only a type checker sees, and were left alone."""


def judge(found: Iterable[Import], file: str, setting: Setting) -> Seen:
    """Return what a file imports and what is not declared.

    Args:
        found: Its imports.
        file: Its path from the top of the repository.
        setting: What they are held against.
    """
    names = standard(setting.python)
    third = [one for one in found if one.module and one.top not in names and not setting.own(one.top, file)]
    counted = [one for one in third if setting.typing or not one.reach.typing]
    missing: dict[tuple[str, ...], Missing] = {}
    declared: set[str] = set()
    for one in counted:
        wanted = given(one.module, setting.told)
        files = tuple(name for name, said in setting.declared.items() if not said.names & set(wanted.names))
        if not files:
            declared |= {name for name in wanted.names if any(name in said.names for said in setting.declared.values())}
        elif wanted.names not in missing:
            missing[wanted.names] = Missing(one, wanted, files, tuple(_notes(files, wanted.names, setting)))
    unknown = tuple(one for one in found if not one.module)
    typing = 0 if setting.typing else len({one.top for one in third if one.reach.typing})
    return Seen(tuple(missing.values()), unknown, frozenset(declared), typing)


def _notes(files: Collection[str], names: Sequence[str], setting: Setting) -> Iterator[str]:
    """Yield what a file says of a distribution that it does not declare for here."""
    for file in files:
        said = setting.declared[file]
        for name in names:
            if name in said.elsewhere:
                yield f"{file} declares {name} only where {said.elsewhere[name]}"
            elif name in said.constrained:
                yield f"a constraint names {name}, which installs nothing"
