"""Who, when, and what happened: the instants that the story hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

SYMBOLS = ("BTCUSDC", "ETHUSDC", "SOLUSDC", "AAVEUSDC", "UNIUSDC")
ALTCOINS = SYMBOLS[1:]
MODELS = ("xgboost", "lightgbm", "catboost")
FOLDS = (1, 2, 3, 4, 5)
VARIANTS = ("none", "btc_min", "btc_full", "btc_full_purge0", "btc_full_purge10", "btc_vol_only")

SEED = 20260611

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

AT = datetime(2026, 8, 13, tzinfo=UTC)
"""The instant of the demo: T+93 of the merge that moved the hyperparameters, past every checkpoint that can be met."""
MERGED = datetime(2026, 5, 12, tzinfo=UTC)
"""The anchor of S17."""
SERVED_FROM = datetime(2026, 6, 18, tzinfo=UTC)
"""The first row of the inference log."""
LOGGED_FROM = datetime(2026, 5, 4, tzinfo=UTC)
"""The first line of the event log."""

CHATTY_FROM = datetime(2026, 7, 1, tzinfo=UTC)
"""The first of the lines that come every few minutes: they are kept for six weeks."""

FEED_CALM = datetime(2026, 7, 20, tzinfo=UTC)
"""From here on the BTC feed has no odd bars, in a week that it does not fall apart in."""

UNI_DRIFTS = datetime(2026, 6, 27, tzinfo=UTC)
ETH_DRIFTS = datetime(2026, 7, 31, tzinfo=UTC)
BETA_SHIFTS = datetime(2026, 7, 24, tzinfo=UTC)
SOL_HALTS, SOL_RESUMES = datetime(2026, 8, 4, 3, tzinfo=UTC), datetime(2026, 8, 7, 3, tzinfo=UTC)
AGENT_STOPS = datetime(2026, 8, 12, 17, 40, tzinfo=UTC)
"""The log agent beside the inference pods ships nothing from here on."""
FEED_DEGRADES = datetime(2026, 8, 12, 21, 30, tzinfo=UTC)
"""The BTC feed falls apart in the last hours."""


def steps(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """Yield start, start + step, … before end."""
    while start < end:
        yield start
        start += step


def text(instant: datetime) -> str:
    """Return an instant as logs and tables write it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
