"""Nothing that a stranger wrote reaches a terminal or a build server as an order, in any format of any command."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, GroupReading, Outcome, Report, Severity, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.report import FORMATS, render
from tests.hostile.case import build
from tests.hostile.texts import BASE, CONFIG, POLICY, config, policy

AT = datetime(2026, 6, 1, tzinfo=UTC)
ORDER = "::stop-commands::pwned"
ATTACKS = {
    "a line of GitHub's": f"a\n{ORDER}",
    "a line after a return": f"a\r{ORDER}",
    "a line for some only": f"a\u2028{ORDER}\u0085{ORDER}\x0b{ORDER}\x0c{ORDER}",
    "an order at once": ORDER,
    "an order after spaces": f"\t\u3000\u200b {ORDER}",
    "an escaped line end": f"a%0A{ORDER}%0D%0A{ORDER}",
    "the end of a property": f"a,line=1::b\n{ORDER}",
    "GitHub's older form": "##[stop-commands]pwned",
    "Azure": "##vso[task.setvariable variable=x]pwned",
    "TeamCity": "##teamcity[buildStatus status='SUCCESS']",
    "a title for the terminal": "\x1b]0;pwned\x07\x1b[2J\x9b2J",
    "text that runs backwards": "a\u202eb\u2066c\u200f",
    "what is not seen": "a\u200b\u2060\ufeff\U000e0041b",
    "half a character": "a\udcffb",
    "the end of a text in XML": "]]>]]&gt;<system-out>\0\x01\ufffe",
}
PLAIN_JSON = frozenset({"json", "sarif"})
_COMMAND = re.compile(r"\s*(?:::([a-z-]+)|\*\*\*::)")
_ANYWHERE = re.compile(r"##(?:\[|vso\[|teamcity\[)")


def orders(text: str, format: str = "terminal") -> list[str]:
    """The lines of a text that a terminal or a build server would obey."""
    own = {"error", "warning", "notice"} if format == "github" else set()
    lines = text.split("\n")
    found = [line for line in lines if (match := _COMMAND.match(line)) and match[1] not in own]
    found += [line for line in lines if not line.isprintable()]
    return found + [line for line in lines if _ANYWHERE.search(line)]


def report(text: str) -> Report:
    """A report that says a text wherever there is room for one."""
    finding = Finding(
        id=f"p/{text}",
        rule="CVN201",
        outcome=Outcome.FAIL,
        message=text,
        hint=text,
        action=text,
        runbook=text,
        requirement=text,
        condition=text,
        severity=Severity.P1,
        group={text: text, "b": text},
        details={text: {text: [text]}},
        location=Location(f"policies/{text}.yaml", 1, 1, 1, 2),
    )
    groups = (GroupReading({text: text}, Outcome.FAIL, 1.0),)
    findings = [replace(finding, id=f"{finding.id}{n}", outcome=outcome) for n, outcome in enumerate(Outcome)]
    waived = replace(finding, id="p/waived", waived_by=f"{text} until {text}")
    return Report(AT, Verdict.FAIL, ExitCode.FAILED, None, (*findings, waived, replace(finding, id="q", groups=groups)))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("format", FORMATS)
def test_no_format_passes_an_order_on(format: str, attack: str) -> None:
    shown = render(report(ATTACKS[attack]), format, verbose=True)
    assert "p/" in shown
    assert orders(shown, format) == []


@pytest.mark.parametrize("join", ["a", "a-", "a ", "\u4e00", "/", "_a."])
def test_no_break_of_a_line_makes_one(join: str) -> None:
    """Wherever a long text is broken, what follows is indented or not, and begins a line."""
    for width in (40, 61, 82):
        for length in range(0, 90, 5):
            text = f"{(join * length)[:length]}{ORDER} {(join * length)[:length]}##[x]"
            assert orders(render(report(text), "terminal", width=width, verbose=True)) == []


ARGUMENTS = {
    "no command": "{}",
    "no option": "validate --{}",
    "no short option": "validate -{}",
    "no format": "validate --format {}",
    "no instant": "evaluate --at {}",
    "no policy": "evaluate --only {}",
    "no environment": "evaluate --env {}",
    "no evidence": "evaluate --evidence {}",
    "no folder to save in": "evaluate --save-evidence {}/x",
    "no folder to write in": "validate --output {}/x",
    "no configuration": "validate --config {}",
    "no path": "validate {}",
    "nothing to explain": "explain {}",
    "too much to explain": "explain CVN201 {}",
    "no schema": "schema {}",
    "no shell": "completion {}",
    "nothing to check": "check {}",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_no_argument_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], argument: str, attack: str
) -> None:
    """A build server may put the name of a branch, or of a file of a pull request, on the command line."""
    monkeypatch.chdir(build(tmp_path, BASE))
    text = ATTACKS[attack].replace("\0", "")
    code = run([part.format(text) for part in ARGUMENTS[argument].split(" ")])
    said = "".join(capfd.readouterr())
    assert code in {ExitCode.USAGE, ExitCode.INVALID, ExitCode.NOTHING}, said
    assert said.strip()
    assert orders(said) == []


COMMANDS = ("validate", "evaluate", "evaluate --verbose", "check", "explain p/c", "explain p")
NAMED = {name: text for name, text in ATTACKS.items() if "/" not in text and "\0" not in text}


@pytest.mark.parametrize("attack", NAMED)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_name_or_text_of_a_file_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str, attack: str
) -> None:
    text = NAMED[attack]
    quoted = "".join(f"\\U{ord(sign):08x}" if sign != "\udcff" else "?" for sign in text)
    rows = f'{{type: csv, path: "{quoted}.csv"}}'
    # What the loader refuses in a policy is refused with its text in the message; the rest is carried on.
    content = policy(title=f'"{quoted}"', rest=f'      action: "{quoted}"\n')
    tree = {**BASE, CONFIG: config(rows), POLICY: content, f"policies/{text}.yaml": f'kind: "{quoted}"\n'}
    monkeypatch.chdir(build(tmp_path, tree))
    for left_out in ([], [f"policies/{text}.yaml"], [f"policies/{text}.yaml", POLICY]):
        for path in left_out:
            (tmp_path / path).unlink(missing_ok=True)
        if POLICY in left_out:
            (tmp_path / POLICY).write_text(policy())
        assert run(command.split()) != ExitCode.INTERNAL
    said = "".join(capfd.readouterr())
    assert said.strip()
    assert orders(said) == []


def test_what_is_an_order_is_known() -> None:
    """The test's own eyes."""
    for text in (*ATTACKS.values(), f"  {ORDER}", "a ##[x]", "\x1b[31m"):
        assert orders(text) or text in {ATTACKS["an escaped line end"], ATTACKS["half a character"]}
    assert orders("::error file=a::b", "github") == []
    assert orders("::error file=a::b") != []
    assert orders(f"a{ORDER} # #[x] ::") == []
