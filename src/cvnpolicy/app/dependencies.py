"""Judge what code imports by what requirement files declare, and turn what is found into a report like any other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from cvnpolicy.app.code_files import chosen, python_files, read
from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.finding import Finding, OnUnknown, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DependencyRule, DocumentRule
from cvnpolicy.dependencies.imports import Import, UnparsedError, imports
from cvnpolicy.dependencies.judge import Missing, Seen, Setting, judge
from cvnpolicy.dependencies.requirements import Declared, Refusal, Trouble, declared, environment
from cvnpolicy.engine.decide import decide
from cvnpolicy.kinds.dependencies.model import DependencyPolicySpec, TypeChecking
from cvnpolicy.lint.source import UnreadableError
from cvnpolicy.lint.source import read as decoded
from cvnpolicy.load import files as loading
from cvnpolicy.load.project import Project
from cvnpolicy.report.wording import plural

SUMMARY = "imports"
"""The id of the finding that sums up a policy's files."""
_RULE = "CVN520"

Spec = DependencyPolicySpec


def judge_imports(
    project: Project, policies: PolicySet, at: datetime, paths: Sequence[Path] = (), *, strict: bool = False
) -> Report:
    """Judge the imports of the files that the policies name.

    Args:
        project: The configuration: paths of policies are below its repository.
        policies: The loaded set; those of other kinds are left alone.
        at: The instant, UTC: it decides whether a finding blocks.
        paths: Only files among and below these; all without. A path that no policy has is no mistake.
        strict: Whether a warning fails the run.

    Raises:
        InvalidInputError: A part of the code has no file, or a requirement file that a policy names is not there.
    """
    asked = [policy for kind, policy in policies.policies if kind.imports]
    wanted = None if not paths else chosen(paths, project)
    findings = [finding for policy in asked for finding in _Run(project, policy).findings(wanted)]
    return decide(policies.only(frozenset(policy.name for policy in asked)), findings, at, strict=strict)


def requirement_files(project: Project, policies: PolicySet) -> frozenset[str]:
    """Return the requirement files that the policies name, and those that these include, as they are and by real path.

    Returns:
        Paths from the top of the repository; of a link also what it leads to.
    """
    root = project.repository.resolve()
    found: set[str] = set()
    for kind, policy in policies.policies:
        if kind.imports:
            spec, run = policy.spec, _Run(project, policy)
            markers = environment(spec.python, spec.platform.value)
            for name in spec.requirements:
                found |= declared(name, run.text, markers).files
    return frozenset({*found, *(loading.real_name(root / one, root) for one in found)})


