"""Policies as they stand in an editor: a whole one to change, and the place of the cursor."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from tests.support.language_server import LanguageServer, Place

POLICY = """\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata:
  name: drift
  title: Drift of the returns
  owner: "@me"
spec:
  baselines: {training: {dataset: training}}
  checks:
    - id: mean-return
      measure:
        statistic: mean
        dataset: inference
        columns: [btc_return]
        window: 14d
      warn_if: "> 0.1"
      severity: P2
"""
CURSOR = "¦"
_NUMBERS = count(1)


def changed(old: str, new: str, text: str = POLICY) -> str:
    """Return a policy with one part replaced, which must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the policy"
    return text.replace(old, new)


def shown(server: LanguageServer, root: Path, text: str, folder: str = "policies") -> tuple[str, Place]:
    """Open a policy that no other test has open; return its URI and the place of the cursor (or the start)."""
    before, _, after = text.partition(CURSOR) if CURSOR in text else ("", "", text)
    uri = server.open(root / folder / f"draft-{next(_NUMBERS)}.yaml", before + after)
    lines = before.split("\n")
    return uri, Place(len(lines) - 1, len(lines[-1]))
