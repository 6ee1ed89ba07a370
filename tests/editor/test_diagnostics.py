"""What an editor underlines, and what it says: one diagnostic for one mistake, at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.editor.conftest import REPOSITORY, Start
from tests.support.drafts import POLICY, changed, shown
from tests.support.language_server import LanguageServer

KINDS = (
    '"EventCatalog", "FeatureContract", "MetricPolicy", "AlertPolicy", "DriftPolicy", "HyperparameterPolicy", '
    '"ReadinessPolicy", "DependencyPolicy"'
)
STATISTICS = (
    "count, rate, ratio, sum, mean, min, max, std, variance, last, delta, increase, distinct, f1, coverage, "
    "duplicates, missing, unmatched, ks_statistic, ks_pvalue, psi, mean_shift, p50 to p99"
)
CONDITION = 'Write a condition in quotes, for example "< 0.01", "within 1% of champion" or "unset"'
ONE = [
    ("misspelt-key", changed("warn_if:", "warn_iff:"), "warn_iff", "Property warn_iff is not allowed."),
    ("misspelt-in-measure", changed("columns:", "colums:"), "colums", "Property colums is not allowed."),
    ("misspelt-at-top", changed("spec:", "waiver: []\nspec:"), "waiver", "Property waiver is not allowed."),
    ("bad-kind", changed("DriftPolicy", "DriftPolcy"), "DriftPolcy", f"Value is not accepted. Valid values: {KINDS}."),
    ("no-kind", changed("kind: DriftPolicy\n", ""), "a", 'Missing property "kind".'),
    ("no-window", changed("        window: 14d\n", ""), "measure", 'Missing property "window".'),
    ("version", changed("cvnpolicy/v1", "cvnpolicy/v2"), "cvnpolicy/v2", 'Value must be "cvnpolicy/v1".'),
    ("statistic", changed("statistic: mean", "statistic: avg"), "avg",
     f"Not a statistic: write one of {STATISTICS}."),
    ("severity", changed("P2", "P9"), "P9", 'Value is not accepted. Valid values: "P1", "P2", "P3".'),
    ("nothing-written", changed(" P2", ""), "", "Write one of P1, P2, P3; or a mapping."),
    ("condition-is-a-number", changed('"> 0.1"', "0.1"), "0.1", f"{CONDITION}; or a mapping."),
    ("condition-without-operator", changed('"> 0.1"', '"0.1"'), '"0.1"', f"{CONDITION}."),
    ("tree", changed('"> 0.1"', "{all: [{chek: a, is: [pass]}]}"), "chek", "Property chek is not allowed."),
    ("duration", changed("14d", "2 weeks"), "2 weeks",
     "Write a whole number and one of ms, s, min, h, d, for example 14d, or run for every row."),
    ("owner", changed('"@me"', "me"), "me", "Write one account name with '@', for example @dococeven."),
    ("name", changed("name: drift", "name: Drift"), "Drift",
     "Use small letters, digits, '-', '_' and '.', at most 80, for example btc-features."),
    ("key-of-a-mapping", changed("severity:", "groups: {sym-bol: any}\n      severity:"), "sym-bol",
     "Use letters, digits and '_', not a digit first, at most 80, for example f1_buy."),
    ("columns", changed("[btc_return]", "btc_return"), "btc_return", "Incorrect type. Expected one of array, object."),
    ("limit", changed("severity:", "min_samples: 0\n      severity:"), "0", "Value is below the minimum of 1."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "underlined", "said"), [row[1:] for row in ONE], ids=[row[0] for row in ONE])
def test_one_mistake_is_one_diagnostic(
    server: LanguageServer, workspace: Path, text: str, underlined: str, said: str
) -> None:
    uri, _ = shown(server, workspace, text)
    found = server.diagnostics(uri)
    assert [(each.of(text), each.message) for each in found] == [(underlined, said)]


def test_a_diagnostic_stands_at_its_place(server: LanguageServer, workspace: Path) -> None:
    uri, _ = shown(server, workspace, changed("warn_if:", "warn_iff:"))
    (found,) = server.diagnostics(uri)
    assert (found.start.line, found.start.character, found.end.character) == (15, 6, 14)


def test_a_misspelt_required_key_is_also_missing(server: LanguageServer, workspace: Path) -> None:
    text = changed("owner:", "ownr:")
    uri, _ = shown(server, workspace, text)
    assert [(each.of(text), each.message) for each in server.diagnostics(uri)] == [
        ("metadata", 'Missing property "owner".'),
        ("ownr", "Property ownr is not allowed."),
    ]


def test_the_whole_policy_has_none(server: LanguageServer, workspace: Path) -> None:
    uri, _ = shown(server, workspace, POLICY)
    assert server.diagnostics(uri) == []


def test_settings_concern_the_files_that_they_name(server: LanguageServer, workspace: Path) -> None:
    uri, _ = shown(server, workspace, changed("warn_if:", "warn_iff:"), folder="elsewhere")
    assert server.diagnostics(uri) == []


def test_every_document_of_a_file_is_looked_at(server: LanguageServer, workspace: Path) -> None:
    uri, _ = shown(server, workspace, POLICY + "---\n" + changed("DriftPolicy", "Drift"))
    (found,) = server.diagnostics(uri)
    assert found.start.line == POLICY.count("\n") + 2


TYPES = '"parquet", "csv", "jsonl", "logfmt", "yaml", "recorded"'
ENVIRONMENTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("{like: default, data_root: quiet}", []),
    ("{like: {type: csv, path: a.csv}}", []),
    ("{like: default, data_rot: quiet}", [("data_rot", "Property data_rot is not allowed.")]),
    ("{like: default, data_root: 5}", [("5", 'Incorrect type. Expected "string".')]),
    ("{like: 5}", [("5", 'Incorrect type. Expected "string".')]),
    ("{like: {type: cvs, path: a.csv}}", [("cvs", f"Value is not accepted. Valid values: {TYPES}.")]),
    ("default", [("default", 'Incorrect type. Expected "object(cvnpolicy.yaml)".')]),
]


@pytest.mark.parametrize(("environment", "said"), ENVIRONMENTS)
def test_an_environment(server: LanguageServer, workspace: Path, environment: str, said: list[tuple[str, str]]) -> None:
    text = f"environments:\n  default: {{}}\n  quiet: {environment}\n"
    folder = f"environment-{[row[0] for row in ENVIRONMENTS].index(environment)}"
    found = server.diagnostics(server.open(workspace / folder / "cvnpolicy.yaml", text))
    assert [(each.of(text), each.message) for each in found] == said


def test_a_kind_alone_has_a_schema_too(start: Start, workspace: Path) -> None:
    settings = {"yaml.schemas": {"schemas/alert-policy.schema.json": "alerts/*.yaml"}}
    with start(workspace, settings) as running:
        uri, _ = shown(running, workspace, POLICY, folder="alerts")
        messages = [each.message for each in running.diagnostics(uri)]
    assert 'Value must be "AlertPolicy".' in messages


def real_files() -> list[Path]:
    return [*sorted((REPOSITORY / "policies").rglob("*.yaml")), REPOSITORY / "cvnpolicy.yaml"]


def said_of_all(running: LanguageServer, texts: dict[Path, str]) -> dict[str, list[str]]:
    """Open every file at once, then gather what is said of it."""
    uris = {running.open(path, text): path.relative_to(REPOSITORY).as_posix() for path, text in texts.items()}
    return {name: [each.message for each in running.diagnostics(uri)] for uri, name in uris.items()}


def test_nothing_is_said_of_the_policies_by_their_modelines(start: Start) -> None:
    files = {path: path.read_text("utf-8") for path in real_files()}
    assert len(files) > 10
    lines = {path: text.partition("\n")[0] for path, text in files.items()}
    assert [path for path, line in lines.items() if not line.startswith("# yaml-language-server: $schema=")] == []
    drift = REPOSITORY / "policies" / "drift"
    broken = f"{lines[drift / 'btc_features.yaml']}\n{changed('warn_if:', 'warn_iff:')}"
    with start(REPOSITORY) as running:
        found = said_of_all(running, files | {drift / "x.yaml": broken})
    assert found.pop("policies/drift/x.yaml") == ["Property warn_iff is not allowed."], "the modeline is not read"
    assert len(found) == len(files)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("broken", [False, True], ids=["as-they-are", "broken"])
def test_nothing_is_said_of_the_policies_by_the_settings(start: Start, vs_code: dict[str, Any], broken: bool) -> None:
    files = {path: path.read_text("utf-8").partition("\n")[2] for path in real_files()}
    assert not any("yaml-language-server" in text for text in files.values())
    if broken:
        files = {
            path: text.replace("\nmetadata:", "\nmetdata:").replace("sets:", "set:") for path, text in files.items()
        }
    with start(REPOSITORY, vs_code) as running:
        found = said_of_all(running, files)
    assert len(found) == len(files)
    assert [name for name, said in found.items() if said] == (list(found) if broken else [])
