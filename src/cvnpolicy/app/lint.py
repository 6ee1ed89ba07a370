"""Gate G5: lint the files that the policies name, and turn what is found into a report like any other."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.finding import Finding, Mode, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule, LintRule
from cvnpolicy.core.time import rfc3339
from cvnpolicy.engine.decide import decide
from cvnpolicy.kinds.hyperparameters.model import HyperparameterPolicySpec, Suppressions
from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.runner import Violation, lint
from cvnpolicy.lint.settings import Settings
from cvnpolicy.load.files import inside
from cvnpolicy.load.project import Project
from cvnpolicy.report.wording import plural

FILES = "files"
"""The id of the finding that sums up a policy's files."""

Spec = HyperparameterPolicySpec


def lint_policies(
    project: Project, policies: PolicySet, at: datetime, paths: Sequence[Path] = (), *, strict: bool = False
) -> Report:
    """Lint the files below the policies' scopes.

    Args:
        project: The configuration: paths of policies are below its repository.
        policies: The loaded set; those of other kinds are left alone.
        at: The instant, UTC: it decides whether a finding blocks and which suppressions have ended.
        paths: Only files among and below these; all without. A path that no scope has is no mistake: hooks pass what
            changed.
        strict: Whether a warning fails the run.

    Raises:
        InvalidInputError: A scope, the resolver's module or an exclusion has no file, or a path leaves the repository.
    """
    asked = [policy for kind, policy in policies.policies if kind.lints]
    chosen = None if not paths else _chosen(paths, project)
    findings = [finding for policy in asked for finding in _of_policy(project, policy, at, chosen)]
    return decide(policies.only(frozenset(policy.name for policy in asked)), findings, at, strict=strict)


def _chosen(paths: Sequence[Path], project: Project) -> frozenset[str]:
    outside = [path for path in paths if inside(path, project.repository) is None]
    if outside:
        what = f"'{outside[0]}' is not in the repository '{project.configuration.repository}'"
        raise InvalidInputError([Problem(DocumentRule.UNREADABLE, what, "name files of the repository", None)])
    root = project.repository.resolve()
    return frozenset(
        file for path in paths for file in _files(root, path.resolve().relative_to(root).as_posix() or ".")
    )


def _of_policy(
    project: Project, policy: Policy[Spec], at: datetime, chosen: Collection[str] | None
) -> Iterator[Finding]:
    spec, root = policy.spec, project.repository.resolve()
    literal, environment = _scoped(root, policy, at)
    files = sorted(literal | environment if chosen is None else (literal | environment) & set(chosen))
    settings = settings_of(spec, at)
    narrow = replace(settings, names=frozenset(), ambiguous=frozenset())
    counted = 0
    prefix = "" if project.configuration.repository == "." else f"{project.configuration.repository}/"
    for file in files:
        rules = [rule for rule in RULES if file in (environment if rule.id == LintRule.ENVIRONMENT else literal)]
        forbidden = spec.suppressions is Suppressions.FORBIDDEN
        wanted = settings if file in literal else narrow
        for one in lint((root / file).read_bytes(), f"{prefix}{file}", rules, wanted, at, forbidden=forbidden):
            counted += one.silenced is None
            yield _finding(policy, one, settings)
    yield _summary(policy, len(files), counted, at)


def settings_of(spec: Spec, at: datetime) -> Settings:
    """Return what the linter looks for at an instant."""
    until = spec.resolver.defaults_until
    return Settings(
        names=frozenset(spec.names),
        ambiguous=frozenset(spec.ambiguous_names or ()),
        env_prefix=spec.environment.prefix if spec.environment is not None else "",
        resolvers=frozenset(spec.resolver.callables),
        defaults=frozenset(spec.resolver.defaults),
        no_defaults=until is not None and at >= until,
        fix=spec.fix,
    )


def _scoped(root: Path, policy: Policy[Spec], at: datetime) -> tuple[set[str], set[str]]:
    """Return the files that literals, and the files that reads of the environment, are looked for in."""
    spec = policy.spec
    problems: list[Problem] = []

    def files(path: str, *where: str | int) -> set[str]:
        found = set(_files(root, path))
        if not found:
            what, place = f"no Python file is below '{path}'", policy.locate(("spec", *where))
            problems.append(Problem(DocumentRule.DANGLING_NAME, what, "correct the path, or remove it", place))
        return found

    literal, environment, excluded = set[str](), set[str](), set[str]()
    for index, path in enumerate(spec.scopes):
        literal |= files(path, "scopes", index)
    for index, path in enumerate(spec.environment.scopes if spec.environment is not None else ()):
        environment |= files(path, "environment", "scopes", index)
    for index, one in enumerate(spec.excluded or ()):
        left_out = files(one.path, "excluded", index, "path")
        excluded |= left_out if at < one.until else set()
    own = {spec.resolver.module}
    if not (root / spec.resolver.module).is_file():
        place = policy.locate(("spec", "resolver", "module"))
        what = f"there is no file '{spec.resolver.module}'"
        problems.append(Problem(DocumentRule.DANGLING_NAME, what, "name the module that resolves", place))
    if problems:
        raise InvalidInputError(problems)
    return literal - own - excluded, environment - own


def _files(root: Path, path: str) -> Iterator[str]:
    """Yield the Python files at or below a path of the repository, links not followed."""
    start = root / path
    if start.is_symlink() or inside(start, root) is None:
        return
    if start.is_file():
        if start.suffix in (".py", ".pyi"):
            yield start.relative_to(root).as_posix()
        return
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            file = Path(folder) / name
            if file.suffix in (".py", ".pyi") and file.is_file() and not file.is_symlink():
                yield file.relative_to(root).as_posix()


def _finding(policy: Policy[Spec], one: Violation, settings: Settings) -> Finding:
    details: dict[str, Any] = {"name": one.name, "value": one.value} if one.name else {}
    if one.silenced is not None:
        details["waiver"] = {"reason": one.silenced.reason, "in_source": True}
        if one.silenced.until is not None:
            details["waiver"]["expires"] = rfc3339(one.silenced.until)
    fix = settings.fix.replace("{name}", one.name)
    return Finding(
        id=f"{policy.name}/{one.rule}",
        rule=one.rule,
        outcome=Outcome.ERROR if one.rule == LintRule.UNPARSED else Outcome.FAIL,
        message=one.message,
        location=one.location,
        hint=f"write {fix}" if one.name and one.rule != LintRule.EMBEDDED else "",
        waived_by="a comment in the code" if one.silenced is not None else None,
        details=details,
    )


def _summary(policy: Policy[Spec], files: int, found: int, at: datetime) -> Finding:
    """Return the finding that says what was looked at, and when advice begins to block."""
    enforcement = policy.document.enforcement
    until = enforcement.block_from
    soon = ""
    if until is not None and enforcement.mode_at(at) is Mode.ADVISE:
        hours = int((until - at).total_seconds()) // 3600
        soon = f"; blocks in {hours // 24} d {hours % 24} h"
    return Finding(
        id=f"{policy.name}/{FILES}",
        rule="CVN550",
        outcome=Outcome.WARN if found else Outcome.PASS,
        message=f"{plural(files, 'file')} linted, {plural(found, 'finding')}{soon}",
        location=policy.locate(("spec", "names")),
    )
