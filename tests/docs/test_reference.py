"""The reference is complete, every link of the documentation leads somewhere, and no page names what does not exist."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from markdown_it import MarkdownIt

from cvnpolicy.app.rule_text import rule_ids
from cvnpolicy.cli.main import COMMANDS, cli, run
from cvnpolicy.core.configuration import Binding
from cvnpolicy.core.errors import PRECEDENCE, ExitCode
from cvnpolicy.core.model import Model
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.markdown.document import Document
from cvnpolicy.markdown.parse import parse
from cvnpolicy.report import FORMATS
from tests.support.documents import blocks, played
from tools.reference.pages import NOTE, pages
from tools.reference.rules import page_of

ROOT = Path(__file__).parents[2]
REFERENCE = "docs/reference/"
PARSER = MarkdownIt("commonmark").enable("table")


def on_disk() -> dict[str, str]:
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found}


GENERATED = {f"{REFERENCE}{name}": text for name, text in pages()[0].items()}
TEXTS = {name: text for name, text in on_disk().items() if not name.startswith(REFERENCE)} | GENERATED
"""Every page by its path; those that are generated as they are now, whatever is on the disk."""
PARSED = {name: parse(text, name) for name, text in TEXTS.items()}


def commands() -> Mapping[str, click.Command]:
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in COMMANDS}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    """The options of a command, and of those below it."""
    context = click.Context(command, **cli.context_settings)
    found = {name for each in command.get_params(context) if isinstance(each, click.Option) for name in each.opts}
    if not isinstance(command, click.Group) or command is cli:
        return found
    below = (command.get_command(context, name) for name in command.list_commands(context))
    return found.union(*(options(each) for each in below if each is not None))


# --- complete


def page(name: str) -> str:
    return GENERATED[REFERENCE + name]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_page(kind: str) -> None:
    assert f"\n# {kind}\n" in page(page_of(kind))
    assert f"[{load_kind(kind).rule}](../rules/" in page(page_of(kind))


@pytest.mark.parametrize("rule", rule_ids())
def test_the_page_of_a_rule_is_what_explain_prints(rule: str, capfd) -> None:
    assert run(["explain", rule]) == 0
    assert page(f"rules/{rule}.md") == f"{NOTE}\n{capfd.readouterr().out}"
    assert f"| [{rule}](rules/{rule}.md) |" in page("rules.md")


def test_every_command_is_there() -> None:
    assert set(commands()) == set(COMMANDS)
    assert {name for name in GENERATED if "/commands/" in name} == {f"{REFERENCE}commands/{c}.md" for c in COMMANDS}


@pytest.mark.parametrize(("name", "command"), commands().items())
def test_every_option_and_exit_code_of_a_command_is_on_its_page(name: str, command: click.Command) -> None:
    text = page(f"commands/{name}.md")
    assert f"\n# cvnpolicy {name}\n" in text
    assert f"| [cvnpolicy {name}](commands/{name}.md) | {COMMANDS[name]} |" in page("commands.md")
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `-")]
    assert {option for row in rows for option in re.findall(r"`(-[-\w]*)", row)} == options(command)
    assert all(piece in text for piece in command.collect_usage_pieces(click.Context(command)))
    assert [each.name for each in command.params if isinstance(each, click.Option) and not each.help] == []
    codes = {int(code) for code in re.findall(r"^\| \[(\d+)\]\(\.\./exit-codes\.md#", text, re.MULTILINE)}
    assert {ExitCode.OK, ExitCode.USAGE, ExitCode.INTERNAL} <= codes <= set(ExitCode)


def test_the_page_of_the_program_has_its_options() -> None:
    assert all(f"`{option}`" in page("commands.md") for option in options(cli))


def test_every_exit_code_is_told_with_what_to_do_next() -> None:
    text = page("exit-codes.md")
    for code in ExitCode:
        _, _, section = text.partition(f"\n## {code.value}: {code.name.lower()}\n\n")
        assert len(section.partition("\n\n")[0].split()) > 5, code
    assert f"the first of these wins: {' > '.join(str(code.value) for code in PRECEDENCE)}." in text


def test_the_commands_give_the_exit_codes_that_the_page_shows(tmp_path: Path) -> None:
    text = page("exit-codes.md")
    for block in blocks(text):
        if block.title is not None:
            path = tmp_path / block.title
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
    assert played(text, tmp_path) == text
    shown = [block.body.splitlines()[-1] for block in blocks(text) if block.language == "console"]
    assert shown == [str(code.value) for code in ExitCode if code is not ExitCode.INTERNAL]


def test_every_statistic_is_there() -> None:
    quantiles = [name for name in STATISTICS if re.fullmatch(r"p\d\d", name)]
    assert f"| `{quantiles[0]}` … `{quantiles[-1]}` |" in page("statistics.md")
    assert [name for name in STATISTICS if name not in quantiles and f"| `{name}` |" not in page("statistics.md")] == []


def test_every_report_format_is_there() -> None:
    assert [name for name in FORMATS if f"| `{name}` | " not in page("formats.md")] == []


def bindings(annotation: Any) -> Iterator[type[Model]]:
    """The models that the union of bindings is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from bindings(part)