@dataclass
class _Run:
    """One policy, and the tree that it is about."""

    project: Project
    policy: Policy[Spec]
    known: dict[tuple[str, str], bool] = field(default_factory=dict)
    """By folder and name, whether the folder holds such a module."""

    @property
    def root(self) -> Path:
        return self.project.repository.resolve()

    def findings(self, wanted: frozenset[str] | None) -> Iterator[Finding]:
        """Yield what is found in the files, and the summary."""
        spec = self.policy.spec
        files = [file for file in self._files() if wanted is None or file in wanted]
        markers = environment(spec.python, spec.platform.value)
        found = {name: declared(name, self.text, markers) for name in spec.requirements}
        setting = Setting(
            declared=found,
            told=spec.distributions or {},
            python=spec.python,
            own=self._own,
            typing=spec.type_checking is TypeChecking.REQUIRE,
        )
        for trouble in dict.fromkeys(trouble for said in found.values() for trouble in said.troubles):
            yield self._trouble(trouble)
        seen: list[Seen] = []
        for file in files:
            try:
                text = decoded(read(self.root, file)).text
                one = judge(imports(text, self._named(file)), file, setting)
            except (UnreadableError, UnparsedError) as error:
                yield self._unread(file, error)
                continue
            seen.append(one)
            yield from map(self._missing, one.missing)
            yield from map(self._unknown, one.unknown)
        yield self._summary(seen, len(files), found)

    def _files(self) -> list[str]:
        """Return the files of Python that are asked about.

        Raises:
            InvalidInputError: Something that the policy names is not there.
        """
        spec = self.policy.spec
        problems: list[Problem] = []
        for index, name in enumerate(spec.requirements):
            if not os.path.lexists(self.root / name):
                place = self.policy.locate(("spec", "requirements", index))
                what = f"there is no file '{name}'"
                problems.append(Problem(DocumentRule.DANGLING_NAME, what, "write it, or correct the path", place))
        files: set[str] = set()
        for key, paths in (("code", spec.code), ("excluded", spec.excluded or ())):
            for index, path in enumerate(paths):
                found = set(python_files(self.root, path))
                if not found:
                    place = self.policy.locate(("spec", key, index))
                    what = f"no Python file is below '{path}'"
                    problems.append(Problem(DocumentRule.DANGLING_NAME, what, "correct the path, or remove it", place))
                files = files | found if key == "code" else files - found
        if problems:
            raise InvalidInputError(problems)
        return sorted(files)

    def _named(self, file: str) -> str:
        return f"{self.project.part}{file}"

    def text(self, name: str) -> str | Refusal:
        """Return the text of a requirement file."""
        data = loading.read(self.root / name, self.root)
        if isinstance(data, Problem):
            return Refusal(data.what)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return Refusal(f"the file is not UTF-8 at byte {error.start}")

    def _own(self, top: str, file: str) -> bool:
        """Return whether a module is the team's: it lies beside the file, or beside a folder above it."""
        if top in (self.policy.spec.first_party or ()):
            return True
        return any(self._holds(str(folder), top) for folder in PurePosixPath(file).parents)

    def _holds(self, folder: str, top: str) -> bool:
        if (folder, top) not in self.known:
            place = self.root / folder / top
            self.known[folder, top] = os.path.isfile(f"{place}.py") or _has_python(place)  # noqa: PTH113
        return self.known[folder, top]

    def _missing(self, one: Missing) -> Finding:
        names = " or ".join(one.given.names)
        lacks = " and ".join(one.files)
        notes = "".join(f"; {note}" for note in one.notes)
        hint = f"add {one.given.names[0]} to {lacks}"
        if one.given.guessed:
            hint += f"; if another distribution gives {one.first.top}, say so under distributions"
        return self._finding(
            DependencyRule.UNDECLARED,
            Outcome.FAIL,
            f"{one.first.module} is imported {one.first.reach}, and {names} is not declared in {lacks}{notes}",
            one.first.location,
            hint,
        )

    def _unknown(self, one: Import) -> Finding:
        what = f"an import {one.reach} whose module only the run knows: what it needs was not checked"
        finding = self._finding(DependencyRule.UNKNOWN_IMPORT, Outcome.INCONCLUSIVE, what, one.location, "")
        return _tolerated(finding)

    def _trouble(self, one: Trouble) -> Finding:
        outcome = Outcome.ERROR if one.blocks else Outcome.INCONCLUSIVE
        place = Location(self._named(one.file), one.line, 1, one.line, 1)
        finding = self._finding(DependencyRule.BAD_REQUIREMENT, outcome, one.what, place, one.right)
        return finding if one.blocks else _tolerated(finding)

    def _unread(self, file: str, error: UnreadableError | UnparsedError) -> Finding:
        place = Location(self._named(file), error.line if isinstance(error, UnparsedError) else 1)
        what = f"the imports could not be read: {error}"
        return self._finding(DependencyRule.UNREAD_IMPORTS, Outcome.ERROR, what, place, "mend the file")

    def _summary(self, seen: Sequence[Seen], files: int, found: dict[str, Declared]) -> Finding:
        """Return what was looked at, and what cannot be known."""
        missing = sum(len(one.missing) for one in seen)
        names = {name for one in seen for name in one.distributions}
        unknown, typing = sum(len(one.unknown) for one in seen), sum(one.typing for one in seen)
        says = f"{plural(files, 'file')}: {plural(len(names), 'distribution')} declared in {' and in '.join(found)}"
        says += f", {plural(missing, 'import')} not" if missing else ""
        says += f"; {plural(typing, 'import')} for type checkers left alone" if typing else ""
        says += f"; {plural(unknown, 'import')} that only the run knows" if unknown else ""
        return Finding(
            id=f"{self.policy.name}/{SUMMARY}",
            rule=_RULE,
            outcome=Outcome.WARN if missing else Outcome.PASS,
            message=says,
            location=self.policy.locate(("spec", "requirements")),
        )

    def _finding(self, rule: DependencyRule, outcome: Outcome, says: str, place: Location, hint: str) -> Finding:
        return Finding(f"{self.policy.name}/{rule.value}", rule, outcome, says, place, hint=hint)


def _tolerated(finding: Finding) -> Finding:
    """Return a finding that is told and holds nothing up: nobody could ever decide it."""
    return replace(finding, on_unknown=OnUnknown.PASS)


def _has_python(folder: Path) -> bool:
    """Return whether a folder is a package, with ``__init__.py`` or without."""
    try:
        with os.scandir(folder) as entries:
            listed = [entry for _, entry in zip(range(10_000), entries, strict=False)]
    except OSError:
        return False
    return any(entry.name.endswith(".py") or (entry.is_dir() and _is_package(entry.path)) for entry in listed)


def _is_package(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(".py") for _, entry in zip(range(10_000), entries, strict=False))
    except OSError:
        return False
