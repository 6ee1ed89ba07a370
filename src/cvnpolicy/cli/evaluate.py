"""``cvnpolicy evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cvnpolicy.app.validate import report_of
from cvnpolicy.cli.options import Common, common, project, write
from cvnpolicy.core.errors import InvalidInputError, UsageError
from cvnpolicy.load.policies import load_policies


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--env", help="Which environment's bindings to use.  [default: default]")
@click.option("--only", multiple=True, metavar="ADDRESS", help="Report only this policy, policy/check or policy/*.")
@click.option("--save-evidence", type=click.Path(path_type=Path), help="Save the evidence here, to replay it later.")
@click.option("--evidence", "recorded", type=click.Path(path_type=Path), help="Judge saved evidence; ask no source.")
@click.option("--strict", is_flag=True, help="A warning fails the run.")
@common
def command(
    paths: tuple[Path, ...],
    recorded: Path | None,
    save_evidence: Path | None,
    env: str | None,
    common: Common,
    **chosen: Any,  # noqa: ANN401  only and strict go on as they are
) -> int:
    """Judge policies on evidence.

    PATHS are the files and folders of policies to judge; without any, the folder that cvnpolicy.yaml names. The exit
    code is what a gate needs: 0 holds, 1 failed, 4 could not decide, 5 nothing to check.
    """
    # What reads evidence is imported only here: validating and explaining do not pay for it.
    from cvnpolicy.app.evaluate import evaluate
    from cvnpolicy.core.evidence_json import dump
    from cvnpolicy.sources.recorded import read_evidence

    if recorded is not None and save_evidence is not None:
        raise UsageError("--evidence and --save-evidence exclude one another: name one")
    if recorded is not None and env is not None:
        raise UsageError("--evidence asks no source, so --env means nothing with it: leave one out")
    setting = project(common.config)
    loaded = load_policies(setting, paths)
    if loaded.problems and common.format != "terminal":
        report = report_of(loaded.problems, common.instant)
        common.show(report)
        return report.exit_code
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    evidence = read_evidence(recorded) if recorded is not None else None
    if evidence is not None and common.at not in (None, evidence.at):
        raise UsageError(f"the evidence was recorded for {evidence.at.isoformat()}: leave --at out, or record again")
    result = evaluate(
        setting,
        loaded.policies,
        at=evidence.at if evidence is not None else common.instant,
        environment=env or "default",
        among=loaded.named,
        evidence=evidence,
        **chosen,
    )
    if save_evidence is not None:
        write(dump(result.evidence), save_evidence)
    common.show(result.report)
    return result.report.exit_code
