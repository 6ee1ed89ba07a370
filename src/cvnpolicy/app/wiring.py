"""From bound names to answers: the one place that knows concrete sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.core.configuration import Binding, FactsBinding, RecordedBinding
from cvnpolicy.core.evidence import Answer, FactNeed, MeasureNeed, Need, Unavailable

if TYPE_CHECKING:
    import pandas as pd

Frames = Mapping[str, "pd.DataFrame"]


def ask(
    needs: Sequence[Need],
    at: datetime,
    bindings: Mapping[str, Binding],
    data_root: Path,
    frames: Frames | None = None,
) -> dict[Need, Answer]:
    """Put every question to the source that its dataset is bound to.

    Args:
        needs: The questions, each once.
        at: The instant that they are about.
        bindings: What each dataset name is bound to.
        data_root: Where the paths of the bindings start.
        frames: DataFrames by dataset name; a name here wins over its binding.

    Returns:
        An answer for every question.
    """
    answers: dict[Need, Answer] = {}
    measures: list[MeasureNeed] = []
    recorded: dict[str, list[Need]] = {}
    for need in needs:
        name = need.source if isinstance(need, FactNeed) else need.selection.dataset
        binding = None if name in (frames or {}) else bindings.get(name)
        if isinstance(binding, RecordedBinding):
            recorded.setdefault(binding.path, []).append(need)
        elif isinstance(need, FactNeed):
            answers[need] = _fact(need, bindings, data_root)
        else:
            measures.append(need)
    if recorded:
        from cvnpolicy.sources.recorded import RecordedSource  # only where something is recorded

        for path, asked in recorded.items():
            answers.update(RecordedSource(path, data_root).answer(asked, at))
    if measures:
        from cvnpolicy.sources.tables import TablesSource  # DuckDB and pandas load only when rows are asked for

        tables = TablesSource(bindings, data_root, frames or {})
        answers.update((need, answer) for need, answer in tables.answer(measures).items())
    return answers


def _fact(need: FactNeed, bindings: Mapping[str, Binding], data_root: Path) -> Answer:
    binding = bindings.get(need.source)
    if binding is None:
        hint = f"bind '{need.source}' in this environment: {{type: yaml, path: facts.yaml}}"
        return Unavailable(f"no dataset is bound to '{need.source}'", hint)
    if not isinstance(binding, FactsBinding):
        return Unavailable(f"'{need.source}' is bound to {binding.type}, which holds no facts", "bind it to type: yaml")
    from cvnpolicy.sources.facts import FactsSource  # as above

    return FactsSource(binding.path, data_root).answer([need])[need]
