"""The end of every help page: examples that run, exit codes, where to read on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cvnpolicy.core.errors import ExitCode

EXITS: Mapping[ExitCode, str] = MappingProxyType(
    {
        ExitCode.OK: "all that was asked holds",
        ExitCode.FAILED: "a policy failed",
        ExitCode.USAGE: "the command line is wrong, or an optional part is missing",
        ExitCode.INVALID: "a policy or the configuration is invalid",
        ExitCode.UNDECIDED: "could not decide: no data, too little, or an error",
        ExitCode.NOTHING: "there was nothing to check",
        ExitCode.INTERNAL: "a defect of cvnpolicy",
    }
)
"""Every exit code in a few words."""


def epilog(*examples: str, exits: Iterable[ExitCode], read: str) -> str:
    """Return the end of a help page.

    Args:
        examples: Command lines that run in the repository that ``cvnpolicy init`` writes.
        exits: The exit codes that the command can have, besides that of a defect.
        read: Where to read on.
    """
    shown = [f"  $ {example}" for example in examples]
    codes = [f"  {code.value:<3} {EXITS[code]}" for code in (*exits, ExitCode.INTERNAL)]
    # Click keeps the lines of a paragraph that begins with \b.
    return "\n".join(["\b", "Examples:", *shown, "", "\b", "Exit codes:", *codes, "", f"Read on: {read}"])
