"""A policy on a tree: what is found where, and what is only told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cvnpolicy.app.dependencies import judge_imports
from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from tests.support.policies import AT
from tests.support.tree import write_tree

POLICY = """\
apiVersion: cvnpolicy/v1
kind: DependencyPolicy
metadata: {name: deps, title: Declared, owner: "@you"}
spec:
  code: [src/]
  requirements: [requirements.txt, air/requirements.txt]
  python: "3.11"
"""


def judged(root: Path, files: Mapping[str, str | bytes], more: str = "", paths: list[str] | None = None) -> Report:
    tree: dict[str, str | bytes] = {"cvnpolicy.yaml": "policies: policies\n", "policies/d.yaml": POLICY + more}
    tree |= {"requirements.txt": "", "air/requirements.txt": "", "src/_.py": ""}
    write_tree(root, {**tree, **files})
    project = load(root / "cvnpolicy.yaml")
    loaded = load_policies(project)
    assert loaded.problems == ()
    return judge_imports(project, loaded.policies, AT, [root / path for path in paths or []])


def found(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.rule != "CVN520"]


def summary(report: Report) -> Finding:
    (one,) = [one for one in report.findings if one.rule == "CVN520"]
    return one


def test_all_is_declared(tmp_path: Path) -> None:
    files = {"src/a.py": "import numpy\nimport json\nimport sklearn\n", "requirements.txt": "numpy\nscikit-learn\n"}
    report = judged(tmp_path, files | {"air/requirements.txt": "-r ../requirements.txt\n"})
    assert (found(report), report.exit_code) == ([], 0)
    assert (
        summary(report).message == "2 files: 2 distributions declared in requirements.txt and in air/requirements.txt"
    )


def test_one_file_lacks_it(tmp_path: Path) -> None:
    report = judged(tmp_path, {"src/a.py": "def f():\n    import numpy\n", "requirements.txt": "numpy\n"})
    (one,) = found(report)
    assert (one.id, one.rule, one.outcome, report.exit_code) == ("deps/CVN521", "CVN521", Outcome.FAIL, 1)
    assert str(one.location) == "src/a.py:2:12"
    assert one.message == ("numpy is imported when f() is called, and numpy is not declared in air/requirements.txt")
    assert one.hint.startswith("add numpy to air/requirements.txt")
    assert summary(report).outcome is Outcome.WARN


def test_a_module_is_told_of_once_a_file(tmp_path: Path) -> None:
    report = judged(tmp_path, {"src/a.py": "import numpy.linalg\nimport numpy\n", "src/b.py": "import numpy\n"})
    assert [str(one.location) for one in found(report)] == ["src/a.py:1:8", "src/b.py:1:8"]


def test_a_guess_is_said_to_be_one(tmp_path: Path) -> None:
    (one,) = found(judged(tmp_path, {"src/a.py": "import nobody_has_this\n"}))
    assert "if another distribution gives nobody_has_this, say so under distributions" in one.hint
    (other,) = found(judged(tmp_path, {"src/a.py": "import sklearn\n"}))
    assert (other.hint, "scikit-learn is not declared" in other.message) == (
        "add scikit-learn to requirements.txt and air/requirements.txt",
        True,
    )


def test_any_one_of_several_distributions_is_enough(tmp_path: Path) -> None:
    both = {"requirements.txt": "opencv-python\n", "air/requirements.txt": "opencv-python-headless\n"}
    assert found(judged(tmp_path, {"src/a.py": "import cv2\n"} | both)) == []


@pytest.mark.parametrize(("more", "count"), [("", 0), ("  type_checking: require\n", 1)])
def test_imports_for_type_checkers(more: str, count: int, tmp_path: Path) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import matplotlib\n"
    report = judged(tmp_path, {"src/a.py": text}, more)
    assert len(found(report)) == count
    assert ("1 import for type checkers left alone" in summary(report).message) == (count == 0)


def test_what_only_the_run_knows_is_told_and_blocks_nothing(tmp_path: Path) -> None:
    report = judged(tmp_path, {"src/a.py": "import importlib\nimportlib.import_module(x)\n"})
    (one,) = found(report)
    assert (one.rule, one.outcome, report.exit_code) == ("CVN522", Outcome.INCONCLUSIVE, 0)
    assert summary(report).message.endswith("; 1 import that only the run knows")


OWN = [
    {"src/a.py": "import b\n", "src/b.py": ""},
    {"src/p/a.py": "import p.b\n", "src/p/b.py": ""},
    {"src/p/a.py": "import q\n", "src/q/__init__.py": ""},
    {"src/p/a.py": "import top\n", "top.py": ""},
    {"src/p/a.py": "import spaces.inner\n", "src/spaces/inner/x.py": ""},
]


@pytest.mark.parametrize("files", OWN, ids=" ".join)
def test_the_teams_own_modules_are_left_alone(files: dict[str, str | bytes], tmp_path: Path) -> None:
    assert found(judged(tmp_path, files)) == []


def test_a_folder_without_python_is_no_module(tmp_path: Path) -> None:
    report = judged(tmp_path, {"src/a.py": "import numpy\n", "src/numpy/readme.txt": "", "numpy/data/x.csv": ""})
    assert [one.rule for one in found(report)] == ["CVN521"]


def test_first_party_and_excluded(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"src/a.py": "import ours\n", "src/tests/t.py": "import hypothesis\n"}
    assert found(judged(tmp_path, files, "  first_party: [ours]\n  excluded: [src/tests/]\n")) == []


def test_notes_of_markers_and_constraints(tmp_path: Path) -> None:
    text = 'tomli; python_version < "3.11"\n-c c.txt\n'
    report = judged(
        tmp_path, {"src/a.py": "import tomli\nimport numpy\n", "requirements.txt": text, "c.txt": "numpy==2\n"}
    )
    first, second = found(report)
    assert 'requirements.txt declares tomli only where python_version < "3.11"' in first.message
    assert "a constraint names numpy, which installs nothing" in second.message


UNREAD: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("def f(:\n", "the imports could not be read: invalid syntax"),
    "latin": (b"# caf\xe9\n", "could not be read"),
    "nul": (b"x = '\0'\n", "could not be read"),
    "large": (b"#" * (1024 * 1024 + 1), "could not be read"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_that_cannot_be_read_is_an_error_and_never_a_pass(name: str, tmp_path: Path) -> None:
    data, says = UNREAD[name]
    report = judged(tmp_path, {"src/a.py": data})
    (one,) = found(report)
    assert (one.rule, one.outcome, report.exit_code) == ("CVN529", Outcome.ERROR, 4)
    assert says in one.message


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("import secrets_of_others\n")
    root = tmp_path / "repository"
    write_tree(root, {"src/_.py": ""})
    (root / "src" / "a.py").symlink_to("../../outside.py")
    (one,) = found(judged(root, {}))
    assert (one.rule, one.outcome) == ("CVN529", Outcome.ERROR)


def test_a_requirement_file_that_cannot_be_understood_is_an_error(tmp_path: Path) -> None:
    report = judged(tmp_path, {"requirements.txt": "numpy\n???\n"})
    (one,) = found(report)
    assert (one.rule, one.outcome, str(one.location)) == ("CVN523", Outcome.ERROR, "requirements.txt:2:1")


def test_only_the_files_that_are_named_are_looked_at(tmp_path: Path) -> None:
    report = judged(tmp_path, {"src/a.py": "import numpy\n", "src/b.py": "import pandas\n"}, paths=["src/b.py"])
    assert [one.location.file for one in found(report)] == ["src/b.py"]
    assert summary(report).message.startswith("1 file:")


def test_what_the_policy_names_and_is_not_there(tmp_path: Path) -> None:
    write_tree(tmp_path, {"cvnpolicy.yaml": "policies: policies\n", "policies/d.yaml": POLICY})
    project = load(tmp_path / "cvnpolicy.yaml")
    with pytest.raises(InvalidInputError) as caught:
        judge_imports(project, load_policies(project).policies, AT)
    assert [str(problem) for problem in caught.value.problems] == [
        "policies/d.yaml:5:10: no Python file is below 'src/': correct the path, or remove it",
        "policies/d.yaml:6:18: there is no file 'requirements.txt': write it, or correct the path",
        "policies/d.yaml:6:36: there is no file 'air/requirements.txt': write it, or correct the path",
    ]
