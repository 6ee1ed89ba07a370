"""What a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable

ALIASES = {
    "above": ">", "over": ">", "greater": ">", "gt": ">", "exceeds": ">", "more": ">",
    "below": "<", "under": "<", "less": "<", "lt": "<", "fewer": "<",
    "ge": ">=", "gte": ">=", "atleast": ">=", "at_least": ">=",
    "le": "<=", "lte": "<=", "atmost": "<=", "at_most": "<=",
    "eq": "==", "equals": "==", "equal": "==", "is": "==", "ne": "!=", "neq": "!=",
    "inside": "within", "near": "within", "outside": "not",
    "absolute": "abs", "magnitude": "abs", "null": "unset", "none": "unset", "tbd": "unset", "todo": "unset",
    "percent": "%", "percents": "%", "pct": "%", "percentage": "%",
    "points": "pp", "point": "pp", "ppt": "pp", "pts": "pp",
    "sd": "sigma", "std": "sigma", "stdev": "sigma", "sigmas": "sigma",
    "millis": "ms", "millisecond": "ms", "milliseconds": "ms", "msec": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "m": "min", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
    "ci": "ci95", "ci_95": "ci95", "from": "of", "to": "of", "plus": "+", "minus": "-", "times": "*", "x": "*",
}  # fmt: skip
"""Words of other languages, and the word here."""

TREE = "make two checks, and join them in a tree: {all: [...]} or {any: [...]}"

PHRASES = {"between": "write >= 0.1 and <= 0.2"}
"""Words that stand for more than one word here."""

WRONG = {
    "=": "write == or >=, <=", "===": "write ==", "!==": "write !=", "=>": "write >=", "=<": "write <=",
    "<>": "write !=", "\u2265": "write >=", "\u2264": "write <=", "\u2260": "write !=", "!": "write != or not within",
    "&": "write and", "&&": "write and", "|": "write or", "||": "write or", "(": TREE, ")": TREE,
    "**": "write * between a number and a baseline", "\u00d7": "write *", "\u2212": "write -", "\u2013": "write -",
    "/": "multiply instead: 0.5 * name", "\u00b1": "write within 1% of name", "\u03c3": "write sigma",
    ",": "write digits without separators, and clauses with and or or", "\u00a0": "write a plain space",
    "\t": "write a plain space", "\n": "write the condition on one line", "_": "write digits without separators",
    ".": "write a digit on both sides of the point",
}  # fmt: skip
"""Marks that no condition has, and what to write. Look-alikes outside ASCII are escaped, to be told apart."""


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that the word probably stands for, or None.

    The order of trust: the same word in other letter case, a known alias, the closest spelling.
    """
    lowered = word.lower()
    known = sorted(options)
    if lowered in known:
        return lowered
    alias = ALIASES.get(lowered)
    if alias in known:
        return alias
    from difflib import get_close_matches  # needed for this mistake only

    close = get_close_matches(lowered, known, n=1, cutoff=0.6)
    return close[0] if close else None
