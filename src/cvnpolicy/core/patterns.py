"""The forms of names, as regular expressions without backtracking traps, and in words for those who mistype them."""

from __future__ import annotations

SLUG = r"^[a-z0-9]([a-z0-9_.-]{0,78}[a-z0-9])?$"
CHECK_ID = r"^[a-z0-9]([a-z0-9_-]{0,78}[a-z0-9])?$"
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]{0,79}$"
OWNER = r"^@[A-Za-z0-9][A-Za-z0-9-]{0,38}$"
ADDRESS = r"^(\*|[a-z0-9][a-z0-9_.-]*(/(\*|[a-z0-9][a-z0-9_.-]*))?)$"
FACT = r"^[A-Za-z0-9]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9])?$"
STORY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$"
REQUIREMENT = r"^[A-Z][A-Z0-9]{0,9}([.-][A-Za-z0-9]{1,20}){0,5}$"

WORDS: dict[str, str] = {
    SLUG: "use small letters, digits, '-', '_' and '.', at most 80, for example btc-features",
    CHECK_ID: "use small letters, digits, '-' and '_', at most 80, for example ks-per-feature",
    IDENTIFIER: "use letters, digits and '_', not a digit first, at most 80, for example f1_buy",
    OWNER: "write one account name with '@', for example @dococeven",
    ADDRESS: "write check, policy/check, policy/* or *",
    FACT: "use letters, digits, '-', '_' and '.', at most 100, for example console.restore",
    STORY: "use letters, digits, '-', '_' and '.', for example CVN-N001-EE-S04",
    REQUIREMENT: "write an id such as RBF-08",
}
"""What to write instead, by pattern."""