def test_every_type_of_binding_is_there() -> None:
    types = [word for binding in bindings(Binding) for word in get_args(binding.model_fields["type"].annotation)]
    assert {"parquet", "logfmt", "recorded"} <= set(types)
    rows = re.findall(r"^\| `type` \| (.+?) \|", page("configuration.md"), re.MULTILINE)
    assert sorted(types) == sorted(word.strip("`") for row in rows for word in row.split(", "))


def test_the_index_links_to_every_page() -> None:
    index = f"{REFERENCE}README.md"
    linked = {where(index, link.target)[0] for link in PARSED[index].links}
    assert linked >= set(GENERATED) - {index}


# --- links


def where(page: str, target: str) -> tuple[str, str]:
    """The path from the root that a link leads to, and its anchor."""
    file, _, anchor = target.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), file)) if file else page, anchor


def links(document: Document) -> Iterator[str]:
    for link in document.links:
        if not re.match(r"[a-z]+:", link.target):
            yield link.target


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_link_and_anchor_leads_somewhere(name: str) -> None:
    for target in links(PARSED[name]):
        path, anchor = where(name, target)
        assert not path.startswith(".."), f"{target} leads out of the repository"
        assert path in TEXTS or (ROOT / path).exists(), f"{target}: there is no {path}"
        if anchor:
            slugs = [heading.slug for heading in PARSED[path].headings]
            assert anchor in slugs, f"{target}: {path} has {slugs}"


def test_there_are_links() -> None:
    assert sum(1 for document in PARSED.values() for _ in links(document)) > 300


# --- nothing that does not exist

OTHERS = {
    "--check": "of tools/generate.py",
    "--no-verify": "of git commit",
}
"""Options that stand alone in a page and belong to something else."""
MADE_THERE = {"docs/how-to/add-a-kind.md": {"CVN601"}}
"""Rules that a page adds as its example."""
_CALL = re.compile(r"(?<![\w./@'\"\[-])cvnpolicy((?: +[^\s|;&)`<>]+)*)")
_INNER = re.compile(r"\$\(([^()]*)\)")


def code(text: str) -> Iterator[str]:
    """Code spans, and the lines of blocks that are not Python."""
    for token in PARSER.parse(text):
        if token.type == "fence" and not token.info.startswith("python"):
            yield from token.content.splitlines()
        yield from (child.content for child in token.children or () if child.type == "code_inline")


def apart(line: str) -> list[str]:
    """A line with a word in the place of each command substitution, and what stood in it."""
    return [_INNER.sub("substituted", line), *_INNER.findall(line)]


def unknown(text: str) -> Iterator[str]:
    """Commands and options that the program does not have."""
    known = {name: options(command) for name, command in commands().items()}
    anywhere = set().union(options(cli), *known.values())
    for piece in itertools.chain.from_iterable(map(apart, code(text))):
        for call in _CALL.finditer(piece):
            word, *rest = [*str(call[1]).split(), ""]
            if word and not word.startswith("-") and word not in known and re.fullmatch(r"[a-z-]+", word):
                yield f"cvnpolicy {word}"
            for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", " ".join([word, *rest])):
                if option not in known.get(word, options(cli)):
                    yield f"cvnpolicy {word} {option}"
        alone = re.match(r"--[a-z][a-z-]*", piece)
        if alone and alone[0] not in anywhere and alone[0] not in OTHERS:
            yield alone[0]


def test_the_scan_finds_what_does_not_exist() -> None:
    text = "`cvnpolicy judge` `cvnpolicy validate --fast` `--slow` `cvnpolicy --help` `cvnpolicy check --strict`\n"
    fence = "\n```console\n$ cvnpolicy evalute --at X | cvnpolicy explain --at X; pip install cvnpolicy\n```\n"
    fence += "\n```console\n$ cvnpolicy evaluate --at $(date -u) --format $(cvnpolicy chekc -u)\n```\n"
    assert list(unknown(text + fence)) == [
        "cvnpolicy judge",
        "cvnpolicy validate --fast",
        "--slow",
        "cvnpolicy evalute",
        "cvnpolicy evalute --at",
        "cvnpolicy explain --at",
        "cvnpolicy chekc",
        "cvnpolicy chekc -u",
    ]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_page_names_what_does_not_exist(name: str) -> None:
    assert list(unknown(TEXTS[name])) == []
    assert set(re.findall(r"\bCVN\d{3}\b", TEXTS[name])) - set(rule_ids()) == MADE_THERE.get(name, set())
