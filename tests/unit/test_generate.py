from __future__ import annotations

import json
import re
from enum import Enum
from itertools import pairwise

import click
import pytest

from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds import KINDS, load_kind
from tests.support.process import run_python
from tests.support.tree import write_tree
from tools import generate
from tools.reference import commands
from tools.reference.cases import examples
from tools.reference.docstrings import markdown, member_docs
from tools.reference.pages import KINDS_FOLDER, own_names, pages
from tools.reference.tables import description, table, words


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    def call(*arguments, files=None, problems=()):
        monkeypatch.setattr(generate, "generated", lambda: (dict(files or {}), list(problems)))
        status = generate.main(arguments, tmp_path)
        return status, capsys.readouterr()

    return call


FILES = {"schemas/a.json": "one\ntwo\n", "docs/reference/kinds/b.md": "é\n"}


def test_what_is_written_passes_the_check(run, tmp_path):
    status, output = run(files=FILES)
    assert (status, output.out, output.err) == (0, "generate: 2 of 2 files written\n", "")
    assert (tmp_path / "docs/reference/kinds/b.md").read_bytes() == "é\n".encode()
    assert run("--check", files=FILES)[0] == 0


def test_only_what_differs_is_written(run, tmp_path):
    run(files=FILES)
    before = (tmp_path / "schemas/a.json").stat().st_mtime_ns
    status, output = run(files=FILES | {"docs/reference/kinds/b.md": "new\n"})
    assert (status, output.out) == (0, "generate: 1 of 2 files written\n")
    assert (tmp_path / "schemas/a.json").stat().st_mtime_ns == before


def test_the_check_lists_everything_and_writes_nothing(run, tmp_path):
    write_tree(tmp_path, {"schemas/a.json": "one\n2\n", "schemas/old.json": "", "docs/tutorials/mine.md": ""})
    status, output = run("--check", files=FILES, problems=["DriftPolicy: no guide"])
    assert status == 1
    assert output.err.splitlines() == [
        "generate: DriftPolicy: no guide",
        "generate: docs/reference/kinds/b.md: missing: run make generate",
        "generate: schemas/a.json: differs: run make generate",
        "    --- on disk",
        "    +++ generated",
        "    @@ -1,2 +1,2 @@",
        "     one",
        "    -2",
        "    +two",
        "generate: schemas/old.json: nothing generates it: remove it, or keep it elsewhere",
    ]
    assert not (tmp_path / "docs/reference").exists()


def test_a_long_difference_is_cut(run, tmp_path):
    write_tree(tmp_path, {"schemas/a.json": "\n" * 100})
    _, output = run("--check", files={"schemas/a.json": "x\n" * 100})
    assert len(output.err.splitlines()) == 1 + generate.SHOWN


def test_a_difference_of_line_ends_or_of_bytes_is_one(run, tmp_path):
    write_tree(tmp_path, {"schemas/a.json": b"one\r\ntwo\n", "docs/reference/kinds/b.md": b"\xff\n"})
    status, output = run("--check", files=FILES)
    assert status == 1
    assert output.err.count("differs") == 2


def test_writing_says_what_does_not_belong_there(run, tmp_path):
    write_tree(tmp_path, {"schemas/old.json": ""})
    status, output = run(files=FILES)
    assert status == 1
    assert "schemas/old.json: nothing generates it" in output.err
    assert (tmp_path / "schemas/old.json").exists()


def test_usage(run):
    status, output = run("--chekc")
    assert status == 2
    assert "Usage:" in output.err


def test_it_runs_as_a_script(repository):
    finished = run_python("tools/generate.py", "--check", cwd=repository)
    assert finished.returncode in (0, 1)
    assert [line for line in finished.stderr.splitlines() if not line.startswith(("generate: ", "    "))] == []


@pytest.fixture(scope="module")
def written():
    files, _ = generate.generated()
    return files


def test_every_schema_and_every_kind_has_its_file(written):
    names = set(written)
    assert {f"docs/reference/kinds/{folder.replace('_', '-')}.md" for folder in KINDS.values()} <= names
    assert {"schemas/policy.schema.json", "schemas/report.schema.json", "schemas/alert-policy.schema.json"} <= names
    assert len([name for name in names if name.startswith("schemas/")]) == len(schema_names())
    assert json.loads(written["schemas/configuration.schema.json"]) == schema("configuration")


def test_every_file_ends_in_one_line_end(written):
    for name, text in written.items():
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name


def test_tables_are_whole(written):
    rows = 0
    for name, text in written.items():
        lines = text.splitlines() if name.endswith(".md") else []
        for above, below in pairwise(lines):
            if above.startswith("| ") and below.startswith("| "):
                assert len(re.findall(r"(?<!\\)\|", above)) == len(re.findall(r"(?<!\\)\|", below)), f"{name}: {below}"
                rows += 1
    assert rows > 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_page_names_every_key_of_its_spec(written, kind):
    page = written[f"docs/reference/kinds/{KINDS[kind].replace('_', '-')}.md"]
    assert page.splitlines()[2] == f"# {kind}"
    for field, info in load_kind(kind).spec.model_fields.items():
        assert f"| `{field}` |" in page
        assert markdown(info.description) in page
    assert load_kind(kind).rule in page


