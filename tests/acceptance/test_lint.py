"""``cvnpolicy lint`` on a small repository: what it finds, when it blocks, and what it refuses to pass over."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.cli.main import run
from tests.support.process import run_python
from tests.support.tree import write_tree

POLICY = """\
apiVersion: cvnpolicy/v1
kind: HyperparameterPolicy
metadata: {name: hp, title: Values come from the Console, owner: "@you"}
enforcement: {mode: advise, block_from: 2026-06-10T00:00:00Z}
spec:
  names: [learning_rate, max_depth]
  scopes: [src/train/]
  resolver: {module: src/resolver.py, callables: [resolve]}
  environment: {prefix: CVN_HPO_, scopes: [src/]}
  fix: 'resolve("{name}")'
"""
TREE = {
    "cvnpolicy.yaml": "policies: policies\n",
    "policies/hp.yaml": POLICY,
    "src/resolver.py": 'import os\n\n\ndef resolve(name):\n    return os.environ["CVN_HPO_" + name.upper()]\n',
    "src/train/fit.py": "model = Model(learning_rate=0.1)\n",
    "src/serve.py": 'import os\n\nx = os.getenv("CVN_HPO_MAX_DEPTH")\nlearning_rate = 0.1\n',
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_tree(tmp_path, TREE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(capfd: pytest.CaptureFixture[str], *arguments: str, at: str = "2026-06-10T00:00:00Z"):
    capfd.readouterr()
    code = run(["lint", *arguments, "--at", at, "--format", "json"])
    return code, json.loads(capfd.readouterr().out)


def found(document) -> list[tuple[str, str, int]]:
    return [
        (one["rule"], one["location"]["file"], one["location"]["line"])
        for one in document["findings"]
        if one["rule"] != "CVN550"
    ]


def test_literals_are_found_in_their_scopes_and_reads_in_theirs(repository, capfd) -> None:
    code, document = report(capfd)
    assert code == 1
    assert found(document) == [("CVN510", "src/serve.py", 3), ("CVN501", "src/train/fit.py", 1)]
    (literal,) = [one for one in document["findings"] if one["rule"] == "CVN501"]
    assert literal["message"] == "learning_rate is given as a keyword argument in code: 0.1"
    assert literal["hint"] == 'write resolve("learning_rate")'


@pytest.mark.parametrize(
    ("at", "code", "said"),
    [
        ("2026-06-07T20:00:00Z", 0, "2 findings; blocks in 2 d 4 h"),
        ("2026-06-09T00:00:00Z", 0, "2 findings; blocks in 1 d 0 h"),
        ("2026-06-09T00:00:01Z", 0, "2 findings; blocks in 23 h 59 min"),
        ("2026-06-09T23:59:59Z", 0, "2 findings; blocks in 0 h 0 min"),
        ("2026-06-10T00:00:00Z", 1, "2 findings"),
        ("2026-06-10T00:00:01Z", 1, "2 findings"),
    ],
)
def test_advice_becomes_blocking_at_its_instant(repository, capfd, at: str, code: int, said: str) -> None:
    left, document = report(capfd, at=at)
    (summary,) = [one for one in document["findings"] if one["rule"] == "CVN550"]
    assert left == code
    assert summary["message"].endswith(said)


def test_past_its_review_date_it_advises_and_is_overdue(repository, capfd) -> None:
    text = POLICY.replace("block_from", "review_by")
    (repository / "policies/hp.yaml").write_text(text, encoding="utf-8")
    code, document = report(capfd, at="2026-06-11T00:00:00Z")
    assert code == 0
    assert "CVN020" in {one["rule"] for one in document["findings"]}
    assert "CVN501" in {one["rule"] for one in document["findings"]}


def test_a_hook_passes_only_what_changed(repository, capfd) -> None:
    assert found(report(capfd, "src/train/fit.py")[1]) == [("CVN501", "src/train/fit.py", 1)]
    code, document = report(capfd, "src/resolver.py")
    assert (code, found(document)) == (0, [])


def test_a_file_that_cannot_be_parsed_holds(repository, capfd) -> None:
    write_tree(repository, {"src/train/fit.py": "def broken(:\n"})
    code, document = report(capfd, "src/train/fit.py")
    assert code == 4
    assert found(document) == [("CVN599", "src/train/fit.py", 1)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policies/hp.yaml": POLICY.replace("src/train/", "src/trian/")}, "no Python file is below 'src/trian/'"),
        (
            {"policies/hp.yaml": POLICY.replace("src/resolver.py", "src/resolve.py")},
            "there is no file 'src/resolve.py'",
        ),
    ],
)
def test_a_scope_without_a_file_is_an_error(repository, capfd, change: dict[str, str], said: str) -> None:
    write_tree(repository, change)
    assert run(["lint"]) == 3
    assert said in capfd.readouterr().err


def test_a_path_outside_of_the_repository_is_an_error(repository, tmp_path_factory, capfd) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.py"
    outside.write_text("learning_rate = 0.1\n", encoding="utf-8")
    assert run(["lint", str(outside)]) == 3
    assert "is not in the repository" in capfd.readouterr().err


def test_without_such_a_policy_there_is_nothing_to_check(repository, capfd) -> None:
    drift = 'apiVersion: cvnpolicy/v1\nkind: EventCatalog\nmetadata: {name: e, title: E, owner: "@you"}\n'
    write_tree(repository, {"policies/hp.yaml": f"{drift}spec: {{events: {{beat: {{heartbeat: 1h}}}}}}\n"})
    assert report(capfd)[0] == 5


def test_a_link_out_of_the_repository_is_not_followed(repository, tmp_path_factory, capfd) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.py").write_text("learning_rate = 0.1\n", encoding="utf-8")
    (repository / "src/train/linked").symlink_to(outside)
    (repository / "src/train/x.py").symlink_to(outside / "x.py")
    code, document = report(capfd)
    links = [("CVN599", "src/train/linked", 1), ("CVN599", "src/train/x.py", 1)]
    assert code == 1
    assert found(document) == [("CVN510", "src/serve.py", 3), ("CVN501", "src/train/fit.py", 1), *links]
    assert found(report(capfd, "src/train/linked")[1]) == [("CVN599", "src/train/linked", 1)]


def test_a_link_from_outside_of_the_repository_is_an_error(repository, tmp_path_factory, capfd) -> None:
    link = tmp_path_factory.mktemp("outside") / "link.py"
    link.symlink_to(repository / "src/train/fit.py")
    assert run(["lint", str(link)]) == 3
    assert "is not in the repository" in capfd.readouterr().err


def test_an_environment_scope_of_which_nothing_is_left_is_an_error(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("scopes: [src/]", "scopes: [src/resolver.py]")})
    assert run(["lint"]) == 3
    assert "nothing of 'src/resolver.py' is left to look at" in capfd.readouterr().err


def test_a_comment_for_two_policies_is_idle_for_none(repository, capfd) -> None:
    other = POLICY.replace("name: hp", "name: two").replace("names: [learning_rate, max_depth]", "names: [gamma]")
    code = "f(max_depth=3, g=cfg.gamma or 0.5)  # cvnpolicy: ignore[CVN501, CVN503, CVN504] a stump and more\n"
    write_tree(repository, {"policies/two.yaml": other, "src/train/fit.py": code, "src/serve.py": ""})
    document = report(capfd)[1]
    idle = [one["message"] for one in document["findings"] if one["rule"] == "CVN590"]
    assert idle == ["the comment silences nothing of CVN504: take it out of the bracket"] * 2


def test_a_link_inside_of_the_repository_is_linted(repository, capfd) -> None:
    write_tree(repository, {"lib/real.py": "max_depth = 3\n"})
    (repository / "src/train/link.py").symlink_to(repository / "lib/real.py")
    for arguments in ((), ("src/train/link.py",)):
        assert ("CVN501", "src/train/link.py", 1) in found(report(capfd, *arguments)[1])


@pytest.mark.parametrize("name", ["x.pyw", "x.pyi", "X.PY"])
def test_python_by_other_names_is_linted(repository, capfd, name: str) -> None:
    write_tree(repository, {f"src/train/{name}": "max_depth = 3\n"})
    assert ("CVN501", f"src/train/{name}", 1) in found(report(capfd)[1])


# --- what cannot be read


def test_a_folder_that_cannot_be_read_is_an_error(repository, capfd, monkeypatch) -> None:
    closed = repository / "src/train/closed"
    closed.mkdir()
    scan = os.scandir

    def scandir(path: Any) -> Any:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert run(["lint"]) == 3
    assert "closed' cannot be read (Permission denied)" in capfd.readouterr().err


def test_a_file_that_cannot_be_read_is_a_finding(repository, capfd, monkeypatch) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == "fit.py":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    code, document = report(capfd, "src/train/fit.py")
    assert (code, found(document)) == (4, [("CVN599", "src/train/fit.py", 1)])


def test_of_a_file_of_gigabytes_no_more_is_read_than_shows_it(repository, capfd) -> None:
    with (repository / "src/train/fit.py").open("wb") as stream:
        stream.truncate(2**33)
    code, document = report(capfd, "src/train/fit.py")
    assert (code, found(document)) == (4, [("CVN599", "src/train/fit.py", 1)])


def test_a_pipe_is_not_opened(repository, capfd) -> None:
    (repository / "src/train/fit.py").unlink()
    os.mkfifo(repository / "src/train/fit.py")
    code, document = report(capfd, "src/train/fit.py")
    assert (code, found(document)) == (4, [("CVN599", "src/train/fit.py", 1)])


# --- comments where several policies or scopes meet


def test_a_comment_that_another_policy_needs_is_not_idle(repository, capfd) -> None:
    other = POLICY.replace("name: hp", "name: two").replace("names: [learning_rate, max_depth]", "names: [gamma]")
    code = "max_depth = 3  # cvnpolicy: ignore[CVN501] a stump\nx = 1  # cvnpolicy: ignore[CVN501] nothing here\n"
    write_tree(repository, {"policies/two.yaml": other, "src/train/fit.py": code, "src/serve.py": ""})
    assert found(report(capfd)[1]) == [
        ("CVN501", "src/train/fit.py", 1),
        ("CVN590", "src/train/fit.py", 2),
        ("CVN590", "src/train/fit.py", 2),
    ]


def test_a_comment_is_not_idle_where_its_rule_does_not_look(repository, capfd) -> None:
    write_tree(repository, {"src/serve.py": "max_depth = 3  # cvnpolicy: ignore[CVN501] not in a scope yet\n"})
    assert [one for one in found(report(capfd)[1]) if one[1] == "src/serve.py"] == []


def test_a_scope_of_which_nothing_is_left_is_an_error(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("[src/train/]", "[src/train/, src/resolver.py]")})
    assert run(["lint"]) == 3
    assert "policies/hp.yaml:7:24: nothing of 'src/resolver.py' is left to look at" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("max_depth = 3\n", 'write resolve("max_depth")'),
        ('x = cfg.get("max_depth", 3)\n', "take it out: a value that is missing must stop the run"),
        ("fit(max_depth=[3, 6])\n", "take the values from src/resolver.py"),
        ("x = json.loads(\"{'max_depth': 3}\")\n", 'put the value in with resolve("max_depth")'),
        ('import os\nx = os.environ["CVN_HPO_5M_MAX_DEPTH"]\n', 'write resolve("max_depth")'),
        ('import os\nx = os.environ[f"CVN_HPO_{y}"]\n', "only src/resolver.py reads these: ask it"),
    ],
)
def test_the_hint_says_what_to_write(repository, capfd, code: str, hint: str) -> None:
    write_tree(repository, {"src/train/fit.py": code, "src/serve.py": ""})
    document = report(capfd)[1]
    assert [one["hint"] for one in document["findings"] if one["rule"] != "CVN550"] == [hint]


def test_nothing_of_the_code_runs(repository, capfd) -> None:
    write_tree(repository, {"src/train/fit.py": 'open("ran", "w").close()\nlearning_rate = 0.1\n'})
    report(capfd)
    assert not (repository / "ran").exists()


# --- as a gate of `check`


def gate(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str, list[str]]:
    """Exit code of `check`, outcome and message of its gate, and the rules of the other findings."""
    capfd.readouterr()
    at = arguments or ("2026-06-10T00:00:00Z",)
    code = run(["check", "--skip", "evidence", "--at", *at, "--format", "json"])
    findings = json.loads(capfd.readouterr().out)["findings"]
    (one,) = [each for each in findings if each["id"] == "gate/code"]
    rest = [each["rule"] for each in findings if each["rule"] != "CVN030"]
    return code, one["outcome"], one["message"], rest


def test_check_asks_the_linter_of_the_whole_repository(repository, capfd) -> None:
    assert gate(capfd) == (1, "fail", "3 findings, 2 block", ["CVN550", "CVN510", "CVN501"])


def test_check_advises_before_the_instant(repository, capfd) -> None:
    code, outcome, message, _ = gate(capfd, "2026-06-09T00:00:00Z")
    assert (code, outcome, message) == (0, "pass", "3 findings, none blocks")


def test_check_holds_on_what_cannot_be_parsed(repository, capfd) -> None:
    write_tree(repository, {"src/train/fit.py": "def broken(:\n", "src/serve.py": ""})
    assert gate(capfd)[:3] == (4, "inconclusive", "2 findings, 1 blocks")


def test_check_fails_on_a_scope_without_a_file(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("src/train/", "src/trian/")})
    assert gate(capfd) == (3, "fail", "the policies name code that is not there", ["CVN009"])


def test_check_says_that_no_policy_is_about_code(repository, capfd) -> None:
    events = 'apiVersion: cvnpolicy/v1\nkind: EventCatalog\nmetadata: {name: e, title: E, owner: "@you"}\n'
    write_tree(repository, {"policies/hp.yaml": f"{events}spec: {{events: {{beat: {{heartbeat: 1h}}}}}}\n"})
    assert gate(capfd) == (0, "not_applicable", "no policy is about code", [])


def test_check_does_not_lint_for_policies_that_are_not_valid(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("scopes: [src/train/]", "scopes: []")})
    code, outcome, message, _ = gate(capfd)
    assert (code, outcome, message) == (3, "inconclusive", "could not run: the policies are not valid")


def test_an_overdue_policy_is_told_once(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("block_from", "review_by")})
    code, outcome, _, rules = gate(capfd, "2026-06-11T00:00:00Z")
    assert (code, outcome, rules.count("CVN020")) == (0, "pass", 1)


# --- what a rule that is broken does


def test_a_rule_that_cannot_be_loaded_is_a_defect_and_no_pass(repository) -> None:
    code = (
        "import sys; sys.modules['cvnpolicy.lint.rules.cvn504_space'] = None; "
        "from cvnpolicy.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    for command in (["lint"], ["check", "--skip", "evidence"]):
        done = run_python("-c", code, *command, cwd=repository)
        assert done.returncode == 70, done.stdout
        assert "cvn504_space" in done.stderr


# --- exclusions, and defaults that have an end

EXCLUDED = (
    '  excluded: [{path: src/train/old.py, story: S18, owner: "@you", until: 2026-06-10T00:00:00Z}]\n'
    "  fix: 'resolve(\"{name}\")'\n"
)


@pytest.mark.parametrize(("at", "lines"), [("2026-06-09T23:59:59Z", []), ("2026-06-10T00:00:00Z", [1])])
def test_an_exclusion_ends_at_its_instant(repository, capfd, at: str, lines: list[int]) -> None:
    policy = POLICY.replace("  fix: 'resolve(\"{name}\")'\n", EXCLUDED)
    write_tree(repository, {"policies/hp.yaml": policy, "src/train/old.py": "learning_rate = 0.1\n"})
    document = report(capfd, at=at)[1]
    assert [line for _, file, line in found(document) if file == "src/train/old.py"] == lines


def test_an_exclusion_without_a_file_is_an_error(repository, capfd) -> None:
    write_tree(repository, {"policies/hp.yaml": POLICY.replace("  fix: 'resolve(\"{name}\")'\n", EXCLUDED)})
    assert run(["lint"]) == 3
    assert "policies/hp.yaml:10:21: no Python file is below 'src/train/old.py'" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-09T23:59:59Z", [("CVN503", "src/train/fit.py", 2)]),
        ("2026-06-10T00:00:00Z", [("CVN503", "src/train/fit.py", line) for line in (1, 2, 3)]),
    ],
)
def test_the_defaults_of_the_resolver_end_at_their_instant(repository, capfd, at: str, expected: list[object]) -> None:
    policy = POLICY.replace("callables: [resolve]", "callables: [resolve], defaults_until: 2026-06-10T00:00:00Z")
    code = 'a = resolve("x", default=None)\nb = resolve("z", fallback=3)\nc = resolve("y", default=cfg.y)\n'
    write_tree(repository, {"policies/hp.yaml": policy, "src/train/fit.py": code, "src/serve.py": ""})
    assert found(report(capfd, at=at)[1]) == expected


# --- reports


def test_sarif_tells_a_comment_from_a_waiver_and_keeps_fingerprints_when_lines_move(repository, capfd) -> None:
    def results(code: str) -> list[dict[str, Any]]:
        write_tree(repository, {"src/train/fit.py": code, "src/serve.py": ""})
        capfd.readouterr()
        run(["lint", "--at", "2026-06-10T00:00:00Z", "--format", "sarif"])
        return list(json.loads(capfd.readouterr().out)["runs"][0]["results"])

    code = "learning_rate = 0.1\nmax_depth = 3  # cvnpolicy: ignore[CVN501] a stump\n"
    before = {each["message"]["text"]: each for each in results(code)}
    after = {each["message"]["text"]: each for each in results("max_depth = 7\n" + code)}
    waived = [each["suppressions"] for text, each in before.items() if "max_depth" in text]
    assert [[one["kind"] for one in each] for each in waived] == [["inSource"]]
    kept = [text for text in before if "in code" in text]
    assert len(kept) == 2
    assert all(before[text]["partialFingerprints"] == after[text]["partialFingerprints"] for text in kept)
