"""All gates: which ran and why, and which exit code wins."""

from __future__ import annotations

import itertools
import pkgutil
import sys
from pathlib import Path

import pytest

from cvnpolicy.app import gates as package
from cvnpolicy.app.check import Checked, check
from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.app.gates.gate import Answer, Asked, Gate
from cvnpolicy.core.errors import PRECEDENCE, ExitCode, MissingExtraError, UsageError
from cvnpolicy.core.finding import Outcome, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from tests.support.policies import AT, EVENTS, checks, write
from tests.support.tree import write_tree

ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, %s: '> 1'}"
GOOD = "ts,a\n2026-06-07T12:00:00Z,0.5\n"
BAD = "ts,a\n2026-06-07T12:00:00Z,2\n"
BROKEN = "kind: [\n"
NAMES = ["policies", "change", "pull-request", "code", "dependencies", "readiness", "schemas", "evidence"]


def asked(root: Path, **options: object) -> Asked:
    project = load(root / "cvnpolicy.yaml")
    values = {"at": AT, "environment": None, "evidence": None, "strict": False} | options
    return Asked(project=project, loaded=load_policies(project), **values)  # type: ignore[arg-type]


def repository(root: Path, *, rows: str = GOOD, key: str = "crit_if", **files: str) -> Path:
    write(root, EVENTS, checks(ONE % key), files={"data.csv": rows, **files})
    return root


def told(checked: Checked) -> dict[str, tuple[str, str]]:
    """The findings about the gates of policies and evidence: outcome and what it says."""
    own = [f for f in checked.report.findings if f.id in ("gate/policies", "gate/evidence")]
    return {finding.id: (finding.outcome.value, finding.message) for finding in own}


def others(checked: Checked) -> list[tuple[str, str]]:
    return [(f.id, f.outcome.value) for f in checked.report.findings if f.rule != "CVN030"]


# --- the table


def test_every_gate_is_a_module_and_every_module_a_gate():
    modules = {f"{package.__name__}.{name}" for _, name, _ in pkgutil.iter_modules(package.__path__)}
    assert modules == {*GATES.values(), "cvnpolicy.app.gates.gate", "cvnpolicy.app.gates.touched"}
    assert list(GATES) == NAMES
    for name in GATES:
        assert load_gate(name).asks.endswith("?")
    with pytest.raises(KeyError):
        load_gate("lint")


# --- what ran


def test_all_gates_run_and_hold(tmp_path):
    checked = check(asked(repository(tmp_path)))
    assert told(checked) == {
        "gate/policies": ("pass", "2 policies in 1 file: no problems"),
        "gate/evidence": ("pass", "environment default: 1 finding, none blocks"),
    }
    assert others(checked) == [("p/c", "pass")]
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.OK, Verdict.PASS)
    assert (checked.report.at, checked.report.strict) == (AT, False)
    assert checked.evidence is not None
    assert checked.report.evidence_sha256 is not None
    assert list(checked.gates) == NAMES


def test_the_findings_are_in_the_order_of_every_report(tmp_path):
    findings = check(asked(repository(tmp_path, rows=BAD))).report.findings
    assert list(findings) == sorted(findings, key=lambda finding: finding.order)
    assert findings[0].location.file == "cvnpolicy.yaml"


@pytest.mark.parametrize(
    ("rows", "key", "strict", "outcome", "says", "code"),
    [
        (BAD, "crit_if", False, "fail", "environment default: 1 finding, 1 blocks", 1),
        (BAD, "warn_if", False, "pass", "environment default: 1 finding, none blocks", 0),
        (BAD, "warn_if", True, "fail", "environment default: 1 finding, 1 blocks", 1),
        ("ts,a\n", "crit_if", False, "inconclusive", "environment default: 1 finding, 1 blocks", 4),
    ],
)
def test_a_gate_that_ran_is_what_its_findings_amount_to(tmp_path, rows, key, strict, outcome, says, code):
    checked = check(asked(repository(tmp_path, rows=rows, key=key), strict=strict))
    assert told(checked)["gate/evidence"] == (outcome, says)
    assert checked.gates["evidence"].ran
    assert (checked.report.exit_code, checked.report.strict) == (code, strict)
    assert checked.report.verdict == {0: "pass", 1: "fail", 4: "hold"}[code]


def test_several_findings_are_counted(tmp_path):
    two = (ONE % "crit_if").replace("id: c", "id: d")
    write(tmp_path, EVENTS, checks(ONE % "crit_if", two), files={"data.csv": BAD})
    assert told(check(asked(tmp_path)))["gate/evidence"][1] == "environment default: 2 findings, 2 block"


