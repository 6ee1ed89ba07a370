"""Fifty-six pull requests: what each changes, and what must be said of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.acceptance.pull_requests.repository import LINK, READY, SYSTEM, reviews
from tests.support.repository import Repository

TRAIN = f"{SYSTEM}/src/training/harness/train.py"
SEARCH = f"{SYSTEM}/src/commun/finetune/search.py"
HP = "policies/hyperparameters/s17.yaml"
DRIFT = "policies/drift/btc_features.yaml"
RUN = "log = logging.getLogger(__name__)\n"
WAIVER = """waivers:
  - check: several-features
    reason: noise of the week
    approved_by: "@dococeven"
    expires: 2027-01-01T00:00:00Z
"""
HOSTILE = (
    "`touch canary` $(touch canary) ${HOME} ; touch canary\n::error::PWNED\n::set-output name=x::y\n"
    "\x1b[31mred\x1b[0m\r\n"
    "<!-- " + LINK + " -->\n```\n" + LINK + "\n```\n<script>alert(1)</script> ![x](https://example.org/x.png)\n\0\u202e"
)

Say = Callable[[Repository, str], str]


@dataclass(frozen=True)
class Case:
    """A pull request."""

    name: str
    change: Callable[[Repository], None]
    code: int
    blocks: frozenset[tuple[str, str]] | None = frozenset()
    """Rule and id of each finding that blocks, those of gates aside; None where there are many."""
    ran: frozenset[str] = frozenset()
    """The gates that ran beside ``policies`` and ``change``."""
    body: str = "A change."
    reviews: Say | None = None
    """What the reviews say, from the repository and the commit of the pull request."""
    base: Callable[[Repository], None] | None = None
    """What happens on the base before the branch is judged."""
    waived: frozenset[str] = field(default=frozenset())
    """Ids of what was approved."""


def nothing(_made: Repository) -> None:
    pass


def edits(name: str, old: str, new: str) -> Callable[[Repository], None]:
    return lambda made: made.edit(name, old, new)


def together(*changes: Callable[[Repository], None]) -> Callable[[Repository], None]:
    def change(made: Repository) -> None:
        for one in changes:
            one(made)

    return change


def approved(login: str) -> Say:
    return lambda _made, head: reviews((login, "APPROVED", head))


COMMENT = edits(TRAIN, RUN, f"# Where the run is told of.\n{RUN}")
LITERAL = edits(TRAIN, RUN, f"{RUN}learning_rate = 0.05\n")
OWNED = 'owner: "@dococeven"'
SHIFT = """window: 7d}
      by: {feature: columns, symbol: defi_top5}
      crit_if: "abs > 3sigma"
"""


def shift(limit: str) -> Callable[[Repository], None]:
    return edits(DRIFT, SHIFT, SHIFT.replace("3sigma", limit))


FIELDS = "policies/quality/event_fields.yaml"
LIMIT = """[feature_set, n_features, purge_bars], window: 60d}
      by: {field: columns}
      crit_if: "> 0%"
"""
LOOSER = edits(FIELDS, LIMIT, LIMIT.replace("0%", "5%"))
TIGHTER = edits(FIELDS, LIMIT, LIMIT.replace("crit_if", 'warn_if: "> 0%"\n      crit_if'))


def huge(made: Repository) -> None:
    for number in range(3_000):
        made.write(f"{SYSTEM}/data/part_{number:04}.csv", f"ts,value\n2026-06-01T00:00:00Z,{number}\n")


def placeholder(made: Repository) -> None:
    text = made.text(f"{SYSTEM}/documentation/templates/mlops_readiness.md")
    made.write(f"{SYSTEM}/documentation/stories/CVN-N003-EE-S01/mlops_readiness.md", text)
    COMMENT(made)


def emptied(made: Repository) -> None:
    made.write("rules/.keep", "")
    made.edit("cvnpolicy.yaml", "policies: policies\n", "policies: rules\n")


def merged(made: Repository) -> None:
    COMMENT(made)
    made.commit()
    made.git("merge", "--quiet", "--no-edit", "main")


def linked(made: Repository) -> None:
    made.path(HP).unlink()
    made.path(HP).symlink_to("../../s17.yaml")
    made.write("s17.yaml", "apiVersion: cvnpolicy/v1\n")


def tighter_base(made: Repository) -> None:
    made.edit(HP, "min_child_samples, random_strength", "min_child_samples, scale_pos_weight, random_strength")


def excluding(until: str) -> str:
    paths = ("src/training/harness/train.py", "src/commun/finetune/search.py")
    rest = f"story: CVN-N009-EE-S99, owner: '@eve', until: {until}"
    return "  excluded:\n" + "".join(f"    - {{path: {path}, {rest}}}\n" for path in paths) + "  resolver:\n"


EXCLUDED = edits(HP, "  resolver:\n", excluding("2027-01-01T00:00:00Z"))


def exclude_in_base(made: Repository) -> None:
    made.write(f"{SYSTEM}/src/commun/finetune/old.py", "max_depth = 3\n")
    made.edit(HP, "  resolver:\n", GROWN.format(until="2026-07-01T00:00:00Z"))


GROWN = """  excluded:
    - {{path: src/commun/finetune/old.py, story: CVN-N009-EE-S99, owner: '@dococeven', until: {until}}}
  resolver:
"""


LAZILY = """def table(rows):
    try:
        import polars as pl
    except ImportError:
        return None
    return pl.DataFrame(rows)


"""
STORIES = f"{SYSTEM}/documentation/stories"
BLANK = f"{STORIES}/CVN-N003-EE-S01/mlops_readiness.md"
SILENCED = edits(TRAIN, RUN, f"{RUN}learning_rate = 0.05  # cvnpolicy: ignore[CVN501] just for now\n")
NEW_NAME = edits(TRAIN, RUN, f"{RUN}scale_pos_weight = 3\n")
LAZY = edits(TRAIN, "def train(", LAZILY + "def train(")
DROPPED = edits(f"{SYSTEM}/airflow_docker/requirements.txt", "numpy\n", "")


def declare(made: Repository) -> None:
    for name in ("requirements.txt", "airflow_docker/requirements.txt"):
        made.append(f"{SYSTEM}/{name}", "polars>=1.30\n")


UNTICKED = together(COMMENT, edits(f"{SYSTEM}/{READY}", "- [x] §1 ", "- [ ] §1 "))
WAIVED = edits(DRIFT, "waivers:\n", WAIVER)
NARROWED = edits(HP, "    - src/commun/finetune/\n", "")
ADVICE = edits(HP, "block_from: 2026-05-15T00:00:00Z", "block_from: 2027-05-15T00:00:00Z")
P3 = edits("policies/alerts/btc_features.yaml", "severity: P1\n", "severity: P3\n")
OWNER = edits(HP, OWNED, OWNED.replace("dococeven", "eve"))
STALE = edits("schemas/policy.schema.json", '"title": "cvnpolicy policy"', '"title": "ours"')


def latin(made: Repository) -> None:
    made.write(TRAIN, b"learning_rate = 0.1  # caf\xe9\n")


def out(made: Repository) -> None:
    made.move(TRAIN, f"{SYSTEM}/src/training/legacy/train.py")


def into(place: str, *also: Callable[[Repository], None]) -> Callable[[Repository], None]:
    return together(*also, lambda made: made.move(TRAIN, f"{SYSTEM}/src/training/{place}/train.py"))


def stub(made: Repository) -> None:
    """A copy goes where nobody looks, and what stays only imports it."""
    made.write(f"{SYSTEM}/src/training/legacy/train.py", made.text(TRAIN) + "learning_rate = 0.05\n")
    made.write(TRAIN, "from training.legacy.train import *\n")


def link_in_base(made: Repository) -> None:
    made.write(f"{SYSTEM}/src/training/common.py", "DEPTH = None\n")
    made.path(f"{SYSTEM}/src/training/harness/common.py").symlink_to("../common.py")


def led_to(made: Repository) -> None:
    made.git("merge", "--quiet", "--no-edit", "main")
    made.append(f"{SYSTEM}/src/training/common.py", "max_depth = 6\n")


def folder_for_a_link(made: Repository) -> None:
    made.write(f"{SYSTEM}/src/training/legacy/late.py", "max_depth = 6\n")
    made.path(f"{SYSTEM}/src/training/harness/late").symlink_to("../legacy")


def link_above(made: Repository) -> None:
    """The folder above what the policies look at leads to other code, which was there before."""
    made.git("merge", "--quiet", "--no-edit", "main")
    made.git("rm", "--quiet", "-r", f"{SYSTEM}/src")
    shutil.rmtree(made.path(f"{SYSTEM}/src"), ignore_errors=True)
    made.path(f"{SYSTEM}/src").symlink_to("other")


def other_in_base(made: Repository) -> None:
    shutil.copytree(made.path(f"{SYSTEM}/src"), made.path(f"{SYSTEM}/other"))
    made.append(f"{SYSTEM}/other/training/harness/train.py", "max_depth = 6\n")


def silence_elsewhere(made: Repository) -> None:
    """One silenced value goes and another of its name comes, in a file of its own."""
    made.git("merge", "--quiet", "--no-edit", "main")
    made.edit(TRAIN, UNTIL.format(day="2026-07-01"), RUN)
    made.append(SEARCH, UNTIL.format(day="2026-07-01").removeprefix(RUN))


def dotted_in_base(made: Repository) -> None:
    made.edit("cvnpolicy.yaml", "repository: examples/cvntrade\n", "repository: ./examples//cvntrade\n")


def literal_later(made: Repository) -> None:
    made.git("merge", "--quiet", "--no-edit", "main")
    LITERAL(made)


def listed_in_base(made: Repository) -> None:
    made.edit(f"{SYSTEM}/airflow_docker/requirements.txt", "numpy\n", "-r base/needed\n")
    made.write(f"{SYSTEM}/airflow_docker/base/needed", "numpy\n")


def unlisted(made: Repository) -> None:
    made.git("merge", "--quiet", "--no-edit", "main")
    made.write(f"{SYSTEM}/airflow_docker/base/needed", "\n")


def cut_template(made: Repository) -> None:
    """A file that is the template, word for word, and a template without these words."""
    placeholder(made)
    made.write(f"{SYSTEM}/documentation/templates/mlops_readiness.md", "# MLOps readiness\n")


RESOLVED = together(COMMENT, lambda made: made.append(f"{SYSTEM}/src/commun/hpo/resolver.py", "\nmax_depth = 6\n"))
WIDER = edits(HP, "    - src/commun/finetune/\n", "    - src/commun/finetune/\n    - src/training/legacy/\n")
UNTIL = f"{RUN}max_depth = 6  # cvnpolicy: ignore[CVN501] the console lacks it until {{day}}\n"


def silence_in_base(made: Repository) -> None:
    made.edit(TRAIN, RUN, UNTIL.format(day="2026-07-01"))


def prolonged(made: Repository) -> None:
    made.git("merge", "--quiet", "--no-edit", "main")
    made.edit(TRAIN, "2026-07-01", "2027-07-01")


READINESS = "policies/readiness/mlops.yaml"


def unbooked(made: Repository) -> None:
    made.path(f"{SYSTEM}/documentation/runbooks/ftf_sweep.md").unlink()


def unlinked(made: Repository) -> None:
    made.path(f"{SYSTEM}/documentation/runbooks/model_quality.md").unlink()


def submodule(made: Repository) -> None:
    place = f"{SYSTEM}/src/training/harness/sub"
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.git('rev-parse', 'HEAD')},{place}")
    made.path(place).mkdir()


def earlier(made: Repository, _head: str) -> str:
    return reviews(("dococeven", "APPROVED", made.git("rev-parse", "main")))


def withdrawn(_made: Repository, head: str) -> str:
    return reviews(("dococeven", "APPROVED", head), ("dococeven", "CHANGES_REQUESTED", head))


def longer(made: Repository) -> None:
    made.git("merge", "--quiet", "--no-edit", "main")
    made.edit(HP, "until: 2026-07-01", "until: 2027-07-01")


def blocked(*findings: tuple[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(findings)


ML = frozenset({"pull-request", "code", "dependencies", "readiness"})
UNLINKED = ML - {"readiness"}
EDITED = frozenset({"schemas"})
"""A policy was edited: what editors check it by is looked at."""
JUST = frozenset({"readiness"})
OWN = EDITED | {"readiness"}
"""Its own policies are in force: figures everywhere are compared with them again."""
LITERALS = ("CVN501", "hyperparameters/CVN501")
UNREAD = blocked(("CVN599", "hyperparameters/CVN599"), ("CVN529", "dependencies/CVN529"))
LOOKING = ("dependencies", "hyperparameters", "mlops-readiness")
SUBMODULES = blocked(*(("CVN043", f"{name}/submodule") for name in LOOKING))
MOVED = blocked(("CVN043", "hyperparameters/moved"))
ELSEWHERE = blocked(*(("CVN043", f"{name}/moved") for name in LOOKING[:2]))
HIDDEN = blocked(
    *(("CVN043", f"{name}/{what}") for name in ("hyperparameters", "dependencies") for what in ("moved", "hidden"))
)
COMMENTED = frozenset({"hyperparameters/CVN501"})
LOOSENED = ("CVN040", "event-fields/btc-features-applied")
LINKED, SIGNED_OFF = ("CVN861", "mlops-readiness/linked"), ("CVN862", "mlops-readiness/signed-off")


CASES = (
    # What is fine
    Case("clean", COMMENT, 0, ran=ML, body=LINK),
    Case("docs-only", lambda made: made.write("NOTES.md", "# Notes\n"), 0),
    Case("rename-only", lambda made: made.move(TRAIN, TRAIN.replace("train.py", "fit.py")), 0, ran=ML, body=LINK),
    Case("huge-diff", huge, 0),
    Case("merge-commit", merged, 0, ran=ML, body=LINK, base=tighter_base),
    # Code
    Case("literal-added", LITERAL, 1, blocked(LITERALS), ML, LINK),
    Case("literal-silenced", SILENCED, 1, blocked(("CVN042", "hyperparameters/CVN501")), ML, LINK, waived=COMMENTED),
    Case("moved-out-of-scope", out, 1, MOVED, ML, LINK),
    Case("moved-with-its-scope", together(out, WIDER), 0, ran=ML | EDITED, body=LINK),
    Case("moved-into-pycache", into("harness/__pycache__", LITERAL), 1, blocked(LITERALS), ML, LINK),
    Case("moved-into-a-dot-folder", into("harness/.old"), 1, HIDDEN, ML, LINK),
    Case(
        "moved-to-another-ending",
        lambda made: made.move(TRAIN, TRAIN.replace(".py", ".pyx")),
        1,
        ELSEWHERE,
        ML,
        LINK,
    ),
    Case("a-link-above-the-code", link_above, 4, None, ML, LINK, base=other_in_base),
    Case("moved-but-for-a-stub", stub, 4, MOVED, ML, LINK),
    Case("value-in-the-resolver", RESOLVED, 1, blocked(("CVN042", "hyperparameters/CVN501")), ML, LINK),
    Case("a-link-to-code-elsewhere", led_to, 1, blocked(LITERALS), ML, LINK, base=link_in_base),
    Case("a-folder-that-is-a-link", folder_for_a_link, 4, UNREAD, ML, LINK),
    Case("repository-in-other-words", literal_later, 1, blocked(LITERALS), ML, LINK, base=dotted_in_base),
    Case("submodule", submodule, 4, SUBMODULES, ML - {"code", "dependencies"}, LINK),
    Case(
        "silenced-for-longer",
        prolonged,
        1,
        blocked(("CVN042", "hyperparameters/CVN501")),
        ML,
        LINK,
        base=silence_in_base,
        waived=COMMENTED,
    ),
    Case("not-utf-8", latin, 4, UNREAD, ML, LINK),
    Case(
        "silenced-elsewhere",
        silence_elsewhere,
        1,
        blocked(("CVN042", "hyperparameters/CVN501")),
        ML,
        LINK,
        base=silence_in_base,
        waived=COMMENTED,
    ),
    Case("behind-its-base", NEW_NAME, 1, blocked(LITERALS), ML, LINK, base=tighter_base),
    Case("import-not-declared", LAZY, 1, blocked(("CVN521", "dependencies/CVN521")), ML, LINK),
    Case("import-declared", together(LAZY, declare), 0, ran=ML, body=LINK),
    Case("requirement-dropped", DROPPED, 1, blocked(("CVN521", "dependencies/CVN521")), frozenset({"dependencies"})),
    Case(
        "requirement-dropped-from-a-list",
        unlisted,
        1,
        blocked(("CVN521", "dependencies/CVN521")),
        frozenset({"dependencies"}),
        base=listed_in_base,
    ),
    # The text of the pull request
    Case("readiness-not-linked", COMMENT, 1, blocked(LINKED), UNLINKED, "Faster."),
    Case(
        "readiness-missing", COMMENT, 1, blocked(LINKED), UNLINKED, f"See {STORIES}/CVN-N009-EE-S99/mlops_readiness.md"
    ),
    Case("readiness-blank", placeholder, 1, None, ML, f"[ready]({BLANK})"),
    Case("readiness-blank-as-its-template", cut_template, 1, None, ML, f"[ready]({BLANK})"),
    Case("readiness-unticked", UNTICKED, 1, blocked(SIGNED_OFF, ("CVN801", "mlops-readiness/R7.13")), ML, LINK),
    Case("hostile-body", COMMENT, 1, blocked(LINKED), UNLINKED, HOSTILE),
    # Limits and who may move them
    Case("threshold-loosened", LOOSER, 1, blocked(LOOSENED), EDITED),
    Case(
        "threshold-loosened-approved",
        LOOSER,
        0,
        ran=OWN,
        reviews=approved("DocOcEven"),
        waived=frozenset({LOOSENED[1]}),
    ),
    Case(
        "threshold-loosened-approved-by-a-stranger",
        LOOSER,
        1,
        blocked(LOOSENED),
        EDITED,
        reviews=approved("a-stranger"),
    ),
    Case("threshold-loosened-after-approval", LOOSER, 1, blocked(LOOSENED), EDITED, reviews=earlier),
    Case("threshold-loosened-approval-withdrawn", LOOSER, 1, blocked(LOOSENED), EDITED, reviews=withdrawn),
    Case("threshold-tightened", TIGHTER, 0, ran=OWN),
    Case(
        "threshold-tightened-beside-its-document",
        shift("2sigma"),
        1,
        blocked(("CVN851", "mlops-readiness/CVN851")),
        OWN,
    ),
    # What else lets through
    Case("waiver-slipped-in", WAIVED, 1, blocked(("CVN040", "btc-features-drift/waivers")), EDITED),
    Case(
        "exclusion-added",
        together(LITERAL, EXCLUDED),
        1,
        blocked(LITERALS, ("CVN040", "hyperparameters/excluded")),
        ML | EDITED,
        LINK,
    ),
    Case("baseline-grown", longer, 1, blocked(("CVN040", "hyperparameters/excluded")), EDITED, base=exclude_in_base),
    Case("scope-narrowed", NARROWED, 1, blocked(("CVN040", "hyperparameters/scopes")), EDITED),
    Case("advice-instead-of-blocking", ADVICE, 1, blocked(("CVN040", "hyperparameters/enforcement")), EDITED),
    Case("severity-lowered", P3, 1, blocked(("CVN040", "btc-alerts/enrichment-config-mismatch")), EDITED),
    Case(
        "owner-taken-over", OWNER, 4, blocked(("CVN041", "hyperparameters/metadata")), EDITED, reviews=approved("eve")
    ),
    # Files of policies
    Case("policy-moved", lambda made: made.move(DRIFT, "policies/drift/features.yaml"), 0, ran=EDITED),
    Case("policy-deleted", lambda made: made.path(DRIFT).unlink(), 3, None),
    Case("policies-emptied", emptied, 1, None, EDITED),
    Case("policy-replaced-by-a-link", linked, 3, None),
    Case("runbook-deleted", unbooked, 3, None, frozenset({"readiness"})),
    Case("runbook-that-files-name-deleted", unlinked, 1, None, JUST),
    Case("other-words", edits(READINESS, "says: Every box is ticked", "says: All boxes are ticked"), 0, ran=OWN),
    Case("policy-invalid", shift("3 sigmas"), 3, None, EDITED),
    Case("stale-schema", STALE, 1, blocked(("CVN031", "schemas")), EDITED),
)
