"""``cvnpolicy check``."""

from __future__ import annotations

from collections.abc import Mapping

import click

from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.app.gates.gate import Answer, Asked
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.judging import Judging, judging
from cvnpolicy.cli.names import gates
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.output import say
from cvnpolicy.core.errors import ExitCode, UsageError
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.visible import visible, visible_lines
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.policies import load_policies

_WIDTH = max(map(len, GATES))
_ASKED = "\n".join(f"  {name:<{_WIDTH}}  {load_gate(name).asks}" for name in GATES)
_HELP = f"""Ask every gate there is. One report, one exit code.

\b
Gates:
{_ASKED}

The report holds what the gates found, and for each gate whether it ran and why (rule CVN030). A gate that was left out
or does not apply is told, never hidden. Where several exit codes apply, the first of 70, 2, 3, 1, 4, 5, 0 wins.
"""


@click.command(
    help=_HELP,
    epilog=epilog(
        "cvnpolicy check",
        "cvnpolicy check --format github",
        "cvnpolicy check --skip evidence",
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
@judging
@common
def command(skip: tuple[str, ...], judging: Judging, common: Common) -> int:
    """Ask every gate."""
    from cvnpolicy.app.check import check

    for name in skip:
        if name not in GATES:
            raise UsageError(f"there is no gate '{name}': {did_you_mean(name, GATES)}")
    if "evidence" in skip and (judging.recorded is not None or judging.save_evidence is not None):
        raise UsageError("--skip evidence leaves no evidence to read or save: leave one of the options out")
    judging.check(common)
    setting = project(common.config, judging.destinations(common), recorded=judging.recorded)
    loaded = load_policies(setting)
    evidence, at = judging.read(common)
    checked = check(Asked(setting, loaded, at, judging.env, evidence, judging.strict), skip)
    judging.save(checked.evidence)
    for defect in checked.defects:
        say(visible_lines(defect))
    common.show(checked.report, _gates(checked.gates))
    return checked.report.exit_code


def _gates(answers: Mapping[str, Answer]) -> str:
    """Return a line for each gate: whether it ran, and why."""
    words = {Outcome.SKIPPED: "skipped", Outcome.NOT_APPLICABLE: "does not apply"}
    said = {name: "ran" if a.ran else words.get(a.outcome, "could not run") for name, a in answers.items()}
    column = max(len(word) for word in said.values())
    lines = [f"{name:<{_WIDTH}}  {said[name]:<{column}}  {visible(a.reason)}" for name, a in answers.items()]
    return "\n".join([*lines, "", ""])