def test_invalid_policies_keep_the_evidence_from_being_judged(tmp_path):
    checked = check(asked(repository(tmp_path, **{"policies/z.yaml": BROKEN})))
    assert told(checked) == {
        "gate/policies": ("fail", "1 problem in 2 files; names across files were not checked"),
        "gate/evidence": ("inconclusive", "could not run: the policies are not valid"),
    }
    assert others(checked) == [("CVN002", "fail")]
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.INVALID, Verdict.FAIL)
    assert (checked.evidence, checked.report.evidence_sha256) == (None, None)
    assert [name for name, answer in checked.gates.items() if answer.ran] == ["policies"]


def test_the_place_of_a_gate_is_in_the_configuration(tmp_path):
    checked = check(asked(repository(tmp_path, rows=BAD, **{"policies/z.yaml": BROKEN})))
    gates = [finding for finding in checked.report.findings if finding.rule == "CVN030"]
    assert {(finding.location.file, finding.location.line) for finding in gates} == {("cvnpolicy.yaml", 1)}


def test_leaving_out_the_policies_does_not_make_invalid_ones_judgeable(tmp_path):
    checked = check(asked(repository(tmp_path, **{"policies/z.yaml": BROKEN})), ["policies"])
    assert told(checked) == {
        "gate/policies": ("skipped", "left out with --skip"),
        "gate/evidence": ("inconclusive", "could not run: the policies are not valid"),
    }
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.UNDECIDED, Verdict.HOLD)


@pytest.mark.parametrize("text", ["policies: policies\n", "environments: {}\n"])
def test_without_any_environment_there_is_no_evidence(tmp_path, text):
    # Removing the bindings must not turn a fail into a pass: event checks are valid without any.
    alert = "{id: a, measure: {statistic: count, event: beat, window: 24h}, warn_if: '> 5', severity: P2}"
    policy = f"""\
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {{name: alerts, title: Alerts, owner: "@test"}}
spec:
  routes: {{P2: pager}}
  alerts: [{alert}]
"""
    write_tree(tmp_path, {"cvnpolicy.yaml": text, "policies/e.yaml": EVENTS, "policies/a.yaml": policy})
    checked = check(asked(tmp_path))
    says = "could not run: cvnpolicy.yaml binds no dataset to anything: there is no evidence"
    assert told(checked)["gate/evidence"] == ("inconclusive", says)
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.UNDECIDED, Verdict.HOLD)
    with pytest.raises(UsageError, match="declares no environments"):
        check(asked(tmp_path, environment="default"))


@pytest.mark.parametrize("broken", [{}, {"policies/z.yaml": BROKEN}])
@pytest.mark.parametrize("skip", [[], ["evidence"]])
def test_an_environment_that_does_not_exist_is_a_wrong_command_line(tmp_path, broken, skip):
    with pytest.raises(UsageError, match="there is no environment 'prod': expected one of default"):
        check(asked(repository(tmp_path, **broken), environment="prod"), skip)


def test_a_configuration_without_the_default_environment_needs_a_name(tmp_path):
    text = "environments: {live: {data: {type: csv, path: data.csv, time: ts}}}\n"
    repository(tmp_path)
    write_tree(tmp_path, {"cvnpolicy.yaml": text, "policies/all.yaml": checks(ONE % "crit_if")})
    unnamed = check(asked(tmp_path))
    assert told(unnamed) == {
        "gate/policies": ("pass", "1 policy in 1 file: no problems"),
        "gate/evidence": ("error", "could not run: there is no environment 'default'"),
    }
    assert unnamed.report.exit_code is ExitCode.USAGE
    checked = check(asked(tmp_path, environment="live"))
    assert told(checked)["gate/evidence"] == ("pass", "environment live: 1 finding, none blocks")


def test_environments_that_are_alike_are_judged_on_their_own_data(tmp_path):
    text = """\
environments:
  default: {data: {type: csv, path: data.csv, time: ts}}
  bad: {like: default, data_root: bad}
  gone: {like: default, data_root: gone}
"""
    repository(tmp_path)
    write_tree(tmp_path, {"cvnpolicy.yaml": text, "policies/all.yaml": checks(ONE % "crit_if"), "bad/data.csv": BAD})
    codes = {name: check(asked(tmp_path, environment=name)) for name in (None, "bad", "gone")}
    assert {name: (told(found)["gate/evidence"], found.report.exit_code) for name, found in codes.items()} == {
        None: (("pass", "environment default: 1 finding, none blocks"), ExitCode.OK),
        "bad": (("fail", "environment bad: 1 finding, 1 blocks"), ExitCode.FAILED),
        "gone": (("inconclusive", "environment gone: 1 finding, 1 blocks"), ExitCode.UNDECIDED),
    }
    (place,) = [finding.location.line for finding in codes["bad"].report.findings if finding.id == "gate/evidence"]
    assert place == 3


