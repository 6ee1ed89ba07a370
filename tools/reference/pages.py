"""The pages of docs/reference, as text."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from cvnpolicy.app.schema import schema
from cvnpolicy.cli.main import COMMANDS
from cvnpolicy.core import finding
from cvnpolicy.core.kind import Kind
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.schema import schema_id
from tools.reference.cases import examples
from tools.reference.commands import command_pages
from tools.reference.docstrings import markdown, member_docs
from tools.reference.exits import exit_codes
from tools.reference.formats import formats
from tools.reference.rules import page_of, rule_pages, rule_titles, rules, says
from tools.reference.statistics import statistics
from tools.reference.tables import Link, Schema, fields
from tools.reference.traceability import traceability

STATISTIC = "Statistic"
NOTE = "<!-- Written by tools/generate.py: change the source and run `make generate`. -->\n"
KINDS_FOLDER = Path(inspect.getfile(importlib.import_module("cvnpolicy.kinds"))).parent


def pages(kinds_folder: Path = KINDS_FOLDER) -> tuple[dict[str, str], list[str]]:
    """Return every page by its path below docs/reference, and what is missing to write them well."""
    own = {name: own_names(folder) for name, folder in KINDS.items()}
    found = {
        "README.md": _index(),
        "document.md": _document(own),
        "configuration.md": _whole(schema("configuration"), _TITLES["configuration"], _EXPLAINS_CONFIGURATION),
        "json-v1.md": _whole(schema("report"), _TITLES["json-v1"], _EXPLAINS_REPORT),
        "statistics.md": statistics(),
        "exit-codes.md": exit_codes(),
        "formats.md": formats(),
        "rules.md": rules(),
        "traceability.md": traceability(),
        **rule_pages(),
        **command_pages(),
    }
    problems = []
    for name, folder in KINDS.items():
        guide = kinds_folder / folder / "guide.md"
        if not guide.is_file():
            problems.append(f"{name}: the guide kinds/{folder}/guide.md is missing: write it")
        text = guide.read_text("utf-8") if guide.is_file() else ""
        found[page_of(name)] = _kind(load_kind(name), own[name], text, kinds_folder / folder)
    return {name: NOTE + "\n" + text for name, text in found.items()}, problems


_EXPLAINS_DOCUMENT = """\
What documents of all kinds have in common. A file holds one or more of them, separated by `---`. What `spec` is depends
on the kind:
"""
_EXPLAINS_CONFIGURATION = """\
Found upward from the working directory, like `pyproject.toml`. It says which tree is governed, where the policies are,
and what each dataset name is bound to."""
_EXPLAINS_REPORT = """\
What `--format json` writes. Findings are sorted; numbers are JSON numbers or null, never NaN."""


def own_names(folder: str) -> frozenset[str]:
    """Return the names of the classes that a kind's folder defines."""
    package = f"cvnpolicy.kinds.{folder}"
    importlib.import_module(package)
    modules = [module for name, module in sys.modules.items() if f"{name}.".startswith(f"{package}.")]
    return frozenset(
        name
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and f"{value.__module__}.".startswith(f"{package}.")
    )


def _kind(kind: Kind[Any], own: frozenset[str], guide: str, folder: Path) -> str:
    found = schema(kind.name)
    definitions = found["$defs"]
    spec = kind.spec.__name__
    link = _links(own, "../")
    rule = f"Rule [{kind.rule}](../rules/{kind.rule}.md)"
    below = [name for name in definitions if name in own and name != spec]
    file = f"[JSON Schema](../../../schemas/{schema_id(kind.name)})"
    parts = [
        f"# {kind.name}\n",
        markdown(kind.spec.__doc__) + "\n",
        f"{rule} · {file} · keys around `spec`: [every document](../document.md).\n",
        "## Keys\n\n### spec\n",
        fields(definitions[spec], link, definitions),
        _definitions(definitions, below, link),
        _without_title(guide),
        examples(folder, f"../../../src/cvnpolicy/kinds/{folder.name}"),
    ]
    return "\n".join(part for part in parts if part)


