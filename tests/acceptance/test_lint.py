"""``cvnpolicy lint`` on a small repository: what it finds, when it blocks, and what it refuses to pass over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
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
        ("2026-06-09T23:59:59Z", 0, "2 findings; blocks in 0 d 0 h"),
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
    assert found(report(capfd)[1]) == [("CVN510", "src/serve.py", 3), ("CVN501", "src/train/fit.py", 1)]


def test_nothing_of_the_code_runs(repository, capfd) -> None:
    write_tree(repository, {"src/train/fit.py": 'open("ran", "w").close()\nlearning_rate = 0.1\n'})
    report(capfd)
    assert not (repository / "ran").exists()
