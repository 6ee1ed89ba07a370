"""Files to a checked set: which files are meant, and how one broken document leaves the others readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.load.policies import Loaded, load_policies
from cvnpolicy.load.project import load
from tests.support.policies import BINDINGS, EVENTS, checks, problems, write
from tests.support.tree import write_tree

ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: '> 1'}"


def many(root: Path, files: dict[str, str], *paths: str) -> Loaded:
    """Load a repository of files, or of those below some paths."""
    write(root)
    (root / "policies/all.yaml").unlink()
    write_tree(root, files)
    return load_policies(load(root / "cvnpolicy.yaml"), [root / path for path in paths])


def names(found: Loaded) -> list[str]:
    assert [str(problem) for problem in found.problems] == []
    return [policy.name for _, policy in found.policies.policies]


SET = {
    "policies/a.yaml": checks(ONE, name="a"),
    "policies/deep/er/b.yml": checks(ONE, name="b1") + "---\n" + checks(ONE, name="b2"),
    "policies/.hidden/c.yaml": "broken: [",
    "policies/notes.md": "no policy",
    "elsewhere/d.yaml": checks(ONE, name="d"),
    "elsewhere/e.txt": checks(ONE, name="e"),
}


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ([], ["a", "b1", "b2"]),
        (["policies"], ["a", "b1", "b2"]),
        (["policies/a.yaml"], ["a", "b1", "b2"]),  # names resolve across files: one file means the whole set
        (["policies/deep"], ["a", "b1", "b2"]),
        (["policies/a.yaml", "policies/deep/er/b.yml"], ["a", "b1", "b2"]),
        (["elsewhere"], ["d"]),  # a set of its own
        (["elsewhere/d.yaml", "elsewhere"], ["d"]),
        (["elsewhere/e.txt"], ["e"]),  # a file that is named is taken whatever its suffix
        (["elsewhere/d.yaml", "policies/a.yaml"], ["d", "a", "b1", "b2"]),
    ],
)
def test_which_files_are_meant(tmp_path, paths, found):
    assert names(many(tmp_path, SET, *paths)) == found


def test_the_files_are_told_relative_to_the_configuration(tmp_path):
    assert many(tmp_path, SET).files == ("policies/a.yaml", "policies/deep/er/b.yml")


def test_another_set_does_not_know_the_names_of_the_configured_one(tmp_path):
    tree = checks("{id: t, crit_if: {check: a/c, is: [fail]}}", name="d")
    found = many(tmp_path, {**SET, "elsewhere/d.yaml": tree}, "elsewhere")
    assert ["there is no policy 'a' with checks" in str(problem) for problem in found.problems] == [True]


@pytest.mark.parametrize("paths", [[], ["policies"], ["empty"], ["policies", "empty"]])
def test_no_files_is_a_problem(tmp_path, paths):
    found = many(tmp_path, {"policies/notes.md": "", "empty/notes.md": ""}, *paths)
    assert [problem.rule for problem in found.problems] == ["CVN012"]
    assert found.policies.policies == ()


def test_a_path_that_is_not_there_is_a_problem(tmp_path):
    found = many(tmp_path, SET, "polices")
    assert "polices" in str(found.problems[0])
    assert found.policies.policies == ()


def test_a_path_outside_is_refused(tmp_path):
    outside = write_tree(tmp_path / "out", {"x.yaml": checks(ONE)})
    root = tmp_path / "in"
    write(root, checks(ONE))
    found = load_policies(load(root / "cvnpolicy.yaml"), [outside / "x.yaml"])
    assert "leads outside" in str(found.problems[0])


def test_policies_may_be_one_file(tmp_path):
    write_tree(tmp_path, {"cvnpolicy.yaml": "policies: rules.yaml\n", "rules.yaml": EVENTS})
    found = load_policies(load(tmp_path / "cvnpolicy.yaml"), [tmp_path / "rules.yaml"])
    assert names(found) == ["catalog"]


# --- documents


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a", "a policy document is a mapping"),
        ("just text", "a policy document is a mapping"),
        ("apiVersion: cvnpolicy/v1", "the document does not say its kind"),
        ("{}", "the document does not say its kind"),
        ("kind: DriftPolcy", "did you mean 'DriftPolicy'?"),
        ("kind: driftpolicy", "did you mean 'DriftPolicy'?"),
        ("kind: 7", "is not a kind"),
        ("kind: [DriftPolicy]", "is not a kind"),
        ("kind: null", "is not a kind"),
        ("", "holds no document"),
    ],
)
def test_what_is_no_policy(tmp_path, text, says):
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert says in found[0]
    assert found[0].startswith("policies/all.yaml:1:")


def test_the_version_is_checked(tmp_path):
    (found,) = problems(tmp_path, checks(ONE).replace("cvnpolicy/v1", "cvnpolicy/v2"))
    assert found.startswith("policies/all.yaml:1:13: ")
    assert "cvnpolicy/v1" in found


def test_a_broken_document_leaves_the_others_readable(tmp_path):
    broken = checks("{id: c, warn_if: '> 1'}", name="broken")
    write(tmp_path, checks(ONE, name="good"), broken)
    found = load_policies(load(tmp_path / "cvnpolicy.yaml"))
    assert [policy.name for _, policy in found.policies.policies] == ["good"]
    assert len(found.problems) == 1


def test_a_name_that_a_broken_document_defines_is_defined(tmp_path):
    """One mistake is one problem: not also a dangling name for each use of what the document says."""
    catalog = EVENTS.replace("heartbeat: 1h", "heartbeat: 1m")
    use = checks('{id: c, measure: {statistic: count, event: work, window: 24h}, warn_if: "> 1"}')
    found = problems(tmp_path, catalog, use)
    assert len(found) == 1
    assert "'1m' is not a duration" in found[0]


def test_names_in_what_could_not_be_read_are_not_called_missing(tmp_path):
    write(tmp_path, checks("{id: t, crit_if: {check: other/c, is: [fail]}}"))
    write_tree(tmp_path, {"policies/other.yaml": "a: [\n"})
    found = load_policies(load(tmp_path / "cvnpolicy.yaml"))
    assert {problem.location.file for problem in found.problems if problem.location} == {"policies/other.yaml"}


def test_problems_are_sorted_by_file_and_place(tmp_path):
    bad = checks("{id: c, measure: {statistic: men, dataset: data, columns: [a], window: 24h}, warn_if: '> '}")
    found = many(tmp_path, {"policies/z.yaml": bad.replace("name: p", "name: z"), "policies/a.yaml": bad})
    places = [
        (problem.location.file, problem.location.line, problem.location.column)
        for problem in found.problems
        if problem.location
    ]
    assert places == sorted(places)
    assert {place[0] for place in places} == {"policies/a.yaml", "policies/z.yaml"}


def test_each_part_of_a_policy_can_be_pointed_at(tmp_path):
    write(tmp_path, checks(ONE))
    ((_kind, policy),) = load_policies(load(tmp_path / "cvnpolicy.yaml")).policies.policies
    check = policy.locate(("spec", "checks", 0))
    limit = policy.locate(("spec", "checks", 0, "warn_if"))
    assert (check.line, check.column) == (6, 7)
    assert limit.line == 6
    assert limit.column > check.column
    assert policy.locate(("spec", "checks", 0, "groups")) == check  # not written: the nearest part above
    inside = policy.locate_within(("spec", "checks", 0, "warn_if"), 2, 1)
    assert inside.column == limit.column + 3  # after the quote
    assert policy.locate_within(("spec", "checks", 0), 2, 1) == check


def test_the_bindings_of_the_support_are_those_of_a_configuration(tmp_path):
    assert set(load(write(tmp_path, EVENTS)).datasets("default")) == set(BINDINGS)
