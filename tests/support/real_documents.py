"""The policy documents of the repository and of the kinds' cases, as plain values: what mutations start from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from cvnpolicy.load.document import load_document
from cvnpolicy.load.nodes import to_plain
from cvnpolicy.load.parse import parse
from tests.support.base_documents import ALERT, DRIFT, METRIC
from tests.support.cases import all_cases
from tests.support.mutations import Document

REPOSITORY = Path(__file__).parents[2]


def plain(text: str) -> Any:
    """The plain values of the one document of a text."""
    parsed = parse(text.encode(), "policy.yaml")
    assert parsed.problems == (), f"a mutation is not well-formed YAML: {text}"
    (node,) = parsed.documents
    return to_plain(node)


@cache
def documents() -> tuple[list[Document], list[Path], list[str]]:
    """The valid documents, those of the repository first; their files; and the texts of the cases' invalid ones."""
    files = sorted((REPOSITORY / "policies").rglob("*.yaml"))
    valid: list[Document] = [*(plain(file.read_text("utf-8")) for file in files), DRIFT, METRIC, ALERT]
    broken: dict[str, None] = {}
    for found in all_cases():
        for node in parse(found.case.policies.encode(), "case.yaml").documents:
            value: Any = to_plain(node)
            if load_document(node).policy is None:
                broken[json.dumps(value, ensure_ascii=False)] = None
            elif value not in valid:
                valid.append(value)
    return valid, files, list(broken)
