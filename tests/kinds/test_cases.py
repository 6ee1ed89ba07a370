"""Every case of every kind, run as a user's repository: loaded, evaluated, reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.app.evaluate import evaluate
from tests.support.cases import STATIC, Found, all_cases
from tests.support.compare import differences

CASES = all_cases()
JUDGED = [found for found in CASES if found.case.shows not in STATIC]
LOADED = [found for found in CASES if found.case.shows in STATIC]


@pytest.mark.parametrize("found", LOADED, ids=lambda found: found.id)
def test_loads_or_says_what_is_wrong(found: Found, tmp_path: Path):
    _project, loaded = found.case.load(tmp_path)
    assert [str(problem) for problem in loaded.problems] == list(found.case.expect.problems or ())


@pytest.mark.parametrize("found", JUDGED, ids=lambda found: found.id)
def test_is_judged_as_expected(found: Found, tmp_path: Path):
    case = found.case
    assert case.at is not None
    project, loaded = case.load(tmp_path)
    assert [str(problem) for problem in loaded.problems] == []
    evaluation = evaluate(project, loaded.policies, at=case.at, environment=case.environment, strict=case.strict)
    wrong = differences(case.expect, evaluation.report)
    assert not wrong, "\n".join([found.id, *wrong])

    replayed = evaluate(project, loaded.policies, at=case.at, evidence=evaluation.evidence, strict=case.strict)
    assert replayed.report == evaluation.report


def test_names_are_unique():
    ids = [found.id for found in CASES]
    assert sorted(set(ids)) == sorted(ids)
