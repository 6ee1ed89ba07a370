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
SELECTOR = r"^[a-z][a-z0-9_-]{0,40}(\.[a-z][a-z0-9_-]{0,40})?$"
HEADING_NUMBER = r"^[0-9]{1,3}([.][0-9a-z]{1,8})?$"
FOLDER = r"^([A-Za-z0-9_.-]{1,60}/){1,8}$"
SOMETHING = r"\S"
CHECK_ADDRESS = r"^[a-z0-9][a-z0-9_.-]*/[a-z0-9][a-z0-9_-]*$"
SESSION = r"^[0-9a-f]{8}$"
URL = r"^https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]{3,200}$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
SYMBOL = r"^[A-Z0-9]{2,20}$"
COMMIT = r"^[0-9a-f]{7,40}$"
OPEN_OR_DURATION = r"^open$|^[1-9][0-9]{0,8}(ms|s|min|h|d)$"
DISTRIBUTION = r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$"
MODULE = r"^[A-Za-z_][A-Za-z0-9_]{0,79}([.][A-Za-z_][A-Za-z0-9_]{0,79}){0,9}$"
PYTHON = r"^3[.][0-9]{1,2}$"
VARIABLE = r"^[A-Z][A-Z0-9_]{0,99}$"
JSON_FILE = r"^([A-Za-z0-9_-][A-Za-z0-9_.-]{0,59}/){0,8}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,59}[.]json$"
TAG = r"^[A-Za-z0-9_][A-Za-z0-9_. /-]{0,99}$"

WORDS: dict[str, str] = {
    SLUG: "use small letters, digits, '-', '_' and '.', at most 80, for example btc-features",
    CHECK_ID: "use small letters, digits, '-' and '_', at most 80, for example ks-per-feature",
    IDENTIFIER: "use letters, digits and '_', not a digit first, at most 80, for example f1_buy",
    OWNER: "write one account name with '@', for example @dococeven",
    ADDRESS: "write check, policy/check, policy/* or *",
    FACT: "use letters, digits, '-', '_' and '.', at most 100, for example console.restore",
    STORY: "use letters, digits, '-', '_' and '.', for example CVN-N001-EE-S04",
    REQUIREMENT: "write an id such as RBF-08",
    SELECTOR: "write text, a field, a table or table.column, for example alerts.severity",
    HEADING_NUMBER: "write the number that a heading starts with in quotes, for example '4'",
    SOMETHING: "write some words, for example the book is the deepest",
    CHECK_ADDRESS: "write policy/check, for example live-trading/revenue-loss",
    SESSION: "write eight hexadecimal digits in quotes, for example '6519ed97'",
    URL: "write an address, for example https://grafana.example.com/d/",
    DAY: "write a day, for example 2026-05-12",
    SYMBOL: "use capitals and digits, for example BTCUSDC",
    OPEN_OR_DURATION: "write open, or a whole number and a unit, for example 7d",
    COMMIT: "write the hash of a commit in quotes, for example '9d41c7e'",
    DISTRIBUTION: "write the name of a distribution, for example scikit-learn",
    MODULE: "write the name of a module, for example google.cloud.storage",
    PYTHON: "write a version in quotes, for example '3.11'",
    VARIABLE: "write the name of an environment variable, for example CVN_BTC_FEATURES_SET",
    JSON_FILE: "write the path of a JSON file, for example enrichment_config.json",
    TAG: "write the name of a tag, for example enrichment_config_sha256",
    FOLDER: "write a folder with '/' at its end, for example scripts/",
}
"""What to write instead, by pattern."""
