"""Judge the example deployment as a user would, and see that the answer is the one that the story is built for.

Leaves with 0 when the demo worked, although the gate that it shows would not have: the deployment has a bad week.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from synthetic.timeline import AT, text

ROOT = Path(__file__).resolve().parents[2]
RECORDED = "examples/cvntrade/evidence/recorded.json"
EVALUATE = ("evaluate", "--at", text(AT), "--save-evidence", RECORDED)

EXPECTED = {"pass", "warn", "fail", "inconclusive", "no_data", "error", "not_applicable"}
"""Every outcome but `skipped`."""
JUDGED = (0, 1, 4)
"""Exit codes of a run that gave a verdict: holds, failed, could not decide."""

NEXT = """\
What next
  {cvnpolicy} explain btc-features-drift/ks-per-feature
      what a check asks, in plain English
  {cvnpolicy} evaluate --evidence {recorded} --only live-trading --verbose
      one policy in full, on the same evidence
  {cvnpolicy} evaluate --at {at} --format json
      the report for programs
  Move a limit below policies/, then {cvnpolicy} validate, and evaluate again.
"""


def main() -> int:
    print(f"$ cvnpolicy {shlex.join(EVALUATE)}\n", flush=True)
    gate = _cvnpolicy(*EVALUATE).returncode
    if gate not in JUDGED:
        print(f"The demo is broken: evaluate left with {gate}.", file=sys.stderr)
        return 1
    replay = _cvnpolicy("evaluate", "--evidence", RECORDED, "--format", "json", capture=True)
    if replay.returncode != gate:
        print(f"The demo is broken: the recorded evidence gives {replay.returncode}, not {gate}.", file=sys.stderr)
        return 1
    found = {outcome for outcome, count in json.loads(replay.stdout)["summary"].items() if count}
    if found != EXPECTED:
        print(f"The demo is broken: not the outcomes it shows: {', '.join(sorted(found ^ EXPECTED))}.", file=sys.stderr)
        return 1
    print("\n" + NEXT.format(cvnpolicy=_command(), recorded=RECORDED, at=text(AT)))
    print(f"A gate would have left with {gate}. The demo itself worked.")
    return 0


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
