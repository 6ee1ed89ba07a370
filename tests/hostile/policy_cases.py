"""Hostile policy files and runbooks. `validate` is enough to meet them."""

from __future__ import annotations

from tests.hostile.case import Case, Tree
from tests.hostile.texts import BASE, CONFIG, MEBIBYTE, POLICY, catalog, config, padded, policy

DOCS = "policies/docs.yaml"
BOOK = "docs/book.md"
REGEX = '"(a+)+$"'
SQL = '"x\\") FROM read_text(\'/etc/passwd\'); --"'
RUNBOOK: Tree = {
    **BASE,
    CONFIG: config(head="repository: docs\n"),
    POLICY: policy(rest="      runbook: book.md#stop\n"),
}
MANY: Tree = {**BASE, CONFIG: config(head=f"sets: {{many: [{','.join(map(str, range(10_000)))}]}}\n")}


def laughs(levels: int) -> str:
    """The "billion laughs": each line names the one before ten times."""
    lines = ["a0: &a0 ha"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def keys(count: int) -> str:
    return "{" + ",".join(f"k{n}: 1" for n in range(count)) + "}\n"


def trees(count: int, looks_at: str) -> str:
    """A policy of many checks that each look at another one; `%d` is the number of the one before."""
    return policy(
        rest="".join(
            f"    - {{id: t{n}, pass_if: {{check: {looks_at.replace('%d', str((n - 1) % count))}, is: [pass]}}}}\n"
            for n in range(count)
        )
    )


def tree(depth: int) -> str:
    leaf = "{check: c, is: [pass]}"
    return policy(rest=f"    - id: t\n      pass_if: {'{not: ' * depth}{leaf}{'}' * depth}\n")


def grown(check: str) -> str:
    """A policy with a second check."""
    return policy(rest=f"    - {check}\n", spec="  baselines: {r: {dataset: rows}}\n")


def yaml(name: str, content: str | bytes, *says: str, twin: str | bytes | None = None, base: Tree = BASE) -> Case:
    """A case about the one policy file."""
    return Case(name, {POLICY: content}, says, {} if twin is None else {POLICY: twin}, base)


SYNTAX = (
    yaml("30,000 nested brackets", f"a: {'[' * 30_000}{']' * 30_000}\n", "p.yaml:1:67", "deeper than 64"),
    yaml("30,000 brackets, none closed", "[" * 30_000, "p.yaml:1:65", "deeper than 64"),
    yaml("100,000 nested mappings", "{a: " * 100_000, "p.yaml:1:257", "deeper than 64"),
    yaml("1 MiB of brackets", "[" * MEBIBYTE, "p.yaml:1:65", "deeper than 64"),
    yaml("30,000 lists in one another on a line", "- " * 30_000 + "a\n", "p.yaml:1:129", "deeper than 64"),
    yaml("1,400 levels of indentation", "".join(f"{' ' * n}a:\n" for n in range(1_400)), "p.yaml:65:65", "deeper"),
    yaml("a billion laughs", laughs(10), "p.yaml:1:5", "the anchor '&a0'", twin=policy(title="ha")),
    yaml("an alias to itself", "&a [*a]\n", "p.yaml:1:1", "the anchor '&a'"),
    yaml("a merge key", "<<: {kind: DriftPolicy}\n", "p.yaml:1:1", "the merge key"),
    yaml("a tag that runs code", '!!python/object/apply:os.system ["id"]\n', "p.yaml:1:1", "the tag '!!python"),
    yaml("a tag on a value", policy(title='!!python/name:os.system "T"'), "p.yaml:3:28", "the tag '!!python"),
    yaml("a scalar of 1 MiB", f"a: {'b' * (MEBIBYTE - 4)}\n", "p.yaml:1:1", twin=padded(policy(), MEBIBYTE)),
    yaml("1 MiB and a byte", padded(policy(), MEBIBYTE + 1), "p.yaml:1:1", "larger", twin=padded(policy(), MEBIBYTE)),
    yaml("NUL bytes", policy().encode() + b"#\0\0\n", "p.yaml:9:2", "U+0000", twin=policy() + "#\n"),
    yaml("an escaped NUL", policy(title='"a\\0b"'), "p.yaml:3:28", "U+0000", twin=policy(title='"a\\tb"')),
    yaml("UTF-16", policy().encode("utf-16"), "p.yaml:1:1", "UTF-16", twin=b"\xef\xbb\xbf" + policy().encode()),
    yaml("a second byte order mark", "\ufeff\ufeff" + policy(), "p.yaml:1:1", "byte order mark"),
    yaml("half a character", policy().encode() + b"# \xed\xa0\x80\n", "p.yaml:9:3", "0xED"),
    yaml("an escaped half character", policy(title='"\\ud800"'), "p.yaml:3:31", "an escape"),
    yaml("text that runs backwards", policy(title="a\u202eb"), "p.yaml:3:29", "U+202E", twin=policy(title="a\u0627b")),
    yaml("a line separator", policy(title="a\u2028b"), "p.yaml:3:29", "U+2028"),
    yaml("a terminal escape", policy(title='"\\e]0;pwned\\a"'), "p.yaml:3:28", "U+001B"),
    yaml("a number beyond all", policy(rest="      min_samples: 1e999999\n"), "p.yaml:9:20", "too large"),
    yaml("a number of a million digits", f"a: {'9' * 1_000_000}\n", "p.yaml:1:4", "1000000 digits"),
    yaml("a hexadecimal of 500,000 digits", f"a: 0x{'f' * 500_000}\n", "p.yaml:1:4", "500000 digits"),
    yaml("75,000 keys", keys(75_000), "p.yaml:1:2", "kind"),
    yaml("75,000 keys of a check", policy(rest=f"      more: {keys(75_000)}"), "p.yaml:9:7", "more"),
    yaml("a key 150,000 times", "{" + "a: 1," * 150_000 + "}\n", "p.yaml:1:7", "comes twice", "more than 100 problems"),
    yaml("500,000 items where text belongs", policy(title=f"[{'1,' * 500_000}]"), "p.yaml:3:21", "found a list"),
    Case(
        "10,000 documents",
        {DOCS: "--- {}\n" * 10_000},
        (f"{DOCS}:1:5", f"{DOCS}:200:5", "more problems in this file"),
        {DOCS: "".join(f"---\n{catalog(f'e{n}')}" for n in range(1_000))},
        BASE,
    ),
    Case("10,000 empty documents", {DOCS: "---\n" * 10_000}, (f"{DOCS}:1:1", "more than 100 problems"), {}, BASE),
    Case("10,000 broken documents", {DOCS: "--- {\n" * 10_000}, (f"{DOCS}:2:1", "more than 100 problems"), {}, BASE),
)

MEANING = (
    yaml("a condition of 1 MB", policy(crit_if=f'"> {"1" * 1_000_000}"'), "p.yaml:8:317", "longer than 300"),
    yaml("a condition of brackets", policy(crit_if=f'"{"(" * 149}> 1{")" * 148}"'), "p.yaml:8:17", "'(' means nothing"),
    yaml("a condition that is code", policy(crit_if="\"__import__('os')\""), "p.yaml:8:17", "means nothing"),
    yaml(
        "a regular expression in a name",
        policy(name=REGEX),
        "p.yaml:3:18",
        "does not have the form",
        twin=policy(title=REGEX, measure=f", where: {{symbol: [{REGEX}]}}"),
    ),
    yaml("10^12 groups", policy(rest="      by: {a: many, b: many, c: many}\n"), "p.yaml:9:11", "groups", base=MANY),
    yaml(
        "a billion bins",
        grown(
            "{id: g, measure: {statistic: psi, params: {bins: 1000000000}, dataset: rows, columns: [x], reference: r,"
            ' window: run}, crit_if: "> 1"}'
        ),
        "p.yaml:10:41",
        "no argument 'bins'",
    ),
    yaml(
        "a look at 10^11 instants",
        policy(rest="      every: 1ms\n      for: 1000d\n").replace("window: run", "window: 1d"),
        "p.yaml:9:7",
        "more than 10,000 instants",
    ),
    yaml("a tree 10,000 deep", tree(10_000), "p.yaml:10:376", "deeper than 64", twin=tree(6)),
    yaml("5,000 misspelt names", trees(5_000, "x%d"), "p.yaml:9:", "no check 'x4999'", "more problems in this file"),
    yaml("a chain of 5,000 checks", trees(5_000, "t%d").replace("t4999, is", "c, is"), "p.yaml:40:7", "more than 32"),
    yaml("a circle of 3,000 checks", trees(3_000, "t%d"), "p.yaml:9:7", "in a circle", twin=trees(20, "c")),
    yaml("3,000 checks that look at all others", trees(3_000, '"*"'), "p.yaml:9:7", "in a circle"),
)

MARKDOWN = tuple(
    Case(
        f"a runbook of {name}",
        {BOOK: text},
        (f"{POLICY}:9:16", "has no heading '#stop'"),
        {BOOK: f"# Stop\n\n{text[:200]}\n"},
        RUNBOOK,
    )
    for name, text in (
        ("100,000 quotes in one another", ">" * 100_000 + "a"),
        ("100,000 brackets", "[" * 100_000),
        ("50,000 links in one another", "[" * 50_000 + "](a)" * 50_000),
        ("100,000 stars and lines", "*a_ " * 100_000),
        ("10,000 columns", "|" * 10_000 + "\n" + "|-" * 10_000 + "|\n" + ("|" * 100 + "\n") * 1_000),
        ("500,000 ampersands", "&" * 500_000),
        ("60,000 references", "".join(f"[a{n}]: b\n" for n in range(60_000))),
    )
)