def test_the_document_page_has_each_key_of_a_check(written):
    page = written["docs/reference/document.md"]
    for key in schema("DriftPolicy")["$defs"]["Check"]["properties"]:
        assert f"| `{key}` |" in page


def test_every_document_rule_has_a_sentence() -> None:
    assert all(rule.says.endswith(".") for rule in DocumentRule)


@pytest.mark.parametrize("enumeration", [ExitCode])
def test_every_member_that_is_listed_has_a_docstring(enumeration):
    assert set(member_docs(enumeration)) == set(enumeration.__members__)


def test_member_docstrings_belong_to_the_member_above():
    class Shape(Enum):
        """The class's own."""

        ROUND = 1
        """A
        ``circle``."""
        FLAT = 2
        SQUARE = 3
        """Four :class:`~geometry.Side`."""

        @property
        def sides(self) -> int:
            """Not a member."""
            return len(self.name)

    assert member_docs(Shape) == {"ROUND": "A `circle`.", "SQUARE": "Four `Side`."}


def test_markdown_keeps_paragraphs():
    assert markdown("One\n    two.\n\n    Three.\n    ") == "One two.\n\nThree."
    assert markdown(None) == ""


def test_a_bar_in_a_cell_is_escaped():
    assert table(("a",), [("x | y",)]) == "| a |\n| --- |\n| x \\| y |\n"


LIST = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 9}}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"$ref": "#/$defs/Slug"}, "<Slug>"),
        ({"const": "a"}, "`a`"),
        ({"enum": ["a", 2]}, "`a`, `2`"),
        ({"type": ["string", "null"]}, "text"),
        ({"type": ["boolean", "number", "string"]}, "scalar"),
        ({"type": ["boolean", "number", "string", "array"], "items": {"type": "string"}}, "scalar or list of text"),
        (LIST, "list of whole number ≥ 1, ≤ 9"),
        ({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]}, "list of number, text"),
        ({"type": "array"}, "list"),
        ({"type": "object"}, "mapping"),
        ({"type": "object", "additionalProperties": LIST}, "mapping of text to list of whole number ≥ 1, ≤ 9"),
        ({"type": "object", "propertyNames": {"$ref": "#/$defs/Slug"}, "additionalProperties": {"type": "boolean"}},
         "mapping of <Slug> to true or false"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "string"}]}, "text"),
        ({"type": ["string", "object"], "allOf": [{"if": {"type": "object"}, "then": {"$ref": "#/$defs/T"}}]},
         "text or <T>"),
        ({"type": "object", "allOf": [{"if": {"required": ["t"]}, "then": {"$ref": "#/$defs/T"}}]}, "<T>"),
        ({"type": "object", "if": {"required": ["t"]}, "then": {"$ref": "#/$defs/T"},
          "else": {"additionalProperties": {"type": "integer"}}}, "<T> or mapping of text to whole number"),
        ({}, "any value"),
    ],
)  # fmt: skip
def test_types_in_words(part, expected):
    assert words(part, lambda name: f"<{name}>") == expected


def test_a_key_without_a_description_has_that_of_its_type():
    definitions = {"T": {"description": "Of the type."}}
    assert description({"$ref": "#/$defs/T"}, definitions) == "Of the type."
    assert description({"$ref": "#/$defs/T", "description": "Own."}, definitions) == "Own."
    assert description({"type": "string"}, definitions) == ""


def test_a_missing_guide_is_a_problem(tmp_path):
    write_tree(tmp_path, {f"{folder}/guide.md": f"# {kind}\n\n## Why\n\nSo.\n" for kind, folder in KINDS.items()})
    found, problems = pages(tmp_path)
    assert problems == []
    assert "\n## Why\n\nSo.\n" in found["kinds/alert.md"]
    assert found["kinds/alert.md"].count("# AlertPolicy\n") == 1
    (tmp_path / "alert" / "guide.md").unlink()
    assert pages(tmp_path)[1] == ["AlertPolicy: the guide kinds/alert/guide.md is missing: write it"]


def test_a_guide_without_a_title_is_kept_whole(tmp_path):
    write_tree(tmp_path, {f"{folder}/guide.md": "## Why\n\nSo.\n" for folder in KINDS.values()})
    assert "\n## Why\n\nSo.\n" in pages(tmp_path)[0]["kinds/drift.md"]


def test_own_names_are_those_of_the_kind():
    names = own_names("alert")
    assert {"Inhibition", "AlertPolicySpec"} <= names
    assert not {"Check", "Severity", "MetricPolicySpec"} & names
    assert KINDS_FOLDER.name == "kinds"


