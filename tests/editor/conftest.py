"""The real language server, as an editor starts it. `make node` installs it; without it these tests are skipped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.documents import blocks
from tests.support.language_server import LanguageServer

REPOSITORY = Path(__file__).parents[2]
SERVER = REPOSITORY / "build" / "node" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
PAGE = REPOSITORY / "docs" / "how-to" / "editor.md"
OFFLINE = {"yaml.schemaStore.enable": False, "yaml.kubernetesCRDStore.enable": False}
"""The server fetches lists of schemas otherwise."""

Start = Callable[..., LanguageServer]


@pytest.fixture(scope="session")
def start() -> Start:
    """Return a function that starts the server in a folder, with settings; it is to be used as a context."""
    node = shutil.which("node")
    if node is None or not SERVER.is_file():
        pytest.skip("yaml-language-server is not installed: make node")
    command = [node, str(SERVER), "--stdio"]

    def started(root: Path, settings: dict[str, Any] | None = None) -> LanguageServer:
        return LanguageServer(command, root, {**(settings or {}), **OFFLINE})

    return started


@pytest.fixture(scope="session")
def vs_code() -> dict[str, Any]:
    """Return the settings that the page tells users of VS Code to write."""
    (found,) = [block for block in blocks(PAGE.read_text("utf-8")) if block.title == ".vscode/settings.json"]
    settings: dict[str, Any] = json.loads(found.body)
    return settings


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the schemas and nothing else."""
    root = tmp_path_factory.mktemp("workspace").resolve()
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    return root


@pytest.fixture(scope="module")
def server(start: Start, workspace: Path, vs_code: dict[str, Any]) -> Iterator[LanguageServer]:
    """Return a server in that repository, with the settings of the page."""
    with start(workspace, vs_code) as running:
        yield running
