"""What an editor shows over a key: what it is for, before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.app.schema import schema
from tests.support.drafts import CURSOR, POLICY, changed, shown
from tests.support.language_server import LanguageServer

SCHEMA = schema("policy")
KEYS = [
    ("metadata", SCHEMA["properties"], "metadata"),
    ("title", SCHEMA["$defs"]["Metadata"]["properties"], "title"),
    ("owner", SCHEMA["$defs"]["Metadata"]["properties"], "owner"),
    ("baselines", SCHEMA["$defs"]["DriftPolicySpec"]["properties"], "baselines"),
    ("checks", SCHEMA["$defs"]["DriftPolicySpec"]["properties"], "checks"),
    ("id", SCHEMA["$defs"]["Check"]["properties"], "id"),
    ("measure", SCHEMA["$defs"]["Check"]["properties"], "measure"),
    ("warn_if", SCHEMA["$defs"]["Check"]["properties"], "warn_if"),
    ("severity", SCHEMA["$defs"]["Check"]["properties"], "severity"),
    ("statistic", SCHEMA["$defs"]["Measure"]["properties"], "statistic"),
    ("columns", SCHEMA["$defs"]["Measure"]["properties"], "columns"),
    ("window", SCHEMA["$defs"]["Measure"]["properties"], "window"),
]


def text_over(server: LanguageServer, root: Path, key: str) -> str:
    uri, place = shown(server, root, changed(f"{key}:", f"{key[0]}{CURSOR}{key[1:]}:"))
    found = server.hover(uri, place)
    assert found is not None
    return found.text.replace("\\", "")


@pytest.mark.parametrize(("key", "properties", "name"), KEYS, ids=[row[0] for row in KEYS])
def test_a_key_says_what_it_is_for(server: LanguageServer, workspace: Path, key, properties, name) -> None:
    _, _, below = text_over(server, workspace, key).partition("\n\n")
    assert below.startswith(properties[name]["description"])


def test_a_condition_also_says_how_it_is_written(server: LanguageServer, workspace: Path) -> None:
    text = text_over(server, workspace, "warn_if")
    assert text.startswith("#### Check\n\nTrue is bad: outcome warn. What is asked of a number, in quotes:")
    assert "within 1% of champion" in text


def test_words_are_listed_with_their_meaning(server: LanguageServer, workspace: Path) -> None:
    text = text_over(server, workspace, "kind")
    assert "* `MetricPolicy`: Metrics, and the checks on them.\n" in text
    assert "* `psi`: PSI of `column`.\n" in text_over(server, workspace, "statistic")


def test_no_name_of_a_class_is_shown(server: LanguageServer, workspace: Path) -> None:
    assert text_over(server, workspace, "checks").startswith("#### Drift policy spec\n")


def test_nothing_is_said_of_a_name_that_is_free(server: LanguageServer, workspace: Path) -> None:
    uri, place = shown(server, workspace, POLICY.replace("kind", f"ki{CURSOR}nd", 1), folder="elsewhere")
    found = server.hover(uri, place)
    assert found is None or found.text == ""
