"""Gate G5: lint the files that the policies name, and turn what is found into a report like any other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cvnpolicy.app.code_files import chosen, read, scoped
from cvnpolicy.core.finding import Finding, Mode, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import LintRule
from cvnpolicy.core.time import rfc3339
from cvnpolicy.engine.decide import decide
from cvnpolicy.kinds.hyperparameters.model import HyperparameterPolicySpec, Suppressions
from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.runner import Violation, idle_text, lint, unread
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.source import UnreadableError
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
    only = None if not paths else chosen(paths, project)
    runs = [_linted(project, policy, at, only) for policy in asked]
    # A comment may be there for another policy: it is idle only where no policy needs it.
    needed = {place for run in runs for place in run.needed}
    findings = [finding for run in runs for finding in _findings(run, needed, at)]
    return decide(policies.only(frozenset(policy.name for policy in asked)), findings, at, strict=strict)


Needed = tuple[str, int, str]
"""File and line of a comment, and a rule that it silences for some policy."""


@dataclass(frozen=True)
class _Run:
    """What one policy's files have."""

    policy: Policy[Spec]
    settings: Settings
    files: int
    found: Sequence[Violation]

    @property
    def needed(self) -> Iterator[Needed]:
        """What each comment silences."""
        for one in self.found:
            if one.silenced is not None:
                yield one.location.file, one.silenced.line, one.rule


def _linted(project: Project, policy: Policy[Spec], at: datetime, only: Collection[str] | None) -> _Run:
    spec, root = policy.spec, project.repository.resolve()
    files = scoped(root, policy, at)
    asked = sorted(files.literal | files.environment)
    settings = settings_of(spec, at)
    found: list[Violation] = []
    looked_at = [file for file in asked if only is None or file in only]
    for file in looked_at:
        try:
            data = read(root, file)
        except UnreadableError as error:
            found.append(unread(f"{project.part}{file}", error))
        else:
            where = (file in files.literal, file in files.environment)
            found += lint_text(data, f"{project.part}{file}", spec, settings, at, where)
    return _Run(policy, settings, len(looked_at), found)


def lint_text(
    data: bytes, file: str, spec: Spec, settings: Settings, at: datetime, where: tuple[bool, bool]
) -> list[Violation]:
    """Return what one policy finds in one text.

    Args:
        data: The text.
        file: Its path for locations.
        spec: What the policy says.
        settings: What :func:`settings_of` makes of it.
        at: The instant that ends suppressions.
        where: Whether numbers are looked for in it, and whether reads of the environment are.
    """
    literal, environment = where
    rules = [rule for rule in RULES if (environment if rule.id == LintRule.ENVIRONMENT else literal)]
    wanted = settings if literal else replace(settings, names=frozenset(), ambiguous=frozenset())
    return lint(data, file, rules, wanted, at, forbidden=spec.suppressions is Suppressions.FORBIDDEN)


def _findings(run: _Run, needed: Collection[Needed], at: datetime) -> Iterator[Finding]:
    lines = {place[:2] for place in needed}
    kept = []
    for one in run.found:
        file, line = one.location.file, one.location.line
        idle = [rule for rule in one.idle if (file, line, rule) not in needed]
        if idle:
            kept.append(replace(one, message=idle_text(idle, alone=(file, line) not in lines)))
        elif not one.idle:
            kept.append(one)
    for one in kept:
        yield _finding(run.policy, one, run.settings)
    yield _summary(run.policy, run.files, sum(one.silenced is None for one in kept), at)


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


def _finding(policy: Policy[Spec], one: Violation, settings: Settings) -> Finding:
    details: dict[str, Any] = {"name": one.name, "value": one.value} if one.name else {}
    if one.silenced is not None:
        details["waiver"] = {"reason": one.silenced.reason, "in_source": True}
        if one.silenced.until is not None:
            details["waiver"]["expires"] = rfc3339(one.silenced.until)
    return Finding(
        id=f"{policy.name}/{one.rule}",
        rule=one.rule,
        outcome=Outcome.ERROR if one.rule == LintRule.UNPARSED else Outcome.FAIL,
        message=one.message,
        location=one.location,
        hint=_hint(policy.spec, one, settings),
        waived_by="a comment in the code" if one.silenced is not None else None,
        details=details,
    )


def _hint(spec: Spec, one: Violation, settings: Settings) -> str:
    """Return what to write instead."""
    name = one.name
    if one.rule == LintRule.ENVIRONMENT:
        name = settings.variable(one.name) or ""
        if not name:
            return f"only {spec.resolver.module} reads these: ask it"
    if one.rule == LintRule.FALLBACK:
        return "take it out: a value that is missing must stop the run"
    if one.rule == LintRule.SPACE:
        return f"take the values from {spec.resolver.module}"
    if one.rule == LintRule.EMBEDDED:
        return f"put the value in with {settings.fix.replace('{name}', name)}"
    return f"write {settings.fix.replace('{name}', name)}" if name else ""


def _summary(policy: Policy[Spec], files: int, found: int, at: datetime) -> Finding:
    """Return the finding that says what was looked at, and when advice begins to block."""
    enforcement = policy.document.enforcement
    until = enforcement.block_from
    soon = ""
    if until is not None and enforcement.mode_at(at) is Mode.ADVISE:
        minutes = int((until - at).total_seconds()) // 60
        days, hours = minutes // (24 * 60), minutes // 60 % 24
        soon = f"; blocks in {days} d {hours} h" if days else f"; blocks in {hours} h {minutes % 60} min"
    return Finding(
        id=f"{policy.name}/{FILES}",
        rule="CVN550",
        outcome=Outcome.WARN if found else Outcome.PASS,
        message=f"{plural(files, 'file')} linted, {plural(found, 'finding')}{soon}",
        location=policy.locate(("spec", "names")),
    )
