"""Paths that lead somewhere else, that never end, or that wait for ever."""

from __future__ import annotations

from tests.hostile.case import HEAVY, NOTHING, UNDECIDED, USAGE, Case, Link, Pipe, Same, Tree
from tests.hostile.texts import BASE, CONFIG, POLICY, config, policy

ROWS = "data/rows.csv"
SECRETS = "/proc/self/environ"
LONG = "n" * 280
STARS = "*a" * 12 + "*b"
RUNBOOK: Tree = {**BASE, CONFIG: config(head="repository: docs\n"), "docs/book.md": "# Stop\n"}


def book(path: str) -> Tree:
    return {POLICY: policy(rest=f"      runbook: {path}\n")}


def rows(name: str, hostile: Tree, *says: str, twin: Tree | None = None) -> Case:
    """A case about the file of rows."""
    return Case(name, hostile, says, twin or {}, BASE, "evaluate", code=UNDECIDED, limits=HEAVY)


def bound(path: str) -> Tree:
    return {CONFIG: config(f'{{type: csv, path: "{path}"}}')}


def folders(depth: int) -> str:
    return "data/" + "a/" * depth


POLICIES = (
    Case(
        "a policy path with ..",
        {},
        ("../../etc/passwd:1:1", "leads outside"),
        {},
        BASE,
        "validate ../../etc/passwd",
        "validate policies/../policies/p.yaml",
    ),
    Case(
        "a policy path to the environment",
        {},
        (f"{SECRETS}:1:1", "leads outside"),
        {},
        BASE,
        f"validate {SECRETS}",
        f"validate {POLICY}",
    ),
    Case(
        "a policy that links outside",
        {"policies/q.yaml": Link(SECRETS)},
        ("policies/q.yaml:1:1", "leads outside"),
        {"policies/q.yaml": Link("p.yaml")},
        BASE,
    ),
    Case(
        "a policy that links to itself",
        {"policies/q.yaml": Link("q.yaml")},
        ("policies/q.yaml:1:1", "Too many levels of symbolic links"),
        {},
        BASE,
    ),
    Case(
        "folders that link to one another",
        {"policies/a/x.txt": "", "policies/a/b": Link(".."), "policies/a/c": Link("."), "policies/q.yaml": "a"},
        ("policies/q.yaml:1:1", "a policy document is a mapping", "1 problem in 2 files"),
        {"policies/a/b": Link(".."), "policies/a/c": Link(".")},
        BASE,
    ),
    Case(
        "a policy that is a pipe",
        {"policies/q.yaml": Pipe()},
        ("policies/q.yaml:1:1", "not an ordinary file but a pipe"),
        {},
        BASE,
    ),
    Case(
        "a pipe on the command line",
        {"q": Pipe()},
        ("q:1:1: not an ordinary file but a pipe",),
        {},
        BASE,
        "validate q",
        "validate policies",
    ),
    Case(
        "standard input as a policy",
        {},
        ("/dev/stdin:1:1", "leads outside"),
        {},
        BASE,
        "validate /dev/stdin",
        "validate policies",
    ),
    Case(
        "an endless device as a policy",
        {},
        ("/dev/zero:1:1", "leads outside"),
        {},
        BASE,
        "validate /dev/zero",
        "validate policies",
    ),
    Case(
        "a name that is too long",
        {},
        (f"{LONG}:1:1", "File name too long"),
        {},
        BASE,
        f"validate {LONG}",
        "validate policies",
    ),
    Case(
        "a configuration that is a pipe",
        {"c.yaml": Pipe()},
        ("c.yaml:1:1: not an ordinary file but a pipe",),
        {"c.yaml": config()},
        BASE,
        "validate --config c.yaml",
    ),
    Case(
        "the configuration found is a pipe",
        {"sub/cvnpolicy.yaml": Pipe()},
        ("cvnpolicy.yaml:1:1: not an ordinary file but a pipe",),
        {"sub/c": ""},
        BASE,
        "validate --config sub/cvnpolicy.yaml",
        "validate",
    ),
    Case(
        "a configuration that is the environment",
        {},
        ("environ:1:", "U+0000"),
        {},
        BASE,
        f"validate --config {SECRETS}",
        "validate --config cvnpolicy.yaml",
    ),
    Case(
        "a configuration with a long name",
        {},
        (f"{LONG}: there is no such file",),
        {},
        BASE,
        f"validate --config {LONG}",
        "validate --config cvnpolicy.yaml",
        code=USAGE,
    ),
    Case(
        "a configuration that names the folder above",
        {CONFIG: "policies: ..\n"},
        (f"{CONFIG}:1:11", "leads out"),
        {CONFIG: config()},
        BASE,
    ),
    Case(
        "an environment that reads the folder above",
        {CONFIG: config(more="  quiet: {like: default, data_root: data/../..}\n")},
        (f"{CONFIG}:6:37", "leads out"),
        {CONFIG: config(more="  quiet: {like: default, data_root: data/../data}\n")},
        BASE,
    ),
    Case(
        "an environment that links outside",
        {CONFIG: config(more="  quiet: {like: default, data_root: out}\n"), "out": Link("/etc")},
        (f"{CONFIG}:6:37", "leads out"),
        {CONFIG: config(more="  quiet: {like: default, data_root: out}\n"), "out": Link("data")},
        BASE,
    ),
    Case(
        "policies below a name that is too long",
        {CONFIG: f"policies: {LONG}\n"},
        (f"{CONFIG}:1:11", "no folder"),
        {CONFIG: config()},
        BASE,
        code=NOTHING,
    ),
    Case(
        "a policy folder that links outside",
        {CONFIG: "policies: out\n", "out": Link("/etc")},
        (f"{CONFIG}:1:11", "leads out"),
        {CONFIG: "policies: out\nenvironments: {default: {rows: {type: csv, path: a}}}\n", "out": Link("policies")},
        BASE,
    ),
    Case("data below /", {CONFIG: config("{type: csv, path: /etc/passwd}")}, (f"{CONFIG}:5:29", "leads out"), {}, BASE),
    Case(
        "data above the root",
        {CONFIG: config("{type: csv, path: a/../../b}")},
        (f"{CONFIG}:5:29", "leads out"),
        {},
        BASE,
    ),
    Case("a runbook with ..", book("../../etc/passwd.md"), (f"{POLICY}:9:16", "leads out"), book("book.md"), RUNBOOK),
    Case(
        "a runbook that links to the environment",
        {**book("env.md"), "docs/env.md": Link(SECRETS)},
        (f"{POLICY}:9:16", "leads out"),
        book("book.md"),
        RUNBOOK,
    ),
    Case(
        "a runbook that is a pipe",
        {**book("pipe.md"), "docs/pipe.md": Pipe()},
        (f"{POLICY}:9:16", "pipe"),
        book("book.md"),
        RUNBOOK,
    ),
    Case(
        "a runbook with a long name", book(f"{LONG}.md"), (f"{POLICY}:9:16", f"'{LONG}.md'"), book("book.md"), RUNBOOK
    ),
    Case(
        "a runbook that links to itself",
        {**book("loop.md"), "docs/loop.md": Link("loop.md")},
        (f"{POLICY}:9:16", "there is no runbook 'loop.md'"),
        book("book.md"),
        RUNBOOK,
    ),
)

