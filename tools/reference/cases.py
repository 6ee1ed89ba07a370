"""One passing and one failing case of a kind, for its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.load.nodes import to_plain
from cvnpolicy.load.parse import parse

GOOD, BAD = ("pass", "valid"), ("fail", "invalid", "warn")
"""What a case may show to stand for passing and for failing; the first that a kind has is taken."""

Case = Mapping[str, Any]


def examples(folder: Path, link: str) -> str:
    """Return the sections of the first good and the first bad case; empty where the kind has none.

    Args:
        folder: The kind's folder; its cases are ``cases/*.yaml``, each a list.
        link: How the page names that folder.

    Raises:
        InvalidInputError: If a file of cases is not YAML that the loader reads.
    """
    cases = list(_cases(folder))
    sections = []
    for title, wanted in (("Example: it holds", GOOD), ("Example: it does not", BAD)):
        found = next((pair for shows in wanted for pair in cases if pair[1].get("shows") == shows), None)
        if found is not None:
            sections.append(_section(title, f"{link}/cases/{found[0]}", found[1]))
    return "\n".join(sections)


def _cases(folder: Path) -> Iterator[tuple[str, Case]]:
    for file in sorted(folder.glob("cases/*.yaml")):
        parsed = parse(file.read_bytes(), file.name)
        if parsed.problems:
            raise InvalidInputError(parsed.problems)
        for node in parsed.documents:
            listed = to_plain(node)
            for case in listed if isinstance(listed, list) else []:
                yield file.name, case


def _section(title: str, link: str, case: Case) -> str:
    says = case.get("says")
    name = link.rsplit("/", 1)[-1]
    lines = [
        f"## {title}\n",
        f"{says}\n" if says else "",
        f"```yaml\n{case['policies'].strip()}\n```\n",
        _outcome(case),
        f"Its evidence is the case `{case['name']}` of [{name}]({link}).\n",
    ]
    return "\n".join(line for line in lines if line)


def _outcome(case: Case) -> str:
    expected = case["expect"]
    problems = expected.get("problems")
    if problems:
        return "What `cvnpolicy validate` says:\n\n```text\n" + "\n".join(problems) + "\n```\n"
    if problems is not None:
        return "`cvnpolicy validate` finds nothing wrong.\n"
    lines = [_finding(finding) for finding in expected["findings"]]
    return f"Judged at `{case['at']}` (exit code {expected['exit_code']}):\n\n" + "\n".join(lines) + "\n"


def _finding(finding: Mapping[str, Any]) -> str:
    group = ", ".join(f"{key} {value}" for key, value in (finding.get("group") or {}).items())
    message = f": {finding['message']}" if finding.get("message") else ""
    measured = f", measured {finding['measured']}" if finding.get("measured") is not None else ""
    return f"* `{finding['id']}`{f' ({group})' if group else ''} is **{finding['outcome']}**{measured}{message}"
