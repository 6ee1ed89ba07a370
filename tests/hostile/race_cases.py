"""Files that change while they are read: at the very moment at which they are about to be opened."""

from __future__ import annotations

from tests.hostile.case import HEAVY, INVALID, LIGHT, UNDECIDED, Case, Tree
from tests.hostile.data_cases import EVENT, KEPT, LINES, ROWS, parquet
from tests.hostile.limited import Limits
from tests.hostile.texts import BASE, FACTS, LOG, POLICY

SPARE: Tree = {"spare": EVENT, "other": "x\n1\n"}


def race(
    name: str,
    base: Tree,
    at: tuple[str, str],
    change: tuple[str, str],
    *says: str,
    command: str = "evaluate",
    code: int = UNDECIDED,
    limits: Limits = HEAVY,
    spare: Tree | None = None,
) -> Case:
    """A case whose twin is the same run in which another file changes.

    Args:
        name: What happens.
        base: The repository.
        at: The audit event of the interpreter, and the end of what it is about.
        change: What is done, and to which file.
        says: Parts of the output.
        command: The command.
        code: Its exit code.
        limits: What it may use.
        spare: The file that is put in place.
    """
    do, to = change
    plan = {"on": at[0], "of": at[1], "do": do, "to": to, "with": "spare"}
    return Case(name, {}, says, {}, {**base, **SPARE, **(spare or {})}, command, None, code, limits, plan)


RACES = (
    race("a log grows", LOG, ("open", "log.txt"), ("append", "data/log.txt"), "log.txt changed while it was read"),
    race("a log is cut", LOG, ("open", "log.txt"), ("truncate", "data/log.txt"), "log.txt changed while"),
    race("a log is rotated away", LOG, ("open", "log.txt"), ("replace", "data/log.txt"), "log.txt changed while"),
    race(
        "a log becomes a pipe", LOG, ("open", "log.txt"), ("pipe", "data/log.txt"), "log.txt changed while it was read"
    ),
    race(
        "a log becomes a link", LOG, ("open", "log.txt"), ("link", "data/log.txt"), "log.txt changed while it was read"
    ),
    race("a CSV file grows", BASE, ("open", "rows.csv"), ("append", "data/rows.csv"), "rows.csv changed while"),
    race("a CSV file becomes a pipe", BASE, ("open", "rows.csv"), ("pipe", "data/rows.csv"), "rows.csv changed"),
    race(
        "JSON lines are replaced", LINES, ("open", "rows.jsonl"), ("replace", "data/rows.jsonl"), "rows.jsonl changed"
    ),
    race(
        "a Parquet file is replaced between plan and read",
        ROWS,
        ("import", "pyarrow.parquet"),
        ("replace", "data/rows.parquet"),
        "rows.parquet changed while it was read",
        spare={"spare": lambda: parquet(x=[1.0], symbol=["BTC"])},
    ),
    race(
        "facts become a pipe",
        FACTS,
        ("open", "facts.yaml"),
        ("pipe", "data/facts.yaml"),
        "facts.yaml cannot",
        limits=LIGHT,
    ),
    race("facts grow", FACTS, ("open", "facts.yaml"), ("append", "data/facts.yaml"), "facts.yaml line", limits=LIGHT),
    race(
        "saved evidence becomes a pipe",
        KEPT,
        ("open", "e.json"),
        ("pipe", "e.json"),
        "recorded evidence: 'e.json' cannot be read (not a regular file)",
        command="evaluate --evidence e.json",
        code=INVALID,
        limits=LIGHT,
    ),
    *(
        race(
            f"a policy becomes a {do}",
            BASE,
            ("open", POLICY),
            (do, POLICY),
            f"{POLICY}:1:1",
            command="validate",
            code=INVALID,
            limits=LIGHT,
        )
        for do in ("pipe", "link")
    ),
)
