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
    facts: dict[str, list[FactNeed]] = {}
    for need in needs:
        name = need.source if isinstance(need, FactNeed) else need.selection.dataset
        binding = None if name in (frames or {}) else bindings.get(name)
        if isinstance(binding, RecordedBinding):
            recorded.setdefault(binding.path, []).append(need)
        elif isinstance(need, FactNeed):
            facts.setdefault(name, []).append(need)
        else:
            measures.append(need)
    for source, wanted in facts.items():
        answers.update((need, answer) for need, answer in _facts(source, wanted, bindings, data_root).items())
    if recorded:
        from cvnpolicy.sources.recorded import RecordedSource  # only where something is recorded

        for path, asked in recorded.items():
            answers.update(RecordedSource(path, data_root).answer(asked, at))
    if measures:
        from cvnpolicy.sources.tables import TablesSource  # DuckDB and pandas load only when rows are asked for

        tables = TablesSource(bindings, data_root, frames or {})
        answers.update((need, answer) for need, answer in tables.answer(measures).items())
    return answers


def _facts(
    source: str, needs: Sequence[FactNeed], bindings: Mapping[str, Binding], data_root: Path
) -> Mapping[FactNeed, Answer]:
    """Answer every question about one source of facts, which is read once."""
    binding = bindings.get(source)
    if binding is None:
        hint = f"bind '{source}' among this environment's names: {{type: yaml, path: facts.yaml}}"
        return dict.fromkeys(needs, Unavailable(f"no dataset is bound to '{source}'", hint))
    if not isinstance(binding, FactsBinding):
        what = f"'{source}' is bound to {binding.type}, which holds no facts"
        return dict.fromkeys(needs, Unavailable(what, "bind it to type: yaml"))
    from cvnpolicy.sources.facts import FactsSource  # as above

    return FactsSource(binding.path, data_root).answer(needs)
