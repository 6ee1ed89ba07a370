"""Tables, event logs and DataFrames, read through DuckDB. Heavy packages load when a question is asked."""

from __future__ import annotations

from cvnpolicy.sources.tables.source import TablesSource

__all__ = ["TablesSource"]
