"""The page about editors: its settings are the server's settings, and its diagnostics are what the server says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.editor.conftest import PAGE, Start
from tests.support.documents import blocks, played
from tests.support.golden import assert_golden
from tests.support.language_server import LanguageServer, Place

TEXT = PAGE.read_text("utf-8")
BEGIN, END = "<!-- diagnostics -->\n", "<!-- end -->\n"
SHOWN = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)
NOTHING = "* nothing\n"


def block(**attributes: str) -> str:
    (found,) = [each for each in blocks(TEXT) if each.attributes == attributes]
    return found.body


def said(server: LanguageServer, file: Path) -> str:
    """What is said of a file, a line for each, with its place as people count."""
    found = sorted(server.diagnostics(server.open(file)), key=lambda each: (each.start.line, each.start.character))
    lines = [f"* {each.start.line + 1}:{each.start.character + 1} `{each.message}`\n" for each in found]
    return "".join(lines) or NOTHING


def diagnosed(text: str, server: LanguageServer, root: Path) -> str:
    """The page with what is really said below each file that diagnostics are shown of."""

    def replaced(match: re.Match[str]) -> str:
        file = blocks(text[: match.start()])[-1].title
        assert file is not None, "diagnostics stand below the file that they are about"
        return f"{BEGIN}{said(server, root / file)}{END}"

    return SHOWN.sub(replaced, text)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder that the page leaves behind, and the page with what its commands print."""
    root = tmp_path_factory.mktemp("page").resolve()
    return root, played(TEXT, root)


def test_the_page_says_what_the_server_says(start: Start, page: tuple[Path, str]) -> None:
    root, text = page
    with start(root) as server:
        shown = diagnosed(text, server, root)
    assert_golden(PAGE, shown)


def test_the_valid_files_of_the_page_have_no_diagnostics(
    start: Start, page: tuple[Path, str], vs_code: dict[str, Any]
) -> None:
    root, _ = page
    with start(root, vs_code) as server:
        assert said(server, root / "policies" / "drift.yaml") == NOTHING
        assert said(server, root / "cvnpolicy.yaml") == NOTHING


def test_the_page_shows_the_three_kinds_of_diagnostics() -> None:
    shown = [match[1] for match in SHOWN.finditer(TEXT)]
    assert shown[-1] == NOTHING
    for message in ("Property warn_iff is not allowed.", "Value is not accepted. Valid values: ", "Missing property"):
        assert sum(message in each and each.count("\n") == 1 for each in shown) == 1


def test_neovim_has_the_settings_of_vs_code(vs_code: dict[str, Any]) -> None:
    lua = block(title="init.lua")
    pairs = dict(re.findall(r'^ +\["(.+)"\] = "(.+)",$', lua, re.MULTILINE))
    assert pairs == vs_code["yaml.schemas"]
    assert "disableDefaultProperties = true," in lua
    assert (lua.count("{"), lua.count("(")) == (lua.count("}"), lua.count(")"))
    assert set(vs_code) == {"yaml.schemas", "yaml.disableDefaultProperties"}


def test_jetbrains_has_the_schemas_of_vs_code(vs_code: dict[str, Any]) -> None:
    project = ET.fromstring(block(title=".idea/jsonSchemas.xml"))  # noqa: S314  our own page
    found = {}
    for info in project.iter("SchemaInfo"):
        options = {each.get("name"): each.get("value") for each in info.iter("option")}
        pattern = f"{options['path']}/**/*.yaml" if "directory" in options else options["path"]
        found[options["relativePathToSchema"]] = pattern
    assert found == vs_code["yaml.schemas"]


def test_default_properties_are_left_out(start: Start, workspace: Path, vs_code: dict[str, Any]) -> None:
    text = "apiVersion: cvnpolicy/v1\nkind: DriftPolicy\nspec:\n  "
    written = []
    for settings in (vs_code, {**vs_code, "yaml.disableDefaultProperties": False}):
        with start(workspace, settings) as server:
            uri = server.open(workspace / "policies" / "new.yaml", text)
            offers = {offer.label: offer for offer in server.completions(uri, place_at_end(text))}
            written.append(offers["checks"].written)
    assert ["on_unknown" in each for each in written] == [False, True]


def place_at_end(text: str) -> Place:
    lines = text.split("\n")
    return Place(len(lines) - 1, len(lines[-1]))
