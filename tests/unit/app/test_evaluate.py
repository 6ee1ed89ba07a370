"""The use case: plan, gather or replay, judge, decide; and which checks `--only` means."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cvnpolicy.app.evaluate import Evaluation, evaluate
from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.app.validate import report_of
from cvnpolicy.app.wiring import ask
from cvnpolicy.core.errors import ExitCode, Problem, UsageError
from cvnpolicy.core.evidence import FactNeed, FactReading, MeasureNeed, Need, Selection, Unavailable
from cvnpolicy.core.evidence_json import sha256
from cvnpolicy.core.finding import Outcome, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.kinds import KINDS
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import Project, load
from tests.support.policies import AT, EVENTS, checks, write
from tests.support.tree import write_tree

ONE = "{id: %s, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> %s'}"
ROWS = "ts,a\n2026-06-07T12:00:00Z,2\n"


def judged(root: Path, **options: object) -> Evaluation:
    first = checks(ONE % ("low", 1), ONE % ("high", 3), name="p")
    tree = checks("{id: t, crit_if: {check: p/low, is: [fail]}}", name="q")
    project = load(write(root, EVENTS, first, tree, files={"data.csv": ROWS}))
    return evaluate(project, load_policies(project).policies, at=AT, **options)  # type: ignore[arg-type]


def ids(evaluation: Evaluation) -> list[str]:
    return [finding.id for finding in evaluation.report.findings]


def test_without_addresses_everything_is_judged(tmp_path):
    evaluation = judged(tmp_path)
    assert ids(evaluation) == ["p/low", "p/high", "q/t"]
    assert evaluation.report.exit_code == 1
    assert evaluation.report.evidence_sha256 == sha256(evaluation.evidence)
    assert evaluation.evidence.at == evaluation.report.at == AT


@pytest.mark.parametrize(
    ("only", "found", "code"),
    [
        (["p"], ["p/low", "p/high"], 1),
        (["p/*"], ["p/low", "p/high"], 1),
        (["p/high"], ["p/high"], 0),
        (["*"], ["p/low", "p/high", "q/t"], 1),
        (["q/t"], ["q/t"], 1),  # what it looks at is judged, and not reported
        (["p/high", "q"], ["p/high", "q/t"], 1),
        (["p/high", "p"], ["p/low", "p/high"], 1),
    ],
)
def test_only_some(tmp_path, only, found, code):
    evaluation = judged(tmp_path, only=only)
    assert (ids(evaluation), evaluation.report.exit_code) == (found, code)


@pytest.mark.parametrize(
    ("only", "says"),
    [
        (["p/lo"], "there is no check 'p/lo'"),
        (["r"], "there is no check 'r'"),
        (["p", "r"], "there is no check 'r'"),
        (["catalog"], "policy 'catalog' has no checks"),
        (["low"], "there is no check 'low'"),
    ],
)
def test_an_address_that_means_nothing(tmp_path, only, says):
    with pytest.raises(UsageError, match=says):
        judged(tmp_path, only=only)


def test_an_environment_that_does_not_exist(tmp_path):
    with pytest.raises(UsageError, match="there is no environment 'prod'"):
        judged(tmp_path, environment="prod")


def test_a_frame_is_used_before_the_file(tmp_path):
    frame = pd.DataFrame({"ts": pd.to_datetime(["2026-06-07T12:00:00Z"]), "a": [0.5]})
    assert judged(tmp_path, frames={"data": frame}).report.exit_code == 0


def test_evidence_is_judged_without_asking(tmp_path):
    first = judged(tmp_path)
    (tmp_path / "data.csv").unlink()
    project = load(tmp_path / "cvnpolicy.yaml")
    again = evaluate(project, load_policies(project).policies, at=AT, evidence=first.evidence)
    assert again == first


def test_strict(tmp_path):
    project = load(write(tmp_path, checks(ONE.replace("crit_if", "warn_if") % ("c", 1)), files={"data.csv": ROWS}))
    policies = load_policies(project).policies
    assert [evaluate(project, policies, at=AT, strict=strict).report.exit_code for strict in (False, True)] == [0, 1]


# --- wiring


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return load(write(tmp_path, EVENTS))


def facts(project: Project, need: FactNeed) -> object:
    return ask([need], AT, project.datasets("default"), project.data_root("default"))[need]


def test_a_fact_is_read_from_its_file(tmp_path, project):
    write_tree(tmp_path, {"facts.yaml": "facts: {x: {value: live}}\n"})
    assert facts(project, FactNeed("x", "facts")) == FactReading("live")


@pytest.mark.parametrize(
    ("source", "says"),
    [("console", "no dataset is bound to 'console'"), ("data", "holds no facts"), ("facts", "facts.yaml")],
)
def test_a_fact_that_cannot_be_asked(project, source, says):
    answer = facts(project, FactNeed("x", source))
    assert isinstance(answer, Unavailable)
    assert says in answer.reason


def test_every_question_gets_an_answer(project):
    needs: list[Need] = [
        FactNeed("x", "facts"),
        MeasureNeed("mean", Selection("nowhere"), ("a",)),
        FactNeed("y", "data"),
    ]
    answers = ask(needs, AT, project.datasets("default"), project.data_root("default"))
    assert set(answers) == set(needs)
    assert all(isinstance(answer, Unavailable) for answer in answers.values())


def test_no_questions_need_no_source(project):
    assert ask([], AT, {}, project.data_root("default")) == {}


# --- problems as a report


def test_problems_are_failed_findings():
    problems = [
        Problem("CVN005", "unknown key 'b'", "did you mean 'a'?", Location("b.yaml", 2, 1)),
        Problem("CVN007", "wrong", "mend it", Location("a.yaml", 9, 3)),
        Problem("CVN012", "nothing", "add one"),
    ]
    report = report_of(problems, AT)
    assert (report.verdict, report.exit_code) == (Verdict.FAIL, ExitCode.INVALID)
    assert [(finding.rule, finding.location.file) for finding in report.findings] == [
        ("CVN012", ""),
        ("CVN007", "a.yaml"),
        ("CVN005", "b.yaml"),
    ]
    assert {finding.outcome for finding in report.findings} == {Outcome.FAIL}
    assert (report.findings[2].message, report.findings[2].hint) == ("unknown key 'b'", "did you mean 'a'?")


def test_two_problems_at_one_place_are_both_kept():
    place = Location("a.yaml", 1, 1)
    report = report_of([Problem("CVN007", "b", "x", place), Problem("CVN007", "a", "x", place)], AT)
    assert [finding.message for finding in report.findings] == ["a", "b"]


def test_no_problems_are_a_pass():
    report = report_of([], AT)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.PASS, 0, ())


# --- schemas


def test_the_names_of_schemas():
    assert schema_names()[:3] == ("policy", "configuration", "report")
    assert set(schema_names()[3:]) == set(KINDS)


@pytest.mark.parametrize("name", schema_names())
def test_each_is_a_json_schema(name):
    import jsonschema

    found = schema(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(found)


def test_there_is_no_other():
    with pytest.raises(KeyError):
        schema("Policy")
