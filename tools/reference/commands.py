"""The pages of commands, from what click knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

import click

from cvnpolicy.cli.main import COMMANDS, cli
from cvnpolicy.core.errors import ExitCode
from tools.reference.exits import anchor
from tools.reference.tables import table

PROGRAM = "cvnpolicy"
_KEPT = "\b"
"""Stands before a paragraph whose lines click keeps."""
_DEFAULT = re.compile(r"\s*(?:\[default: ([^]]+)\]|Default: (.+?)\.?)\s*$")
_PAGE = re.compile(r"docs/([\w/.-]+\.md)(?: in the project)?")


def command_pages() -> dict[str, str]:
    """Return the page of each command by its path, and that of the whole program."""
    whole = click.Context(cli, info_name=PROGRAM, **cli.context_settings)
    listed = table(
        ("command", "does"), [(f"[{PROGRAM} {name}](commands/{name}.md)", says) for name, says in COMMANDS.items()]
    )
    pages = {"commands.md": _page("Commands", cli, whole, "", f"{listed}\n")}
    for name in COMMANDS:
        command = cli.get_command(whole, name)
        if command is None:
            raise AssertionError(f"the command '{name}' is listed and does not exist")
        context = click.Context(command, info_name=name, parent=whole)
        below = "".join(f"\n{_demoted(text)}" for text in _below(name, command, context))
        pages[f"commands/{name}.md"] = _page(context.command_path, command, context, "../", "") + below
    return pages


def _below(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the page of each subcommand of a command."""
    for each in command.list_commands(context) if isinstance(command, click.Group) else ():
        one = command.get_command(context, each) if isinstance(command, click.Group) else None
        if one is None:
            raise AssertionError(f"the command '{name} {each}' is listed and does not exist")
        below = click.Context(one, info_name=each, parent=context)
        yield _page(below.command_path, one, below, "../", "")


def _demoted(text: str) -> str:
    """Return a page as a part of another: each heading one level lower."""
    return re.sub(r"^#", "##", text, flags=re.MULTILINE)


def _page(title: str, command: click.Command, context: click.Context, up: str, listed: str) -> str:
    """Return a page. `up` leads from it to the folder of the reference."""
    usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
    text = "\n".join(map(_text, _paragraphs(command.help)))
    end = "\n".join(_end(paragraph, up) for paragraph in _paragraphs(command.epilog))
    return f"# {title}\n\n```text\n{usage}\n```\n\n{text}\n{listed}{_options(command, context)}\n{end}"


def _paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a help text. One whose lines are kept begins with :data:`_KEPT`; others are one line."""
    shown = dedent(text or "").partition("\f")[0].strip("\n")
    parts = [part for part in shown.split("\n\n") if part.strip()]
    return [part if part.startswith(_KEPT) else " ".join(part.split()) for part in parts]


def _text(paragraph: str) -> str:
    """Return a paragraph of a help text. Lines that click keeps are a title and a list of names and what they mean."""
    if not paragraph.startswith(_KEPT):
        return f"{paragraph}\n"
    _, title, *lines = paragraph.splitlines()
    pairs = [line.strip().partition("  ") for line in lines]
    return f"{title}\n\n" + "".join(f"* `{name}`: {meaning.strip()}\n" for name, _, meaning in pairs)


def _end(paragraph: str, up: str) -> str:
    """Return a paragraph of the end of a help page as a section: examples, exit codes, where to read on."""
    if not paragraph.startswith(_KEPT):
        return _PAGE.sub(lambda found: f"[{found[1]}]({up}../{found[1]})", paragraph) + "\n"
    _, title, *lines = paragraph.splitlines()
    heading = f"## {title.rstrip(':')}\n\n"
    if not title.startswith("Exit codes"):
        return heading + "```console\n" + dedent("\n".join(lines)) + "\n```\n"
    rows = []
    for line in lines:
        code, _, meaning = line.strip().partition(" ")
        rows.append((f"[{code}]({up}exit-codes.md#{anchor(ExitCode(int(code)))})", meaning.strip()))
    return heading + table(("code", "when"), rows)


def _options(command: click.Command, context: click.Context) -> str:
    records = [each.get_help_record(context) for each in command.get_params(context) if isinstance(each, click.Option)]
    rows = [_row(*record) for record in records if record is not None]  # click has none of a hidden option
    return "## Options\n\n" + table(("option", "default", "meaning"), rows)


def _row(names: str, says: str) -> tuple[str, str, str]:
    """Return the row of an option. The default that its help ends with moves to a column of its own."""
    found = _DEFAULT.search(says)
    default = (found[1] or found[2]) if found else ""
    spelt = ", ".join(f"`{name}`" for name in names.split(", "))
    return spelt, default, says[: found.start() if found else None].strip()