DATA = (
    rows(
        "data that link outside",
        {ROWS: Link(SECRETS)},
        "'rows.csv' leads out of the data root through a symbolic link",
        twin={ROWS: Link("other.csv"), "data/other.csv": "x\n1\n"},
    ),
    rows(
        "data that link to themselves", {ROWS: Link("rows.csv")}, "'rows.csv' cannot be looked up: the path has a loop"
    ),
    rows("data that are a pipe", {ROWS: Pipe()}, "'rows.csv' is not a regular file"),
    rows(
        "a data folder that links outside",
        {**bound("out/passw*"), "data/out": Link("/etc")},
        "'out/passwd' leads out of the data root through a symbolic link",
        twin={**bound("out/rows*"), "data/out": Link("in"), "data/in/rows.csv": "x\n1\n"},
    ),
    rows("a name of 300 letters", bound(f"{LONG}.csv"), f"'{LONG}.csv' cannot be looked up: File name too long"),
    rows("a pattern of 300 letters", bound(f"{LONG}*"), f"no file matches '{LONG}*' below the data root"),
    rows(
        "one file under two names",
        {**bound("*.csv"), "data/copy.csv": Same(ROWS)},
        "'copy.csv' and 'rows.csv' are the same file",
        twin=bound("*.csv"),
    ),
    rows(
        "11,000 files",
        {**bound("many/*.csv"), **{f"data/many/{n}.csv": "" for n in range(11_000)}},
        "'many/*.csv' matches more than 10000 files",
    ),
    rows(
        "folders that link to themselves, and **",
        {**bound("**/none.csv"), **{f"data/a{n}": Link(".") for n in range(5)}},
        "no file matches '**/none.csv' below the data root",
        twin={**bound("**/rows.csv"), "data/a": Link(".")},
    ),
    rows(
        "a pattern of a hundred **",
        {**bound("**/a/" * 60 + "*.csv"), folders(60) + "x.txt": ""},
        f"no file matches '{'**/a/' * 60}*.csv' below the data root",
        twin={**bound("**/a/**/*.csv"), folders(3) + "rows.csv": "x\n1\n"},
    ),
    rows("a pattern of *", {**bound(STARS), f"data/{'a' * 200}": ""}, f"no file matches '{STARS}' below"),
    rows("a pattern of sets", {**bound("[" * 400)}, f"no file matches '{'[' * 400}' below the data root"),
)
