"""JSON Schemas of policies and of the configuration, draft 2020-12, from the same models that the loader uses.

They are for editors and for tools that know JSON Schema only. They accept whatever the loader accepts. The loader knows
more: names across documents, what contradicts what, and the grammar of conditions.
"""

from __future__ import annotations

from cvnpolicy.load.schema.documents import (
    configuration_schema,
    kind_schema,
    output_schema,
    policy_schema,
    schema_id,
)
from cvnpolicy.load.schema.unions import SchemaError

__all__ = ["SchemaError", "configuration_schema", "kind_schema", "output_schema", "policy_schema", "schema_id"]
