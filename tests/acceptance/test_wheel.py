"""What ships is what works: the wheel is built once, or given, unpacked beside the tree, and used as a user would."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.support.process import run_python
from tests.support.tree import write_tree

# CI builds the wheel once, and tests the file that it keeps: one built here again might differ from it. Read when the
# module is loaded, since tests see no variable of this project.
WHEEL = os.environ.get("CVNPOLICY_WHEEL") or None

FILES = {
    "cvnpolicy.yaml": """
        environments:
          default:
            events: {type: logfmt, path: "logs/*.log", time: ts}
        """,
    "logs/app.log": """
        ts=2026-06-10T01:00:00Z event=started
        ts=2026-06-10T02:00:00Z event=failed
        """,
    "policies/p.yaml": """
        apiVersion: cvnpolicy/v1
        kind: EventCatalog
        metadata: {name: events, title: Events, owner: "@test"}
        spec: {events: {started: {heartbeat: 24h}, failed: {alive_with: started}}}
        ---
        apiVersion: cvnpolicy/v1
        kind: AlertPolicy
        metadata: {name: alerts, title: Alerts, owner: "@test"}
        spec:
          routes: {P1: pager}
          alerts:
            - {id: none-failed, measure: {statistic: count, event: failed, window: 24h}, pass_if: "== 0", severity: P1}
        """,
}


@pytest.fixture(scope="module")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was unpacked into."""
    folder = tmp_path_factory.mktemp("wheel")
    if WHEEL is None:
        options = ("--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
        built = run_python("-m", "pip", "wheel", *options, str(repository), PIP_DISABLE_PIP_VERSION_CHECK="1")
        assert built.returncode == 0, built.stdout + built.stderr
    wheel = next(folder.glob("cvnpolicy-*.whl")) if WHEEL is None else Path(WHEEL)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")  # our own wheel
    return folder / "site"


def command(installed: Path, *arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run the wheel's `cvnpolicy`, not the tree's."""
    done = run_python("-m", "cvnpolicy", *arguments, cwd=cwd, PYTHONPATH=str(installed))
    return done.returncode, done.stdout, done.stderr


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    done = run_python("-c", "import cvnpolicy; print(cvnpolicy.__file__)", cwd=tmp_path, PYTHONPATH=str(installed))
    assert Path(done.stdout.strip()).is_relative_to(installed), done.stdout


def test_it_validates_judges_and_explains(installed: Path, tmp_path: Path) -> None:
    root = write_tree(tmp_path, FILES)
    assert command(installed, "validate", cwd=root) == (0, "2 policies in 1 file: no problems\n", "")
    code, shown, _ = command(installed, "evaluate", "--at", "2026-06-11T00:00:00Z", cwd=root)
    assert code == 1
    assert "count of failed is 1; passes when equal to 0" in shown
    code, shown, _ = command(installed, "explain", "alerts/none-failed", cwd=root)
    assert (code, "Passes when it is equal to 0 (P1)." in shown) == (0, True)


def test_guides_and_types_are_shipped_and_tools_are_not(installed: Path, tmp_path: Path) -> None:
    code, guide, _ = command(installed, "explain", "CVN201", cwd=tmp_path)
    assert (code, guide.startswith("#")) == (0, True)
    assert (installed / "cvnpolicy" / "py.typed").is_file()
    assert not [*installed.glob("tools*"), *installed.glob("tests*")]
    (entry,) = installed.glob("cvnpolicy-*.dist-info/entry_points.txt")
    assert "cvnpolicy = cvnpolicy.cli.main:main" in entry.read_text(encoding="utf-8")


def test_every_schema_is_printed(installed: Path, tmp_path: Path) -> None:
    for name in ("policy", "configuration", "report", "DriftPolicy"):
        code, text, _ = command(installed, "schema", name, cwd=tmp_path)
        assert (code, '"$schema"' in text) == (0, True)
