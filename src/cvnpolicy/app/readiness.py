"""Judge readiness files and runbooks by the policies, and turn what is found into a report like any other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cvnpolicy.app.readiness_files import Library, Read, is_readiness
from cvnpolicy.core.finding import Finding, Mode, OnUnknown, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import ReadinessRule
from cvnpolicy.engine.decide import decide
from cvnpolicy.kinds.readiness.model import Level, ReadinessPolicySpec, Unknown
from cvnpolicy.load.project import Project
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.answer import Around, Verdict
from cvnpolicy.readiness.judge import Judge
from cvnpolicy.readiness.links import pointers, trouble
from cvnpolicy.readiness.named import alerts_of
from cvnpolicy.readiness.select import RUNBOOK
from cvnpolicy.readiness.text import HEADER, sentences
from cvnpolicy.readiness.truth import Figure, FigureKind, Knowledge, Status, figures, learn

Spec = ReadinessPolicySpec
Templates = Callable[[str], Sequence[Page]]
"""Returns pages that a pattern meant elsewhere."""
_EVALUATED = {FigureKind.LIMIT, FigureKind.WINDOW, FigureKind.CADENCE, FigureKind.LASTING}
"""Figures that somebody evaluates where a check states them. A name alone is only known."""


def _none(_pattern: str) -> Sequence[Page]:
    return ()


_NO_OTHERS: Templates = _none
_OUTSIDE = {Outcome.SKIPPED, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE}


def judge_files(
    project: Project,
    policies: PolicySet,
    at: datetime,
    paths: Sequence[Path] = (),
    *,
    strict: bool = False,
    templates: Templates = _NO_OTHERS,
) -> Report:
    """Judge the readiness files and runbooks of a repository.

    Args:
        project: The configuration: paths of policies are below its repository.
        policies: The loaded set: those that say what a file must contain, and those that its figures are compared with.
        at: The instant, UTC: it decides whether a finding blocks.
        paths: Files to judge, and folders to look in; all files that the policies mean without any. A file that is
            named is judged wherever it lies.
        strict: Whether a warning fails the run.
        templates: Returns templates beside those that are there: a change that cuts one lets no placeholder through.
    """
    asked = [policy for kind, policy in policies.policies if kind.reads]
    library = Library(project)
    findings = [finding for policy in asked for finding in _Run(policy, policies, library, templates).findings(paths)]
    return decide(policies.only(frozenset(policy.name for policy in asked)), findings, at, strict=strict)


@dataclass(frozen=True)
class _Run:
    """One policy, and the files that it is asked about."""

    policy: Policy[Spec]
    policies: PolicySet
    library: Library
    templates: Templates

    @property
    def spec(self) -> Spec:
        """What it says."""
        return self.policy.spec

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the policies state: looked up once for all files."""
        return learn(self.policies, self.spec.terms or ())

    def findings(self, paths: Sequence[Path]) -> Iterator[Finding]:
        """Yield the findings on every file."""
        judge = Judge(self.spec, self._template())
        ready, books = self._files(paths)
        routes = self._routes(judge, ready)
        for read in ready:
            yield from self._judged(judge, read, (), runbook=False)
        for read in books:
            key = os.path.realpath(read.path)
            yield from self._judged(judge, read, tuple(dict.fromkeys(routes.get(key, ()))), runbook=True)

    def _template(self) -> frozenset[str]:
        if self.spec.template is None:
            return frozenset()
        pages = [self.library.read(path).page for path in self.library.matching([self.spec.template])]
        pages += self.templates(self.spec.template)
        return frozenset(sentence for page in pages if page is not None for sentence in sentences(page))

    def _files(self, paths: Sequence[Path]) -> tuple[list[Read], list[Read]]:
        """Return the readiness files, and the runbooks."""
        every = dict.fromkeys(self.library.matching(self.spec.files), False)
        every |= dict.fromkeys(self.library.matching(self.spec.runbook.files), True)
        wanted = every if not paths else self._chosen(paths, every)
        reads = {self.library.read(path): runbook for path, runbook in wanted.items()}
        return [read for read, book in reads.items() if not book], [read for read, book in reads.items() if book]

    def _chosen(self, paths: Sequence[Path], every: dict[Path, bool]) -> dict[Path, bool]:
        chosen: dict[Path, bool] = {}
        for path in paths:
            if path.is_dir():
                top = path.resolve()
                chosen |= {file: book for file, book in every.items() if file.resolve().is_relative_to(top)}
            else:
                chosen[path] = self._is_runbook(path, every)
        return chosen

    def _is_runbook(self, path: Path, every: dict[Path, bool]) -> bool:
        known = {file.resolve(): book for file, book in every.items()}.get(path.resolve())
        if known is not None:
            return known
        text = self.library.read(path).page
        return text is not None and not is_readiness(text, self.spec)

    def _routes(self, judge: Judge, ready: Sequence[Read]) -> dict[str, list[str]]:
        """Return which alerts readiness files route to each runbook, by its real path."""
        routes: dict[str, list[str]] = {}
        known = {read.path.resolve(): read for read in ready}
        known |= {path.resolve(): self.library.read(path) for path in self.library.matching(self.spec.files)}
        for read in known.values():
            if read.page is not None:
                for path, alert in self._routed(judge, read.page, read.path):
                    routes.setdefault(path, []).append(alert)
        return routes

    def _routed(self, judge: Judge, page: Page, path: Path) -> Iterator[tuple[str, str]]:
        text, form = judge.text(page), judge.phrases.form("path")
        for name, model in self.spec.tables.items():
            if not {"alert", "runbook"} <= set(model.columns):
                continue
            shape = text.table(name)
            for alert, row in alerts_of(() if shape is None else shape.rows, "alert"):
                places = [row.row["runbook"]] if "runbook" in row.row and form.search(row.row["runbook"].plain) else []
                for piece in places or text.prose(model.section):
                    for found in form.finditer(piece.plain):
                        runbook = self.library.runbook(found[0], path, self.spec.runbook.files)
                        if runbook is not None:
                            yield os.path.realpath(runbook), alert

    def _judged(self, judge: Judge, read: Read, routed: tuple[str, ...], *, runbook: bool) -> Iterator[Finding]:
        rule = ReadinessRule.RUNBOOK if runbook else ReadinessRule.READINESS
        if read.page is None:
            problem = read.problem
            said, hint = ("it cannot be read", "") if problem is None else (problem.what, problem.right)
            where = Location(read.name)
            yield Finding(f"{self.policy.name}/file", ReadinessRule.UNREAD, Outcome.ERROR, said, where, hint=hint)
            return
        place = self.library.place(read.path)
        around = Around(place or read.path.name, self._opener(read.path), routed, inside=place is not None)
        verdicts = judge.runbook(read.page, around) if runbook else judge.readiness(read.page, around)
        stated = figures(read.page, self.knowledge)
        agreed = {figure.line for figure in stated if figure.status is Status.AGREES and figure.kind in _EVALUATED}
        for verdict in verdicts:
            yield self._finding(verdict, read, rule, automated=verdict.answer.line in agreed)
        for number, figure in enumerate(stated):
            yield self._figure(figure, read, number, "the runbook" if runbook else "readiness")
        yield from self._links(read, place)

    def _opener(self, path: Path) -> Callable[[str], Page | None]:
        def opened(named: str) -> Page | None:
            found = self.library.runbook(named, path, self.spec.runbook.files)
            return None if found is None else self.library.read(found).page

        return opened

    def _finding(self, verdict: Verdict, read: Read, rule: ReadinessRule, *, automated: bool) -> Finding:
        wanted, answer = verdict.rule, verdict.answer
        points: float | None = None
        if answer.outcome not in _OUTSIDE:
            points = 0 if answer.outcome is not Outcome.PASS else 1 if automated else 0.5
        bad = answer.outcome is Outcome.FAIL
        return Finding(
            id=f"{self.policy.name}/{wanted.id}",
            rule=rule,
            outcome=answer.outcome,
            message=f"{wanted.says}: {answer.said}" if answer.said else wanted.says,
            location=Location(read.name, answer.line, 1, answer.line, 1),
            hint=(wanted.right or "") if bad else "",
            requirement=wanted.id,
            mode=Mode.ADVISE if wanted.level is Level.SHOULD else Mode.BLOCK,
            details={**self._called(wanted.section), "level": wanted.level.value, "points": points},
            on_unknown=OnUnknown.PASS if wanted.on_unknown is Unknown.PASS else OnUnknown.HOLD,
        )

    def _called(self, name: str) -> dict[str, str]:
        """Return how a section of a file is called in the score card; what is no part of a file is not in it."""
        section = self.spec.sections.get(name)
        if section is not None:
            number = "" if section.number is None else f"{section.number}. "
            return {"section": f"{number}{section.titles[0]}"}
        return {"section": name.capitalize()} if name in (HEADER, RUNBOOK) else {}

    def _figure(self, figure: Figure, read: Read, number: int, document: str) -> Finding:
        rules = {
            Status.AGREES: (ReadinessRule.AGREES, Outcome.PASS),
            Status.CONTRADICTS: (ReadinessRule.CONTRADICTS, Outcome.FAIL),
            Status.UNBOUND: (ReadinessRule.UNBOUND, Outcome.INCONCLUSIVE),
        }
        rule, outcome = rules[figure.status]
        return Finding(
            id=f"{self.policy.name}/{rule.value}",
            rule=rule,
            outcome=outcome,
            message=f"{document} {figure.message}" if figure.message.startswith("says ") else figure.message,
            location=Location(read.name, figure.line, 1, figure.line, 1),
            group={"figure": number + 1},
            details={"figure": figure.text, "kind": figure.kind.value, "check": figure.check},
            on_unknown=OnUnknown.PASS,
        )

    def _links(self, read: Read, place: str | None) -> Iterator[Finding]:
        """Yield what a file of the repository points at that is not there. Elsewhere nothing can be looked up."""
        if place is None or read.page is None:
            return
        root = self.library.root

        def exists(path: str) -> bool:
            return os.path.lexists(root / path)

        def opened(path: str) -> Page | None:
            return self.library.read(root / path).page

        for pointer in pointers(read.page, place, self.spec.runbook.scripts or ()):
            wrong = trouble(pointer, read.page, exists, opened)
            if wrong is not None:
                yield Finding(
                    id=f"{self.policy.name}/{ReadinessRule.LINK.value}",
                    rule=ReadinessRule.LINK,
                    outcome=Outcome.FAIL,
                    message=f"{pointer.written} {wrong}",
                    location=Location(read.name, pointer.line, 1, pointer.line, 1),
                    hint="correct the name, or write it",
                    group={"target": pointer.written},
                )
