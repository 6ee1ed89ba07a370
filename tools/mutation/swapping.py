"""The short way to try a mutant: the tests are collected once, and a forked process changes one function.

It is as good as a new import if no line of the mutant's statement ran before the fork: then nothing that was made at
import, in the modules or in the tests, can depend on the change.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import resource
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tools.mutation.sessions import COLLECTING_S, MEMORY, Failures, limit_s, quiet

Functions = Mapping[str, Sequence[FunctionType]]


def functions_in(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions of a module's code that stand in no other function."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & inspect.CO_OPTIMIZED:
                yield constant
            else:  # the body of a class
                yield from functions_in(constant)


def changed(before: CodeType, after: CodeType) -> tuple[CodeType, CodeType] | None:
    """Return the one outermost function that differs, before and after; None if it is not just one, or not known."""
    functions = list(functions_in(before))
    differing = [(old, new) for old, new in zip(functions, functions_in(after), strict=True) if old != new]
    if len(differing) != 1:
        return None
    namesakes = [function for function in functions if _place(function) == _place(differing[0][0])]
    return differing[0] if len(namesakes) == 1 else None


def living(path: Path) -> list[FunctionType]:
    """Return every function that was made from a file and is alive; not asked while objects are frozen."""
    found = (each for each in gc.get_objects() if isinstance(each, FunctionType))
    return [each for each in found if each.__code__.co_filename == str(path)]


@contextmanager
def frozen() -> Iterator[None]:
    """Let forked children share all objects that are there: the garbage collector leaves them alone."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def exchange(functions: Sequence[FunctionType], before: CodeType, after: CodeType) -> None:
    """Let the function with the one code run the other.

    Raises:
        LookupError: No function has that code.
    """
    found = [function for function in functions if _place(function.__code__) == _place(before)]
    if not found:
        raise LookupError(f"{before.co_qualname} of {before.co_filename} is not alive")
    for function in found:
        function.__code__ = after


def _place(code: CodeType) -> tuple[str, int]:
    # Codes are not compared: one that has run can differ from itself before.
    return code.co_qualname, code.co_firstlineno


class Collected(Failures):
    """A pytest plugin that collects and then calls :meth:`loop` in place of running the tests."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        """Take the usual seconds of each test."""
        super().__init__()
        self._seconds = seconds
        self._items: dict[str, pytest.Item] = {}

    def loop(self) -> None:
        """Do what is to be done with the collected tests."""
        raise NotImplementedError

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Keep the tests, and hand over."""
        self._items = {item.nodeid: item for item in session.items}
        self.loop()
        return True

    def run(self, names: Sequence[str], scratch: Path) -> dict[str, object]:
        """Run tests until one fails; to be called in a forked process."""
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch)
        items = [self._items[name] for name in names]
        for item, following in zip(items, [*items[1:], None], strict=False):
            signal.setitimer(signal.ITIMER_PROF, limit_s(self._seconds[item.nodeid]))
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return {"killed": self.failed}
        signal.setitimer(signal.ITIMER_PROF, COLLECTING_S)
        return {"ran": len(items)}


def collected(plugin: Collected, tests: Sequence[str], modules: Sequence[str]) -> str:
    """Collect tests and let the plugin's loop run; return what went wrong, or nothing."""
    for module in modules:
        importlib.import_module(module)  # some are loaded only when a test needs them, and that is after the fork
    status = pytest.main([*quiet(), *tests], plugins=[plugin])
    return "" if status == pytest.ExitCode.OK else f"pytest ended with status {int(status)} {plugin.failed}"