def _without_title(guide: str) -> str:
    first, _, rest = guide.partition("\n")
    return (rest if first.startswith("# ") else guide).strip("\n") + "\n" if guide else ""


def _links(here: Iterable[str], elsewhere: str) -> Link:
    """Definitions are explained on this page, or on that of all documents; statistics have one of their own."""
    local = frozenset(here)

    def link(name: str) -> str:
        if name == STATISTIC:
            return f"[{name}]({elsewhere}statistics.md)"
        return f"[{name}]({'' if name in local else f'{elsewhere}document.md'}#{name.lower()})"

    return link


def _document(own: Mapping[str, frozenset[str]]) -> str:
    definitions: dict[str, Any] = {}
    for name in KINDS:
        definitions |= {key: each for key, each in schema(name)["$defs"].items() if key not in own[name]}
    link = _links(definitions, "")
    envelope = schema("policy")
    parts = [
        "# A policy document\n",
        _EXPLAINS_DOCUMENT,
        "\n".join(f"* [{name}]({page_of(name)})" for name in KINDS) + "\n",
        "## Keys\n",
        fields(envelope, link, definitions),
        _definitions(definitions, sorted({*definitions} - {STATISTIC}), link, level=2),
    ]
    return "\n".join(parts)


def _whole(found: Schema, title: str, text: str) -> str:
    definitions = found.get("$defs", {})
    link = _links(definitions, "")
    parts = [f"# {title}\n", text + "\n", "## Keys\n", fields(found, link, definitions)]
    return "\n".join([*parts, _definitions(definitions, sorted(definitions), link, level=2)])


def _definitions(definitions: Mapping[str, Any], names: Iterable[str], link: Link, level: int = 3) -> str:
    return "\n".join(f"{'#' * level} {name}\n\n{_definition(name, definitions, link)}" for name in names)


def _definition(name: str, definitions: Mapping[str, Any], link: Link) -> str:
    definition = definitions[name]
    text = (markdown(definition.get("description")) if definition else "Any JSON value.") + "\n"
    if "properties" in definition:
        return f"{text}\n{fields(definition, link, definitions)}"
    if "enum" in definition:
        said = _meanings(name)
        listed = [f"* `{word}`{f': {said[word]}' if word in said else ''}" for word in definition["enum"]]
        return "\n".join([text, *listed]) + "\n"
    form = f"\nForm: `{definition['pattern']}`\n" if "pattern" in definition else ""
    shown = ", ".join(f"`{example}`" for example in definition.get("examples", ()))
    return text + form + (f"\nFor example {shown}\n" if shown else "")


def _meanings(name: str) -> dict[object, str]:
    """Return what the values of an enumeration of outcomes and the like mean: the first paragraph of its docstring."""
    enumeration = vars(finding).get(name)
    if not (inspect.isclass(enumeration) and issubclass(enumeration, Enum)):
        return {}
    return {enumeration[member].value: text.partition("\n\n")[0] for member, text in member_docs(enumeration).items()}


_TITLES = {
    "commands": "Commands",
    "exit-codes": "Exit codes",
    "document": "A policy document",
    "configuration": "cvnpolicy.yaml",
    "statistics": "Statistics",
    "rules": "Rules",
    "formats": "Report formats",
    "json-v1": "The JSON report, version 1",
    "traceability": "Traceability",
}


def _index() -> str:
    sections = {
        "Reference": [f"[{title}]({name}.md)" for name, title in _TITLES.items()],
        "Commands": [f"[cvnpolicy {name}](commands/{name}.md): {about}" for name, about in COMMANDS.items()],
        "Kinds": [f"[{name}]({page_of(name)}): {says(load_kind(name))}" for name in KINDS],
        "Rules": [f"[{rule}](rules/{rule}.md): {title}" for rule, title in rule_titles().items()],
    }
    parts = [f"## {title}\n\n" + "".join(f"* {line}\n" for line in lines) for title, lines in sections.items()]
    return "\n".join(parts).removeprefix("#")
