"""The locked npm packages: what is installed is checked by its hash, and no address of a registry is kept."""

from __future__ import annotations

import json
import re

import pytest

from tests.editor.conftest import REPOSITORY, SERVER

FOLDER = REPOSITORY / "tools" / "node"
LOCK = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
PACKAGES = {name: each for name, each in LOCK["packages"].items() if name}


def test_every_package_has_a_hash() -> None:
    assert len(PACKAGES) > 10
    weak = [name for name, each in PACKAGES.items() if not each.get("integrity", "").startswith("sha512-")]
    assert weak == []


def test_no_address_is_kept() -> None:
    files = [FOLDER / "package.json", FOLDER / "package-lock.json", FOLDER / ".npmrc"]
    assert [file.name for file in files if re.search(r'://|"resolved":', file.read_text("utf-8"))] == []


def test_versions_are_exact() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    assert wanted == LOCK["packages"][""]["dependencies"]
    assert {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_nothing_runs_when_it_is_installed() -> None:
    assert [name for name, each in PACKAGES.items() if each.get("hasInstallScript")] == []


def test_what_is_installed_is_what_is_locked() -> None:
    if not SERVER.is_file():
        pytest.skip("yaml-language-server is not installed: make node")
    installed = json.loads((SERVER.parents[1] / "package.json").read_text("utf-8"))["version"]
    assert installed == PACKAGES["node_modules/yaml-language-server"]["version"]
