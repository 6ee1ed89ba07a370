"""From text to a syntax tree. What may be hostile is first parsed by a process of its own, with a limit to its time."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

import libcst as cst

from cvnpolicy.lint.source import Source, UnreadableError

T = TypeVar("T")

SECONDS = 4
"""How long a file may take that is parsed apart."""
BYTES = 2**30
"""How much memory it may take."""
_STACK = 2**28
_FRAMES = 12_000

_APART = f"""\
import resource, sys, threading
resource.setrlimit(resource.RLIMIT_AS, ({BYTES}, {BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
import libcst
data, failed = sys.stdin.buffer.read(), []
def parse():
    try:
        libcst.parse_module(data)
    except libcst.ParserSyntaxError as error:
        failed.append((error.raw_line, error.raw_column, error.message))
threading.stack_size({_STACK})
worker = threading.Thread(target=parse)
worker.start()
worker.join()
if failed:
    print(*failed[0], sep="\\n")
    sys.exit(9)
"""
_PLACE = re.compile(r"error at (\d+):(\d+)")


class ParseError(UnreadableError):
    """The text is no Python, or none that is known."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def parse(source: Source, *, apart: bool) -> cst.Module:
    """Parse a file. Call it in :func:`roomy`.

    Args:
        source: The file.
        apart: Whether another process tries it first.

    Raises:
        ParseError: It is not Python, with the place.
        UnreadableError: It takes too long, or too much memory.
    """
    if apart:
        _try_apart(source)
    try:
        return cst.parse_module(source.data)
    except cst.ParserSyntaxError as error:
        raise _problem(error.message, error.raw_line, error.raw_column, source.text) from None
    except RecursionError:
        raise UnreadableError("the file is nested too deeply") from None
    except Exception as error:  # noqa: BLE001  a parser's own defect on a stranger's file is told of that file
        raise UnreadableError(f"libcst cannot read it: {str(error)[:200]}") from None


def _try_apart(source: Source) -> None:
    try:
        done = subprocess.run(  # noqa: S603  this interpreter, and a program of ours
            [sys.executable, "-I", "-c", _APART],
            input=source.data,
            capture_output=True,
            timeout=3 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(f"the file takes more than {3 * SECONDS} s to parse") from None
    if done.returncode == 9:
        line, column, message = done.stdout.decode(errors="replace").split("\n", 2)
        raise _problem(message.strip(), int(line), int(column), source.text)
    if done.returncode != 0:
        raise UnreadableError(f"the file takes more than {SECONDS} s or {BYTES // 2**20} MiB to parse")


def _problem(message: str, line: int, column: int, text: str) -> ParseError:
    """Return the error. Where Python's own parser stumbles too, its words and its place are nearer to the mistake."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return ParseError(error.msg, max(1, error.lineno or line), max(1, error.offset or column))
    except (ValueError, RecursionError, MemoryError):
        return ParseError("it is no Python", max(1, line), max(1, column))
    found = _PLACE.search(message)
    if found is not None:
        line, column = int(found[1]), int(found[2]) + 1
    what = "Python knows this form and the linter's parser does not: write it another way, with fewer brackets"
    return ParseError(what, max(1, line), max(1, column))


def roomy(work: Callable[[], T]) -> T:
    """Run something on a thread with room for deep recursion, and return what it returns or raise what it raises."""
    result: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001  it is raised again where it was asked for
            failure.append(error)

    before, limit = threading.stack_size(_STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        worker = threading.Thread(target=run)
        worker.start()
        worker.join()
    finally:
        threading.stack_size(before)
        sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return result[0]
