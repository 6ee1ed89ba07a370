"""The language server and the JSON Schema say the same: it complains where a document is invalid, and only there."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from cvnpolicy.app.schema import schema
from tests.editor.conftest import Start
from tests.support.mutations import CLASSES
from tests.support.real_documents import documents, plain

MOST = 8
"""Documents of one class of mutations."""


def test_an_editor_complains_where_the_schema_does(start: Start, workspace, vs_code) -> None:
    valid, _, _ = documents()
    texts = [text for each in CLASSES for _, text in each.texts(valid, MOST)]
    validator = Draft202012Validator(schema("policy"))
    with start(workspace, vs_code) as server:
        uris = [server.open(workspace / "policies" / f"{number}.yaml", text) for number, text in enumerate(texts)]
        said = [server.diagnostics(uri) for uri in uris]
    wrong = [
        (text, [each.message for each in found])
        for text, found in zip(texts, said, strict=True)
        if bool(found) == validator.is_valid(plain(text))
    ]
    assert wrong == []
    assert sum(map(bool, said)) > 100
    assert sum(not found for found in said) > 100
