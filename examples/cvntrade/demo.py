"""Judge the three weeks of the example as a user would, and see that each answer is what its story is built for.

Leaves with 0 when the demo worked, although the gates that it shows would not have: two of the weeks are bad.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from synthetic.timeline import AT, text

ROOT = Path(__file__).resolve().parents[2]
RECORDED = "examples/cvntrade/evidence/recorded.json"
EVALUATE = ("evaluate", "--at", text(AT), "--save-evidence", RECORDED)

EXPECTED = {"pass", "warn", "fail", "inconclusive", "no_data", "error", "not_applicable"}
"""The outcomes of the mixed week: every one but `skipped`."""
EXITS = {"quiet": 0, "mixed": 1, "bad": 1}
"""The exit codes that gates would have had."""
WIDTH = 100

NEXT = """\
What next
  {cvnpolicy} explain btc-features-drift/ks-per-feature
      what a check asks, in plain English
  {cvnpolicy} evaluate --evidence {recorded} --only live-trading --verbose
      one policy in full, on the same evidence
  {cvnpolicy} evaluate --env bad --at {at}
      the whole report of the bad week
  Move a limit below policies/, then {cvnpolicy} validate, and evaluate again.
"""


class BrokenError(Exception):
    """The demo does not show what it is built for."""


def main() -> int:
    try:
        _demo()
    except BrokenError as error:
        print(f"The demo is broken: {error}.", file=sys.stderr)
        return 1
    return 0


def _demo() -> None:
    print(f"$ cvnpolicy {shlex.join(EVALUATE)}\n", flush=True)
    gate = _cvnpolicy(*EVALUATE).returncode
    mixed = _report("mixed", "--evidence", RECORDED)
    if gate != EXITS["mixed"]:
        raise BrokenError(f"evaluate left with {gate}")
    found = {outcome for outcome, count in mixed["summary"].items() if count}
    if found != EXPECTED:
        raise BrokenError(f"not the outcomes it shows: {', '.join(sorted(found ^ EXPECTED))}")
    print("\nThe same policies on three weeks\n")
    weeks = {"quiet": _report("quiet", *_asked("quiet")), "mixed": mixed, "bad": _report("bad", *_asked("bad"))}
    for name, report in weeks.items():
        counts = ", ".join(
            f"{count} {outcome.replace('_', ' ')}" for outcome, count in report["summary"].items() if count
        )
        print(f"  {name:6} {report['verdict'].upper():5} exit code {report['exit_code']}   {counts}")
    print("\nWhat the bad week raises, the most urgent first\n")
    print("\n".join(_raised(weeks["bad"])))
    print("\n" + NEXT.format(cvnpolicy=_command(), recorded=RECORDED, at=text(AT)))
    print(f"A gate would have left with {gate}. The demo itself worked.")


def _asked(week: str) -> Sequence[str]:
    return ("--env", week, "--at", text(AT))


def _report(week: str, *arguments: str) -> Mapping[str, Any]:
    """Return the report of a week for programs.

    Raises:
        BrokenError: It is not the verdict that the week is built for.
    """
    done = _cvnpolicy("evaluate", *arguments, "--format", "json", capture=True)
    if done.returncode != EXITS[week]:
        raise BrokenError(f"the {week} week gives {done.returncode}, not {EXITS[week]}")
    report: Mapping[str, Any] = json.loads(done.stdout)
    return report


def _raised(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each check that warns or fails, with how many of its groups do."""
    groups: dict[tuple[str, str, str, str], int] = {}
    for finding in report["findings"]:
        if finding["outcome"] in ("warn", "fail"):
            key = (finding["severity"], finding["outcome"], finding["id"], finding["action"])
            groups[key] = groups.get(key, 0) + 1
    for (severity, outcome, address, action), count in sorted(groups.items()):
        times = f" ({count} groups)" if count > 1 else ""
        line = f"  {severity} {outcome.upper():4}  {address}{times}: {action}"
        yield line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _command() -> str:
    """What a person types here: the command itself where it is on the path, else the one of this environment."""
    beside = Path(sys.executable).with_name("cvnpolicy")
    if shutil.which("cvnpolicy") is not None or not beside.exists():
        return "cvnpolicy"
    return str(beside.relative_to(ROOT)) if beside.is_relative_to(ROOT) else str(beside)


def _cvnpolicy(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cvnpolicy", *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE if capture else None, encoding="utf-8", check=False)


if __name__ == "__main__":
    sys.exit(main())
