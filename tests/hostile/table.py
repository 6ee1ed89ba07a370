"""Every case, and how to run one."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from tests.hostile.case import Case, Content, Tree, build
from tests.hostile.data_cases import ASKED, EVENTS, FACTUAL, SAVED, TABLES
from tests.hostile.limited import Limits, Ran, run
from tests.hostile.path_cases import DATA, POLICIES
from tests.hostile.policy_cases import MARKDOWN, MEANING, SYNTAX
from tests.hostile.race_cases import RACES

CASES: tuple[Case, ...] = (
    *SYNTAX,
    *MEANING,
    *MARKDOWN,
    *POLICIES,
    *DATA,
    *TABLES,
    *EVENTS,
    *FACTUAL,
    ASKED,
    *SAVED,
    *RACES,
)


def run_hostile(case: Case) -> Ran:
    """Run the command on the hostile tree."""
    return _run(case.command, _items(case.base, case.hostile), case.limits, _plan(case, "to"))


def run_twin(case: Case) -> Ran:
    """Run it on the harmless twin. Cases that share one share its run."""
    return _run_once(case.twin_command or case.command, _items(case.base, case.twin), case.limits, _plan(case, "other"))


def _items(*trees: Tree) -> tuple[tuple[str, Content], ...]:
    merged: dict[str, Content] = {}
    for tree in trees:
        merged.update(tree)
    return tuple(merged.items())


def _plan(case: Case, to: str) -> str:
    if case.meanwhile is None:
        return ""
    return json.dumps(case.meanwhile if to == "to" else {**case.meanwhile, "to": to})


def _run(command: str, items: tuple[tuple[str, Content], ...], limits: Limits, plan: str) -> Ran:
    driver = ("-m", "tests.hostile.meanwhile", plan) if plan else ("-m", "cvnpolicy")
    with tempfile.TemporaryDirectory() as folder:
        root = build(Path(folder).resolve(), dict(items))
        return run(root, command.split(), limits, driver=driver)


_run_once = cache(_run)