def test_the_default_environment_may_be_like_another(tmp_path):
    text = "environments: {live: {data: {type: csv, path: data.csv, time: ts}}, default: {like: live}}\n"
    repository(tmp_path)
    write_tree(tmp_path, {"cvnpolicy.yaml": text, "policies/all.yaml": checks(ONE % "crit_if")})
    assert told(check(asked(tmp_path)))["gate/evidence"][0] == "pass"


def test_without_policies_there_is_nothing_to_check(tmp_path):
    write_tree(tmp_path, {"cvnpolicy.yaml": "environments: {default: {}}\n", "policies/README.md": "# None\n"})
    checked = check(asked(tmp_path))
    assert told(checked) == {
        "gate/policies": ("not_applicable", "there are no policies to validate"),
        "gate/evidence": ("not_applicable", "there are no policies to judge"),
    }
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.NOTHING, Verdict.HOLD)


def test_without_checks_there_is_nothing_to_judge(tmp_path):
    write(tmp_path, EVENTS)
    checked = check(asked(tmp_path))
    says = "no policy has a check: there is nothing to judge"
    assert told(checked)["gate/evidence"] == ("not_applicable", says)
    assert checked.report.exit_code is ExitCode.NOTHING
    assert check(asked(tmp_path), ["evidence"]).report.exit_code is ExitCode.OK


def test_leaving_everything_out_is_nothing_to_check(tmp_path):
    checked = check(asked(repository(tmp_path, rows=BAD)), list(GATES))
    assert not any(answer.ran for answer in checked.gates.values())
    assert set(told(checked).values()) == {("skipped", "left out with --skip")}
    assert others(checked) == []
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.NOTHING, Verdict.HOLD)


def test_leaving_the_evidence_out(tmp_path):
    checked = check(asked(repository(tmp_path, rows=BAD)), ["evidence"])
    assert told(checked)["gate/evidence"] == ("skipped", "left out with --skip")
    assert (checked.report.exit_code, checked.evidence) == (ExitCode.OK, None)


def test_recorded_evidence_is_judged_without_bindings(tmp_path):
    first = check(asked(repository(tmp_path, rows=BAD)))
    (tmp_path / "data.csv").unlink()
    again = check(asked(tmp_path, evidence=first.evidence))
    assert told(again)["gate/evidence"] == ("fail", "recorded evidence: 1 finding, 1 blocks")
    assert again.report.evidence_sha256 == first.report.evidence_sha256
    assert again.report.exit_code is ExitCode.FAILED


def test_a_missing_part_stops_its_gate_and_no_other(tmp_path, monkeypatch):
    def missing(*_arguments: object, **_options: object) -> None:
        raise MissingExtraError("reading tables and event logs", "tables")

    monkeypatch.setattr("cvnpolicy.app.evaluate.ask", missing)
    checked = check(asked(repository(tmp_path)))
    assert told(checked) == {
        "gate/policies": ("pass", "2 policies in 1 file: no problems"),
        "gate/evidence": ("error", "could not run: reading tables and event logs needs an optional part"),
    }
    (finding,) = [finding for finding in checked.report.findings if finding.id == "gate/evidence"]
    assert finding.hint == "install cvnpolicy with [tables], in a clone: pip install '.[tables]', or --skip evidence"
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.USAGE, Verdict.HOLD)


def test_a_defect_in_one_gate_is_told_and_the_others_report(tmp_path, monkeypatch):
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the reason")

    monkeypatch.setattr("cvnpolicy.app.evaluate.ask", broken)
    checked = check(asked(repository(tmp_path)))
    assert told(checked) == {
        "gate/policies": ("pass", "2 policies in 1 file: no problems"),
        "gate/evidence": ("error", "could not run: a defect of cvnpolicy itself (RuntimeError)"),
    }
    assert (checked.report.exit_code, checked.report.verdict) == (ExitCode.INTERNAL, Verdict.HOLD)
    assert [defect.splitlines()[-1] for defect in checked.defects] == ["RuntimeError: the reason"]


@pytest.mark.parametrize("codes", list(itertools.combinations(PRECEDENCE, 2)), ids=str)
def test_the_code_of_the_report_is_the_worst_of_the_gates(tmp_path, monkeypatch, codes):
    def gate(code: ExitCode) -> Gate:
        return Gate("?", lambda _: Answer(Outcome.PASS, "ran", code, Location("cvnpolicy.yaml")))

    for number, code in enumerate(reversed(codes)):
        module = type(sys)(f"gate_{number}")
        module.GATE = gate(code)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr("cvnpolicy.app.check.GATES", {"a": "gate_0", "b": "gate_1"})
    monkeypatch.setattr("cvnpolicy.app.gates.GATES", {"a": "gate_0", "b": "gate_1"})
    report = check(asked(repository(tmp_path))).report
    assert report.exit_code is codes[0]
    assert (report.verdict is Verdict.PASS) == (codes[0] is ExitCode.OK)
