"""``cvnpolicy check``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.app.gates.gate import Answer, Asked
from cvnpolicy.app.validate import report_of
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.judging import Judging, judging
from cvnpolicy.cli.names import gates
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.output import say
from cvnpolicy.cli.reviewing import Reviewing, reviewing
from cvnpolicy.cli.types import Written
from cvnpolicy.core.errors import ExitCode, InvalidInputError, UsageError
from cvnpolicy.core.finding import Outcome, Report
from cvnpolicy.core.visible import visible, visible_lines
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.policies import load_policies

_WIDTH = max(map(len, GATES))
_ASKED = "\n".join(f"  {name:<{_WIDTH}}  {load_gate(name).asks}" for name in GATES)
_HELP = f"""Ask every gate there is. One report, one exit code.

\b
Gates:
{_ASKED}

With --base the change since that commit is judged: the gates look at what it touches, by the policies of the base. What
it loosens itself is a finding of its own, until who the policy names has approved it.

The report holds what the gates found, and for each gate whether it ran and why (rule CVN030). A gate that was left out
or does not apply is told, never hidden. Where several exit codes apply, the first of 70, 2, 3, 1, 4, 5, 0 wins.
"""

Files = Sequence[tuple[str, Path]]
"""The formats and files that the report is written to beside its page."""


@click.command(
    help=_HELP,
    epilog=epilog(
        "cvnpolicy check",
        "cvnpolicy check --base origin/main --pr-body body.md",
        "cvnpolicy check --skip evidence --write markdown=comment.md",
        exits=(code for code in ExitCode if code is not ExitCode.INTERNAL),
        read="docs/explanation/fail-closed.md in the project: what is not known is never a pass",
    ),
)
@click.option(
    "--skip",
    multiple=True,
    metavar="GATE",
    shell_complete=gates,
    help=f"Leave this gate out: {', '.join(GATES)}. May be repeated.",
)
@click.option(
    "--write",
    "written",
    type=Written(),
    multiple=True,
    help="Write the report to a file too, for example sarif=report.sarif. May be repeated.",
)
@reviewing
@judging
@common
def command(skip: tuple[str, ...], written: Files, reviewing: Reviewing, judging: Judging, common: Common) -> int:
    """Ask every gate."""
    from cvnpolicy.app.check import check

    _refuse(skip, judging)
    reviewing.check()
    judging.check(common)
    _distinct([common.output, judging.save_evidence, *(path for _, path in written)])
    with _told(written, common):
        setting = project(common.config, judging.destinations(common, written), recorded=judging.recorded)
        loaded = load_policies(setting)
        evidence, at = judging.read(common)
        change = reviewing.change(setting, loaded, common.config)
        checked = check(Asked(setting, loaded, at, judging.env, evidence, judging.strict, change), skip)
    judging.save(checked.evidence)
    for defect in checked.defects:
        say(visible_lines(defect))
    _write(checked.report, written, common)
    common.show(checked.report, _gates(checked.gates))
    return checked.report.exit_code


def _refuse(skip: Sequence[str], judging: Judging) -> None:
    for name in skip:
        if name not in GATES:
            raise UsageError(f"there is no gate '{name}': {did_you_mean(name, GATES)}")
    if "evidence" in skip and (judging.recorded is not None or judging.save_evidence is not None):
        raise UsageError("--skip evidence leaves no evidence to read or save: leave one of the options out")


def _distinct(files: Sequence[Path | None]) -> None:
    seen: set[str] = set()
    for file in files:
        if file is not None and os.path.realpath(file) in seen:
            raise UsageError(f"two options would write to {file}: name two files")
        seen |= {os.path.realpath(file)} if file is not None else set()


@contextmanager
def _told(written: Files, common: Common) -> Iterator[None]:
    """Where files are invalid, write that to the files of the report too."""
    try:
        yield
    except InvalidInputError as error:
        _write(report_of(error.problems, common.instant), written, common)
        raise


def _write(report: Report, written: Files, common: Common) -> None:
    for format, path in written:
        common.also(report, format, path)


def _gates(answers: Mapping[str, Answer]) -> str:
    """Return a line for each gate: whether it ran, and why."""
    words = {Outcome.SKIPPED: "skipped", Outcome.NOT_APPLICABLE: "does not apply"}
    said = {name: "ran" if a.ran else words.get(a.outcome, "could not run") for name, a in answers.items()}
    column = max(len(word) for word in said.values())
    lines = [f"{name:<{_WIDTH}}  {said[name]:<{column}}  {visible(a.reason)}" for name, a in answers.items()]
    return "\n".join([*lines, "", ""])