CASES = """
- name: first-warn
  shows: warn
  policies: "a: 1"
  at: 2026-01-01T00:00:00Z
  expect: {exit_code: 0, findings: [{id: ks, outcome: warn}]}
- name: it-fails
  shows: fail
  says: Two of them fail.
  policies: |
    a: 2
  at: 2026-01-01T00:00:00Z
  expect:
    exit_code: 1
    findings:
      - {id: ks, outcome: fail, group: {symbol: BTC}, measured: 0.5, message: KS is 0.5}
      - {id: psi, outcome: pass}
"""
VALID = """
- {name: right, shows: valid, policies: "a: 3", expect: {problems: []}}
- {name: wrong, shows: invalid, policies: "a: 4", expect: {problems: ["policies.yaml:1:1: no: yes"]}}
"""


def test_the_first_good_and_bad_case_are_shown(tmp_path):
    text = examples(write_tree(tmp_path, {"cases/a.yaml": CASES, "cases/b.yaml": VALID}), "..")
    good, bad = text.split("## Example: it does not")
    assert "```yaml\na: 3\n```" in good
    assert "`cvnpolicy validate` finds nothing wrong." in good
    assert "the case `right` of [b.yaml](../cases/b.yaml)" in good
    assert "Two of them fail.\n\n```yaml\na: 2\n```\n\nJudged at `2026-01-01T00:00:00Z` (exit code 1):" in bad
    assert "* `ks` (symbol BTC) is **fail**, measured 0.5: KS is 0.5\n* `psi` is **pass**\n" in bad


def test_what_is_refused_is_shown_with_its_message(tmp_path):
    text = examples(write_tree(tmp_path, {"cases/b.yaml": VALID}), "..")
    assert "```text\npolicies.yaml:1:1: no: yes\n```" in text


def test_a_kind_without_cases_has_no_examples(tmp_path):
    assert examples(tmp_path, "..") == ""


def test_cases_that_cannot_be_read_are_an_error(tmp_path):
    with pytest.raises(InvalidInputError, match=r"a\.yaml:2:1: "):
        examples(write_tree(tmp_path, {"cases/a.yaml": "a: [\n"}), "..")


def shown(command):
    context = click.Context(command, info_name="cvnpolicy do", help_option_names=["--help"])
    return commands._page("Do", command, context, "../", "")


def rows(text):
    return [line for line in text.splitlines() if line.startswith("| `")]


HELP = """\
Do it.

In two
lines.

\b
Gates:
  policies  Are they valid?
  evidence  Do they hold?
\f
Not shown.
"""
END = """\
\b
Examples:
  $ cvnpolicy do
  $ cvnpolicy do --at X

\b
Exit codes:
  0   holds
  70  a defect

Read on: docs/how-to/a.md
"""
PAGE = """\
# Do

```text
cvnpolicy do [OPTIONS] [PATHS]...
```

Do it.

In two lines.

Gates:

* `policies`: Are they valid?
* `evidence`: Do they hold?

## Options

| option | default | meaning |
| --- | --- | --- |
| `--help` |  | Show this message and exit. |

## Examples

```console
$ cvnpolicy do
$ cvnpolicy do --at X
```

## Exit codes

| code | when |
| --- | --- |
| [0](../exit-codes.md#0-ok) | holds |
| [70](../exit-codes.md#70-internal) | a defect |

Read on: [how-to/a.md](../../how-to/a.md)
"""


def test_a_help_page_becomes_a_page():
    assert shown(click.Command("do", params=[click.Argument(["paths"], nargs=-1)], help=HELP, epilog=END)) == PAGE


@pytest.mark.parametrize(
    ("option", "row"),
    [
        (
            click.Option(["--at", "-a"], metavar="T", help="So. Default: now, UTC."),
            "| `-a`, `--at T` | now, UTC | So. |",
        ),
        (click.Option(["--env"], help="Which.  [default: default]"), "| `--env TEXT` | default | Which. |"),
        (click.Option(["--file"], help="So. Default: a.yaml or b.yml."), "| `--file TEXT` | a.yaml or b.yml | So. |"),
        (click.Option(["--n"], default=3, show_default=True, help="How many."), "| `--n INTEGER` | 3 | How many. |"),
        (click.Option(["--n"], default=3, help="How many."), "| `--n INTEGER` |  | How many. |"),
        (click.Option(["--fast"], is_flag=True, help="A | B."), "| `--fast` |  | A \\| B. |"),
    ],
)
def test_an_option_becomes_a_row(option, row):
    assert rows(shown(click.Command("do", params=[option], help="Do.")))[0] == row


def test_a_hidden_option_has_no_row():
    text = shown(click.Command("do", params=[click.Option(["--secret"], hidden=True)], help="Do."))
    assert "secret" not in text
    assert len(rows(text)) == 1
