"""Tables in files, event logs and DataFrames as a source of readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.core.configuration import Binding
from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.core.evidence import MeasureNeed, Readings, Unavailable
from cvnpolicy.sources.refused import Refused

if TYPE_CHECKING:
    import pandas as pd

    from cvnpolicy.sources.tables.workspace import Workspace

_PARTS = ("duckdb", "numpy", "pyarrow", "scipy")


class TablesSource:
    """Answers measures on bound tables and logs, and on DataFrames. Keeps nothing between calls.

    Every dataset becomes rows with the instants in UTC, so each statistic means the same on each format, and a
    reference may lie in another format than what is compared with it.
    """

    def __init__(
        self, bindings: Mapping[str, Binding], data_root: Path, frames: Mapping[str, pd.DataFrame] | None = None
    ) -> None:
        """Keep what the names mean. No file is opened yet.

        Args:
            bindings: Dataset name to binding.
            data_root: Where the bindings' paths start; nothing outside of it is read.
            frames: Dataset name to DataFrame, in place of the binding's files. The binding's ``time`` and ``cadence``
                still hold; without a binding the instants are in ``ts``, if there is such a column or index.
        """
        self._bindings = dict(bindings)
        self._data_root = data_root
        self._frames = dict(frames or {})

    def answer(self, needs: Sequence[MeasureNeed]) -> Mapping[MeasureNeed, Readings | Unavailable]:
        """Return an answer to every question, in the order asked.

        What cannot be read is unavailable with the reason; so is every answer from a file that changed meanwhile.

        Raises:
            MissingExtraError: DuckDB, numpy, pyarrow or scipy is not installed.
        """
        if not needs:
            return {}
        for part in _PARTS:
            if find_spec(part) is None:
                raise MissingExtraError("reading tables and event logs", "tables")
        from cvnpolicy.sources.tables.workspace import Workspace

        with Workspace(self._bindings, self._data_root, self._frames, needs) as workspace:
            # Questions about the same column follow one another, so that its values are still at hand.
            batch = sorted(needs, key=lambda need: (need.columns, need.selection.dataset, repr(need)))
            found = {need: _answer(workspace, need) for need in batch}
            return {need: _unless_changed(workspace, need, found[need]) for need in needs}


def _answer(workspace: Workspace, need: MeasureNeed) -> Readings | Unavailable:
    import duckdb
    import pyarrow as pa

    from cvnpolicy.sources.tables.answer import answer
    from cvnpolicy.sources.tables.connection import refusal
    from cvnpolicy.sources.tables.demand import sources

    try:
        return answer(workspace, need)
    except Refused as refused:
        return refused.answer
    except (duckdb.Error, pa.ArrowException, OSError, MemoryError) as error:
        return refusal(error, need.selection.dataset, workspace.files(sources(need))).answer


def _unless_changed(workspace: Workspace, need: MeasureNeed, found: Readings | Unavailable) -> Readings | Unavailable:
    from cvnpolicy.sources.tables.demand import sources

    file = workspace.changed(sources(need))
    if file is None:
        return found
    return Unavailable(f"{file.label} changed while it was read", "ask again when its writer has finished")
