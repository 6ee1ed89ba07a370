"""The kind of docs/how-to/add-a-kind.md, built from the page in a copy of the package, and everything that follows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.documents import played, run_bash
from tests.support.golden import assert_golden

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-kind.md"
PYTEST = "python -m pytest -q -p no:cacheprovider --rootdir=. --import-mode=importlib"
COPIED = ("src", "tests/kinds", "tests/support", "tools", "schemas", "docs/reference", "policies")
FILES = ("cvnpolicy.yaml", "docs/traceability.yaml")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a kind touches, after the page was played in it."""
    root = tmp_path_factory.mktemp("clone")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "node"))
    for file in FILES:
        shutil.copy(ROOT / file, root / file)
    assert_golden(PAGE, played(PAGE.read_text(encoding="utf-8"), root))
    return root


def run(copy: Path, command: str) -> subprocess.CompletedProcess[str]:
    return run_bash(command, copy)


def test_its_cases_its_guide_and_the_registry_are_green(copy: Path) -> None:
    done = run(copy, f"{PYTEST} -rp -k 'freeze or Freeze or registry' tests/kinds")
    assert done.returncode == 0, done.stdout
    cases = (copy / "src/cvnpolicy/kinds/freeze/cases/basics.yaml").read_text(encoding="utf-8").count("- name: ")
    assert cases == 7
    for test, expected in (
        ("[freeze/basics/", cases),
        ("test_its_yaml_loads[FreezePolicy-", 1),
        ("test_registry.py", 9),
    ):
        assert len(re.findall(rf"^PASSED .*{re.escape(test)}", done.stdout, re.MULTILINE)) >= expected, done.stdout


def test_schema_and_reference_are_generated(copy: Path) -> None:
    made = run(copy, "python tools/generate.py && python tools/generate.py --check")
    assert made.returncode == 0, made.stdout
    schema = json.loads((copy / "schemas" / "policy.schema.json").read_text(encoding="utf-8"))
    assert "FreezePolicy" in json.dumps(schema)
    page = (copy / "docs" / "reference" / "kinds" / "freeze.md").read_text(encoding="utf-8")
    for text in ("How often the event may happen all the same", "One promotion inside of the freeze is too many"):
        assert text in page
    assert "CVN601" in (copy / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("src/cvnpolicy/kinds/__init__.py", "test_folders_are_entries"),
        ("tests/kinds/test_registry.py", "test_rules_are_unique_and_of_their_family"),
    ],
)
def test_a_forgotten_line_is_told(copy: Path, missing: str, told: str) -> None:
    file = copy / missing
    text = file.read_text(encoding="utf-8")
    file.write_text("".join(line for line in text.splitlines(keepends=True) if "FreezePolicy" not in line), "utf-8")
    try:
        done = run(copy, f"{PYTEST} tests/kinds/test_registry.py")
    finally:
        file.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert f"::{told}" in done.stdout
