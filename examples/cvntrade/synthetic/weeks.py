"""What goes wrong, and in which week. A week is its troubles: everything else is the same in all of them."""

from __future__ import annotations

from enum import Enum

Week = frozenset["Trouble"]


class Trouble(Enum):
    """One thing that went wrong, in a sentence."""

    UNI_DRIFTS = "UNI's correlation with BTC has moved for more than a month"
    UNI_BETA = "UNI's beta has moved with it"
    ETH_DRIFTS = "ETH's correlation with BTC has moved for two weeks"
    ETH_BETA = "ETH's beta is far from training, for three weeks"
    VOLATILE = "BTC has been more than twice as volatile for a week"
    SOL_HALTED = "Solana halted for three days"
    CORRELATIONS_BREAK = "two altcoins no longer follow BTC as they did in training"
    FEED_DEGRADED = "the BTC feed sends odd bars, and bars without a close"
    ALERT_SILENCED = "somebody silenced the alert about odd bars"
    BARS_LOST = "two hours of AAVE's bars are missing"
    BAR_REPEATED = "one of ETH's bars stands twice"
    ROWS_REPEATED = "the inference service wrote its last batch twice"
    AGENT_STOPPED = "the log agent of the inference pods stopped"
    LABELS_LATE = "AAVE's labels are days behind"
    UNI_LOSES_F1 = "UNI's F1 is below what it was registered with"
    F1_COLLAPSED = "ETH's F1 is more than ten points below training's"
    REVENUE_LOST = "three cryptos lose money"
    SIGNALS_STOPPED = "no predictions for SOL"
    KEYS_MISSING = "two keys are missing in the Console, so CatBoost trains on built-in values"
    KEYS_LOST = "twenty-five keys are missing in the Console, and the audit expects one too many"
    TRAINING_ODD = "the last trainings were slow, stopped early, went deep and learned slowly"
    W1_COLLAPSED = "the first sweep on the Console's values is worse than the release before"
    W1_BROKEN = "it also lacks a cell"
    SWEEP_BROKEN = "the Track 1 sweep lacks cells, repeats one, has no uplift and folds far apart"
    PREFLIGHT_THIN = "the preflight fold has too few BUY trades"
    LABELS_SHIFTED = "one fold has other classes than at registration"
    DRY_RUN_CUT = "the dry run of the fallback model died while writing"
    DRY_RUN_FAILED = "the fallback model has aged"
    MISMATCH = "a deploy was stopped: environment and artefact disagree"
    FEATURE_DROPPED = "a training was given five features"
    FEATURES_SILENT = "a training did not say what features it was given"
    FIELDS_DROPPED = "a release of the log library drops a field of every event"
    BREAK_GLASS = (
        "the database was repaired by hand without approval, write-back or post-mortem, once with a stranger's"
    )
    SILENT_RETRAINING = "a model was retrained on drift that nobody was told of"
    EPIC_STALLED = "the epic that makes break-glass unnecessary has not shipped"
    EPIC_SLOW = "the epic has children, and none of them is closed"
    PARITY_FAILED = "the exported model does not say what the trained one says; rollout was switched off"
    PARITY_IGNORED = "the exported model does not say what the trained one says; nothing reacted"
    POST_MORTEM_OPEN = "rollout goes on while a post-mortem is open"
    THROUGHPUT = "twice as many trades an hour as ever under the release before"
    BOOK_EMPTY = "the bid side of UNI's book is empty"
    PAPER_NOT_FLAT = "execution is on paper, and symbols still enter protective mode"
    ROLLED_BACK = "a release was rolled back for its win rate"
    METRIC_EMPTY = "another one is scraped and has no value"
    ROUTE_LOST = "the win rate of a route is written without the route"
    METRIC_SILENT = "one of the metrics of the serving stack is no longer scraped"


WEEKS: dict[str, Week] = {
    "quiet": frozenset(),
    "mixed": frozenset(
        {
            Trouble.UNI_DRIFTS,
            Trouble.UNI_BETA,
            Trouble.ETH_DRIFTS,
            Trouble.SOL_HALTED,
            Trouble.ROWS_REPEATED,
            Trouble.AGENT_STOPPED,
            Trouble.LABELS_LATE,
            Trouble.UNI_LOSES_F1,
            Trouble.KEYS_MISSING,
            Trouble.DRY_RUN_CUT,
            Trouble.EPIC_SLOW,
            Trouble.PARITY_FAILED,
        }
    ),
}
"""``quiet`` has none, ``mixed`` is a somewhat bad week whose evidence has holes, ``bad`` has everything that can
go wrong at once with evidence that shows it."""

WEEKS["bad"] = frozenset(Trouble) - {
    Trouble.UNI_BETA,
    Trouble.AGENT_STOPPED,
    Trouble.LABELS_LATE,
    Trouble.KEYS_MISSING,
    Trouble.DRY_RUN_CUT,
    Trouble.EPIC_SLOW,
    Trouble.PARITY_FAILED,
}
