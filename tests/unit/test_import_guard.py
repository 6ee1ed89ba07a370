"""What loading the package may cost. Each test asks a fresh interpreter which modules it ended up with."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

from tests.support.process import run_python
from tests.support.tree import write_tree

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = frozenset({"duckdb", "jsonschema", "libcst", "mlflow", "numpy", "pandas", "pyarrow", "scipy", "sqlalchemy"})
"""Packages that a commit hook must not pay for."""

CATALOG = """
    apiVersion: cvnpolicy/v1
    kind: EventCatalog
    metadata: {name: events, title: Structured events, owner: "@owner"}
    spec:
      events:
        training_started: {fields: {model: str}, heartbeat: 24h}
    """

RECORD_IMPORTS = """
import json, pathlib, sys

before = set(sys.modules)
sys.argv = ["cvnpolicy", *sys.argv[2:]]
from cvnpolicy.cli.main import main

status = 0
try:
    status = main() or 0
except SystemExit as end:
    status = end.code or 0
loaded = sorted(set(sys.modules) - before)
pathlib.Path("imports.json").write_text(json.dumps({"status": int(status), "loaded": loaded}))
"""


def imports_of(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Run the command in `folder`; its exit status and every module it imported."""
    done = run_python("-c", RECORD_IMPORTS, "--", *arguments, cwd=folder)
    assert (folder / "imports.json").exists(), done.stderr
    record = json.loads((folder / "imports.json").read_text())
    return record["status"], set(record["loaded"])


def test_importing_the_package_does_nothing():
    code = "import sys; before = set(sys.modules); import cvnpolicy; print(*sorted(set(sys.modules) - before))"
    done = run_python("-c", code)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["cvnpolicy"], "")


def test_the_heavy_packages_can_be_seen_when_they_are_loaded():
    """The guard looks at names that are installed: for the others the tests below prove nothing."""
    installed = {name for name in HEAVY if importlib.util.find_spec(name)}
    assert {"duckdb", "numpy", "pandas", "pyarrow", "scipy"} <= installed


def test_validate_loads_nothing_heavy(tmp_path):
    folder = write_tree(tmp_path, {"cvnpolicy.yaml": "policies: policies\n", "policies/events.yaml": CATALOG})
    status, loaded = imports_of(folder, "validate", "policies")
    assert status == 0
    assert "cvnpolicy.load" in loaded  # it did the work
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_reporting_an_invalid_policy_loads_nothing_heavy(tmp_path):
    broken = CATALOG.replace("heartbeat: 24h", "heartbeet: 24h")
    folder = write_tree(tmp_path, {"cvnpolicy.yaml": "policies: policies\n", "policies/events.yaml": broken})
    status, loaded = imports_of(folder, "validate", "policies")
    assert status == 3
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_a_process_that_serves_models_pays_for_the_standard_library_alone():
    code = "import sys, cvnpolicy.contracts; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    loaded = set(run_python("-S", "-c", f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {code}").stdout.split())
    assert loaded <= sys.stdlib_module_names | {"cvnpolicy", "__main__"}
