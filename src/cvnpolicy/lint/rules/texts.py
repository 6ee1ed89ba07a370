"""The two rules that are about comments and files, and not about values: what they see."""

from __future__ import annotations

SUPPRESSION = """\
A comment `# cvnpolicy: ignore[CVN501] the reason until 2026-06-01` silences findings of the rules in the bracket on its
own line, or on the next one where it stands alone. It needs a reason; with `until` it ends at midnight UTC of that day.
A comment that is malformed, names an unknown rule or none, gives no reason, has ended, or silences nothing is a finding
of this rule, and so is every one where the policy says `suppressions: forbidden`. Comments of other tools (`noqa`,
`nosec`, `type: ignore`) silence nothing.

What is silenced stays in the report, as waived, with its reason.
"""

UNPARSED = """\
The file could not be linted: it is no Python that is known, says another encoding than it has, is larger than 1 MiB, or
takes too long to parse. What could not be read is not taken for clean. Python 3.0 to 3.14 is read, whatever version
runs cvnpolicy. A file that is nested very deeply, or that this version's own parser does not know, is first parsed by a
process of its own, with ten seconds and 1 GiB.
"""
