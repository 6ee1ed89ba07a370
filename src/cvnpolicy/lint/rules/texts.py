"""The two rules that are about comments and files, and not about values: what they see."""

from __future__ import annotations

SUPPRESSION = """\
A comment `# cvnpolicy: ignore[CVN501] the reason until 2026-06-01` silences every finding of the rules in the bracket
on its own line, or on the next line of code where it stands alone. It stands where the value is written, not where a
name carries it. It needs a reason; with `until` and a day as its last words it ends at midnight UTC of that day.
Another tool's comment may stand before it on the line.

A comment that is malformed, has an `until` that is no such end, names an unknown rule or none, gives no reason, has
ended, or silences nothing is a finding of this rule, and so is every one where the policy says `suppressions:
forbidden`. Comments of other tools (`noqa`, `nosec`, `type: ignore`) silence nothing.

What is silenced stays in the report, as waived, with its reason.
"""

UNPARSED = """\
The file could not be linted: it is no Python that is known, says another encoding than it has, is larger than 1 MiB or
has more than 100,000 parts of syntax, takes too long to parse, cannot be read, or is a link to a folder or out of the
repository. What could not be read is not taken for clean. Python 3.0 to 3.14 is read, whatever version runs cvnpolicy.
A file that is nested very deeply, or that this version's own parser does not know, is first parsed by a process of its
own, with four seconds and 1 GiB.
"""
