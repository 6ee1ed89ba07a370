from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cvnpolicy.core.evidence import FactNeed, FactReading, Unavailable
from cvnpolicy.sources.facts import FactsSource
from cvnpolicy.sources.facts_yaml import parse
from cvnpolicy.sources.paths import expand
from tests.support.tree import write_tree


def ask(root, text, name="a.b"):
    write_tree(root, {"facts.yaml": text})
    need = FactNeed(name, "facts")
    return FactsSource("facts.yaml", root).answer([need])[need]


def reason(root, text):
    found = ask(root, text)
    assert isinstance(found, Unavailable), found
    return found.reason


def test_a_value(tmp_path):
    text = 'facts:\n  a.b: {value: live, at: 2026-06-01T11:00:00+02:00, by: "@dococeven"}\n'
    assert ask(tmp_path, text) == FactReading("live", None, datetime(2026, 6, 1, 9, tzinfo=UTC), "@dococeven")


def test_items(tmp_path):
    text = """
        facts:
          a.b:
            items:
              - {id: 1, status: Closed}
              - {id: 2, status: Open, late: true}
        """
    found = ask(tmp_path, text)
    assert found == FactReading(items=({"id": 1, "status": "Closed"}, {"id": 2, "status": "Open", "late": True}))
    assert ask(tmp_path, "facts:\n  a.b: {items: []}\n") == FactReading(items=())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("true", True),
        ("'true'", "true"),
        ("1", 1),
        ("'1'", "1"),
        ("-1.5e3", -1500.0),
        ("0x10", 16),
        ("0o17", 15),
        ("12:30:45", "12:30:45"),
        ("2026-05-12", "2026-05-12"),
        ('""', ""),
    ],
)
def test_scalars_have_one_reading(tmp_path, written, value):
    found = ask(tmp_path, f"facts:\n  a.b: {{value: {written}}}\n")
    assert found == FactReading(value)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("facts:\n  a.b:\n    value: 1\n    at: 2026-06-01\n", "line 4: facts.a.b.at: '2026-06-01' has no time zone"),
        (
            "facts:\n  a.b:\n    value: 1\n    at: 2026-13-01T00:00:00Z\n",
            "line 4: facts.a.b.at: '2026-13-01T00:00:00Z' is not",
        ),
        ("facts:\n  a.b:\n    value: 1\n    at: 20260601\n", "line 4: facts.a.b.at: 20260601 is not an instant"),
        ("facts:\n  a.b: {}\n", "line 2: facts.a.b: a fact has either value or items"),
        ("facts:\n  a.b: {value: 1, items: []}\n", "line 2: facts.a.b: a fact has either value or items"),
        ("facts:\n  a.b: {value: ~}\n", "line 2: facts.a.b: nothing is written for 'value'"),
        ("facts:\n  a.b: {valeu: 1}\n", "line 2: facts.a.b.valeu: is not a known key"),
        ("facts:\n  a.b: {value: [1]}\n", "line 2: facts.a.b.value: has the wrong type"),
        ("facts:\n  a.b:\n    items:\n      - 1\n", "line 4: facts.a.b.items.0: has the wrong type"),
        ("facts: [1]\n", "line 1: facts: has the wrong type"),
        ("fact: {}\n", "line 1: 'facts' is missing"),
        ("text", "line 1: has the wrong type"),
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("facts:\n  a.b: {value: 1\n", "line 3 is not YAML"),
        ("facts:\n  a.b: {value: \x01}\n", "is not YAML"),
        ("facts:\n  a.b: &x {value: 1}\n", "line 2: anchors and aliases are refused"),
        ("facts:\n  a.b: *x\n", "line 2: anchors and aliases are refused"),
        ("facts:\n  a.b: {value: !!str 1}\n", "line 2: tags are refused"),
        ("facts:\n  <<: {a.b: {value: 1}}\n", "line 2: merge keys are refused"),
        ("facts:\n  [1]: {value: 1}\n", "line 2: a key is not text"),
        ("facts:\n  a.b: {value: 1}\n  a.b: {value: 2}\n", "line 3: the key 'a.b' is there twice"),
        ("---\na: 1\n---\nb: 1\n", "line 3: a second document starts"),
        ("facts:\n  a.b: {value: .nan}\n", "line 2: '.nan' is not a finite number"),
        ("facts:\n  a.b: {value: 1e999}\n", "line 2: '1e999' is not a finite number"),
        ("[" * 30 + "]" * 30 + "\n", "line 1: it nests deeper than 16"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path, text, reason):
    found = ask(tmp_path, text.encode())
    assert isinstance(found, Unavailable), found
    assert f"facts.yaml {reason}" in found.reason
    assert found.hint


def test_a_deep_file_is_refused_without_harm(tmp_path):
    assert "nests deeper" in reason(tmp_path, "[" * 100_000)


def test_a_fact_that_is_not_written(tmp_path):
    found = ask(tmp_path, "facts:\n  a.c: {value: 1}\n")
    assert found == Unavailable("no fact 'a.b' is written down", "did you mean 'a.c'?")


def test_a_file_that_cannot_be_read(tmp_path):
    need = FactNeed("a.b", "facts")
    missing = FactsSource("facts.yaml", tmp_path).answer([need])[need]
    assert isinstance(missing, Unavailable)
    assert "no file matches" in missing.reason
    assert "is not UTF-8" in reason(tmp_path, b"facts: \xff\n")
    assert "larger than 1 MiB" in reason(tmp_path, b"# " + b"x" * 2**20)
    write_tree(tmp_path, {"a.yml": "facts: {}", "b.yml": "facts: {}"})
    several = FactsSource("*.yml", tmp_path).answer([need])[need]
    assert isinstance(several, Unavailable)
    assert "matches 2 files" in several.reason


def test_a_file_that_changes_meanwhile(tmp_path, monkeypatch):
    def slow(text, label):
        (tmp_path / "facts.yaml").write_text("facts: {}")
        return parse(text, label)

    monkeypatch.setattr("cvnpolicy.sources.facts.parse", slow)
    assert "changed while it was read" in reason(tmp_path, "facts:\n  a.b: {value: 1}\n")


def test_a_file_that_vanishes(tmp_path, monkeypatch):
    def slow(pattern, root):
        files = expand(pattern, root)
        (tmp_path / "facts.yaml").unlink()
        return files

    monkeypatch.setattr("cvnpolicy.sources.facts.expand", slow)
    assert "cannot be read" in reason(tmp_path, "facts:\n  a.b: {value: 1}\n")
