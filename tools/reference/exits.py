"""The page of exit codes: what each means, what to do next, and a command that gives it."""

from __future__ import annotations

from cvnpolicy.core.errors import PRECEDENCE, ExitCode
from tools.reference.docstrings import member_docs
from tools.reference.tables import table

FILES = {
    "cvnpolicy.yaml": """\
policies: policies
environments:
  default:
    scores: {type: csv, path: scores.csv, time: ts}
""",
    "policies/live.yaml": """\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {name: live, title: Live scores, owner: "@you"}
spec:
  checks:
    - id: f1-floor
      measure: {statistic: mean, dataset: scores, columns: [f1], window: 24h}
      crit_if: "< 0.3"
""",
    "scores.csv": """\
ts,f1
2026-06-08T12:00:00Z,0.41
2026-06-09T12:00:00Z,0.22
""",
}
"""The folder in which the examples run."""

EXAMPLES = {
    ExitCode.OK: "cvnpolicy evaluate --at 2026-06-09T00:00:00Z > report.txt",
    ExitCode.FAILED: "cvnpolicy evaluate --at 2026-06-10T00:00:00Z > report.txt",
    ExitCode.USAGE: "cvnpolicy evaluate --at yesterday 2> report.txt",
    ExitCode.INVALID: "echo 'kind: DriftPolicy' > half.yaml; cvnpolicy validate half.yaml > report.txt",
    ExitCode.UNDECIDED: "cvnpolicy evaluate --at 2026-06-11T00:00:00Z > report.txt",
    ExitCode.NOTHING: "mkdir empty; cvnpolicy validate empty > report.txt",
}
"""A command for each code but the one that only a defect gives."""


def exit_codes() -> str:
    """Return the page of exit codes."""
    said = {code: member_docs(ExitCode)[code.name].partition("\n\n") for code in ExitCode}
    rows = [(f"[{code.value}](#{anchor(code)})", code.name.lower(), said[code][0]) for code in ExitCode]
    order = " > ".join(str(code.value) for code in PRECEDENCE)
    parts = [
        "# Exit codes\n",
        table(("code", "name", "meaning"), rows),
        f"Where several apply, the first of these wins: {order}.\n",
        "The examples run one after another in a folder with the [files below](#the-files-of-the-examples): a good",
        "day, a bad day, and nothing after it.\n",
        *(_section(code, said[code][2]) for code in ExitCode),
        "## The files of the examples\n",
        *(f'```{_language(name)} title="{name}"\n{text}```\n' for name, text in FILES.items()),
    ]
    return "\n".join(parts)


def _section(code: ExitCode, after: str) -> str:
    example = EXAMPLES.get(code)
    shown = f"\n```console\n$ {example}; echo $?\n{code.value}\n```\n" if example is not None else ""
    return f"## {code.value}: {code.name.lower()}\n\n{after}\n{shown}"


def anchor(code: ExitCode) -> str:
    """Return the anchor of a code's section."""
    return f"{code.value}-{code.name.lower()}"


def _language(name: str) -> str:
    return name.rpartition(".")[2]
