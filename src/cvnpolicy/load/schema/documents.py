"""The schemas of whole documents: one kind, any kind, and ``cvnpolicy.yaml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core.core_schema import WithDefaultSchema

from cvnpolicy.core.configuration import Configuration
from cvnpolicy.core.kind import Kind
from cvnpolicy.load.document import document_model
from cvnpolicy.load.schema.editor import helped
from cvnpolicy.load.schema.named import PREFIX
from cvnpolicy.load.schema.rewrite import reachable, rewrite
from cvnpolicy.load.schema.unions import Schema, SchemaError


def kind_schema(kind: Kind[Any]) -> Schema:
    """Return the JSON Schema of documents of one kind."""
    (envelope,), definitions = _envelopes([kind])
    said = {"kind": {"description": envelope["properties"]["kind"]["description"], "const": kind.name}}
    body = envelope | {"properties": envelope["properties"] | said, "$defs": definitions}
    return helped(rewrite(body | _head(kind.name, kind.name, _says(kind))))


def policy_schema(kinds: Sequence[Kind[Any]]) -> Schema:
    """Return the JSON Schema of policy documents: ``kind`` decides what ``spec`` is."""
    if not kinds:
        raise SchemaError("no kinds")
    envelopes, definitions = _envelopes(kinds)
    properties = envelopes[0]["properties"]
    said = {
        "kind": properties["kind"]
        | {"enum": [kind.name for kind in kinds], "enumDescriptions": [_line(kind) for kind in kinds]},
        "spec": {"type": "object", "description": properties["spec"]["description"]},
    }
    chosen = [
        {
            "if": {"required": ["kind"], "properties": {"kind": {"const": kind.name}}},
            "then": {"properties": {"spec": envelope["properties"]["spec"] | {"description": _says(kind)}}},
        }
        for kind, envelope in zip(kinds, envelopes, strict=True)
    ]
    body = envelopes[0] | {"properties": properties | said, "allOf": chosen, "$defs": definitions}
    head = _head("policy", "cvnpolicy policy", "A policy document: who and what it is, and what its kind says.")
    return helped(rewrite(body | head))


def configuration_schema() -> Schema:
    """Return the JSON Schema of ``cvnpolicy.yaml``."""
    body = Configuration.model_json_schema(by_alias=True, schema_generator=_Untitled)
    head = _head("configuration", "cvnpolicy.yaml", body["description"])
    return helped(rewrite(body | head))


def output_schema(name: str, schema: Schema) -> Schema:
    """Return the schema of something that is written by programs, with the ``$id`` that its file has.

    Args:
        name: For example ``report``.
        schema: As pydantic generates it, with ``$schema`` and ``title``.
    """
    return rewrite({**schema, "$id": schema_id(name)}, written=False)


def schema_id(name: str) -> str:
    """Return the file name of a schema, which is also its ``$id``: ``drift-policy.schema.json``."""
    return f"{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '-', name).lower()}.schema.json"


class _Untitled(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of fields, and knows defaults that are made when needed."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  # the base class has it
        return False

    def get_default_value(self, schema: WithDefaultSchema) -> Any:  # noqa: ANN401  a default is any value
        factory = schema.get("default_factory")
        if factory is None or schema.get("default_factory_takes_data"):
            return super().get_default_value(schema)
        return cast("Callable[[], Any]", factory)()


def _head(name: str, title: str, description: str) -> Schema:
    dialect = _Untitled.schema_dialect
    return {"$schema": dialect, "$id": schema_id(name), "title": title, "description": description}


def _says(kind: Kind[Any]) -> str:
    return (kind.spec.__doc__ or "").strip()


def _line(kind: Kind[Any]) -> str:
    return " ".join(_says(kind).replace("``", "`").split())


def _envelopes(kinds: Sequence[Kind[Any]]) -> tuple[list[Schema], Schema]:
    """Return the schema of each kind's documents, and the definitions of all of them, each name once."""
    pairs: list[tuple[type[BaseModel], JsonSchemaMode]] = [(document_model(kind), "validation") for kind in kinds]
    references, schema = models_json_schema(pairs, by_alias=True, schema_generator=_Untitled)
    used = reachable({"allOf": list(references.values())}, schema["$defs"])
    definitions = _renamed({name: each for name, each in schema["$defs"].items() if name in used})
    names = [_short(references[pair]["$ref"].removeprefix(PREFIX)) for pair in pairs]
    return [definitions[name] for name in names], definitions


def _renamed(definitions: Schema) -> Schema:
    """Shorten the names that pydantic gives where two modules have a class of one name."""
    renamed = {_short(name): _pointed(each) for name, each in definitions.items()}
    if len(renamed) < len(definitions):
        raise SchemaError(f"two models would have one name in the schema: {', '.join(sorted(definitions))}")
    return renamed


def _short(name: str) -> str:
    """``cvnpolicy__kinds__metric__model__Source`` to ``MetricSource``; of other modules the class alone."""
    _, _, kind = name.partition("__kinds__")
    folder = kind.split("__")[0].title().replace("_", "")
    return folder + name.rsplit("__", maxsplit=1)[-1]


def _pointed(part: Any) -> Any:  # noqa: ANN401  schemas hold anything
    """Let references follow :func:`_renamed`."""
    if isinstance(part, dict):
        return {
            key: PREFIX + _short(value.removeprefix(PREFIX)) if key == "$ref" else _pointed(value)
            for key, value in part.items()
        }
    return [_pointed(item) for item in part] if isinstance(part, list) else part
