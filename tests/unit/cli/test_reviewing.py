"""``check --base``: its options, and the files that it writes beside the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.report import FORMATS
from tests.support.policies import EVENTS, checks, write
from tests.support.repository import Repository

AT = "2026-06-08T00:00:00Z"
ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1'}"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a policy, on a branch."""
    root = tmp_path / "repository"
    root.mkdir()
    write(root, EVENTS, checks(ONE), files={"data.csv": "ts,a\n2026-06-07T12:00:00Z,0.5\n"})
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "change")
    monkeypatch.chdir(root)
    return repository


def checked(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Exit code, and what each gate says."""
    code = run(["check", "--base", "main", "--at", AT, "--format", "json", *arguments])
    findings = json.loads(capfd.readouterr().out)["findings"]
    return code, {one["id"]: (one["outcome"], one["message"]) for one in findings}


def test_a_change_without_changes(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    code, said = checked(capfd)
    commit = made.git("rev-parse", "main")[:12]
    assert code == 0
    outcome, says = said["gate/change"]
    assert outcome == "pass"
    assert says.startswith(
        f"0 files changed since {commit}, judged by the policies of the base, which it leaves as they"
    )
    assert said["gate/evidence"] == ("not_applicable", "a change brings no evidence of its own")


def test_evidence_is_judged_where_it_is_named(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    assert checked(capfd, "--env", "default")[1]["gate/evidence"][0] == "pass"


def test_evidence_is_judged_by_the_base(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.write("data.csv", "ts,a\n2026-06-07T12:00:00Z,1.5\n")
    made.write("policies/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 2"))
    code, said = checked(capfd, "--env", "default")
    assert (code, said["gate/evidence"][0]) == (1, "fail")


def test_a_nearer_configuration_judges_nothing(
    made: Repository, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made.write("code/cvnpolicy.yaml", "policies: rules\n")
    made.write("code/rules/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 9"))
    monkeypatch.chdir(made.root / "code")
    assert run(["check", "--base", "main"]) == 2
    said = capfd.readouterr().err
    assert "cvnpolicy.yaml governs this folder where the change started, and is above code/cvnpolicy.yaml" in said
    assert "which is new: take that back, or name the one to judge by with --config" in said
    # Whoever calls the command may well name one.
    assert checked(capfd, "--config", "../cvnpolicy.yaml")[0] == 0


def test_the_nearest_configuration_may_not_go(
    made: Repository, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made.git("checkout", "--quiet", "main")
    made.write("code/cvnpolicy.yaml", "policies: rules\n")
    made.write("code/rules/all.yaml", made.text("policies/all.yaml").replace("name: p", "name: q"))
    made.commit()
    made.git("checkout", "--quiet", "-b", "second")
    made.path("code/cvnpolicy.yaml").unlink()
    monkeypatch.chdir(made.root / "code")
    assert run(["check", "--base", "main"]) == 2
    assert "code/cvnpolicy.yaml governs this folder where the change started, and is gone" in capfd.readouterr().err


@pytest.mark.parametrize("named", [True, False])
def test_a_configuration_that_is_a_link_judges_nothing(
    made: Repository, capfd: pytest.CaptureFixture[str], named: bool
) -> None:
    made.write("lax/cvnpolicy.yaml", "policies: rules\n")
    made.write("lax/rules/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 9"))
    made.path("cvnpolicy.yaml").unlink()
    made.path("cvnpolicy.yaml").symlink_to("lax/cvnpolicy.yaml")
    assert run(["check", "--base", "main", *(["--config", "cvnpolicy.yaml"] if named else [])]) == 2
    assert "cvnpolicy.yaml is a link: which configuration judges a change may not depend" in capfd.readouterr().err


def test_a_folder_that_is_a_link_leads_to_no_configuration(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.write("lax/cvnpolicy.yaml", "policies: rules\n")
    made.write("lax/rules/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 9"))
    made.path("code").symlink_to("lax")
    assert run(["check", "--base", "main", "--config", "code/cvnpolicy.yaml"]) == 2
    assert "is a link" in capfd.readouterr().err


def test_a_policy_that_git_ignores_is_judged_too(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.write(".gitignore", "policies/more.yaml\n")
    made.write("policies/more.yaml", made.text("policies/all.yaml").replace("> 1", "> 9"))
    made.path("policies/all.yaml").unlink()
    code, said = checked(capfd)
    assert (code, said["p/c"][0]) == (1, "fail")


def test_nobody_has_approved_a_file_that_git_does_not_know(
    made: Repository, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made.write("policies/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 2"))
    said = [{"user": {"login": "me"}, "state": "APPROVED", "commit_id": made.commit()}]
    (tmp_path / "reviews.json").write_text(json.dumps(said))
    asked = ("--reviews", str(tmp_path / "reviews.json"))
    assert checked(capfd, *asked)[0] == 0
    made.write("log.txt", "not judged\n")
    assert checked(capfd, *asked)[0] == 0
    made.write("more.yaml", "judged: perhaps\n")
    assert checked(capfd, *asked)[0] == 1


def test_a_looser_limit_is_told_and_the_base_stands(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.write("policies/all.yaml", made.text("policies/all.yaml").replace("> 1", "> 2"))
    code, said = checked(capfd)
    assert code == 1
    assert said["p/c"] == ("fail", "looser: crit_if goes from > 1 to > 2 (+1)")


def test_the_first_configuration_loosens_nothing(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.git("checkout", "--quiet", "--orphan", "fresh")
    made.git("rm", "--quiet", "--cached", "-r", ".")
    made.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    made.git("branch", "--force", "main", "HEAD")
    code, said = checked(capfd)
    assert code == 0
    assert said["gate/change"][0] == "not_applicable"
    assert said["gate/change"][1].endswith("has no configuration: the change brings the first")


def test_a_configuration_that_moved_is_found(made: Repository, capfd: pytest.CaptureFixture[str], monkeypatch) -> None:
    for name in ("cvnpolicy.yaml", "policies", "data.csv"):
        made.move(name, f"rules/{name}")
    made.write("rules/policies/all.yaml", made.text("rules/policies/all.yaml").replace("> 1", "> 2"))
    monkeypatch.chdir(made.root / "rules")
    code, said = checked(capfd)
    assert (code, said["p/c"][0]) == (1, "fail")


def test_a_base_with_policies_that_are_not_valid_holds(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    good = made.text("policies/all.yaml")
    made.git("checkout", "--quiet", "main")
    made.write("policies/all.yaml", good.replace("crit_if", "critt_if"))
    made.commit()
    made.git("checkout", "--quiet", "-B", "change")
    made.write("policies/all.yaml", good)
    code, said = checked(capfd)
    assert code == 4
    assert said["change/base"][0] == "inconclusive"
    assert "unknown key 'critt_if'" in said["change/base"][1]


def test_a_base_with_a_configuration_that_is_not_valid(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    good = made.text("cvnpolicy.yaml")
    made.git("checkout", "--quiet", "main")
    made.write("cvnpolicy.yaml", "policiez: policies\n")
    made.commit()
    made.git("checkout", "--quiet", "-B", "change")
    made.write("cvnpolicy.yaml", good)
    assert run(["check", "--base", "main"]) == 2
    assert "the configuration of the base is invalid" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--base", ""], "--base is empty: name a commit or a branch, or leave it out"),
        (["--pr-body", "data.csv"], "--pr-body is about a pull request: name what it is to be merged into with --base"),
        (["--reviews", "data.csv"], "--reviews is about a pull request: name what it is to be merged into with --base"),
        (["--base", "nowhere"], "there is no commit 'nowhere' in this clone: name another, or fetch it (git fetch)"),
        (["--write", "json=r.json", "--output", "r.json"], "two options would write to r.json: name two files"),
        (["--write", "json=r", "--write", "sarif=./r"], "two options would write to r: name two files"),
        (["--write", "json=policies/all.yaml"], "policies/all.yaml cannot be written: it is among the policies"),
    ],
)
def test_what_cannot_be_meant(
    made: Repository, capfd: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert run(["check", *arguments]) == 2
    assert capfd.readouterr().err.startswith(f"cvnpolicy: {says}")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("report.json", "'report.json' names no file: write for example markdown=comment.md"),
        ("yaml=report.yaml", "unknown format 'yaml'"),
        ("json=", "it is empty: name a file, or leave it out"),
        ("json=nowhere/report.json", "there is no folder 'nowhere'"),
    ],
)
def test_what_is_no_format_and_file(made: Repository, capfd: pytest.CaptureFixture[str], value: str, says: str) -> None:
    assert run(["check", "--write", value]) == 2
    assert says in capfd.readouterr().err


def test_one_report_in_every_format(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    more = [word for name in FORMATS for word in ("--write", f"{name}=out.{name}")]
    assert run(["check", "--at", AT, "--format", "json", *more]) == 0
    assert made.text("out.json") == capfd.readouterr().out
    assert made.text("out.markdown").startswith("<!-- cvnpolicy -->\n## cvnpolicy: PASS")
    assert all(made.path(f"out.{name}").stat().st_size for name in FORMATS)


def test_what_is_invalid_is_written_too(made: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    made.write("cvnpolicy.yaml", "policiez: policies\n")
    assert run(["check", "--write", "markdown=out.md"]) == 3
    assert "unknown key 'policiez'" in made.text("out.md").replace("`", "'")
