"""Running chosen tests in this process: once to see which lines they run, and then against each mutant."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tools.mutation.processes import foreign

COLLECTING_S = 30
"""CPU seconds in which the tests of a file are collected."""
LEAST_S, TIMES_SLOWER = 3.0, 20
"""A test that takes so many times as long as without a mutant, and at least LEAST_S, is taken for an endless loop."""
MEMORY = 3 * 2**30
"""Bytes of data that a process may have: a mutant can collect without end."""


@dataclass(frozen=True, slots=True)
class Session:
    """Tests of one file, in the order in which to run them, each with its usual seconds."""

    file: str
    seconds: Mapping[str, float]


def attempt(sessions: Sequence[Session], scratch: Path) -> dict[str, object]:
    """Run sessions until a test fails; return its name as ``killed``, or how many ``ran``, or what is ``broken``."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch)
    ran = 0
    for session in sessions:
        # The default answer to this timer's signal ends the process: no loop can catch it.
        signal.setitimer(signal.ITIMER_PROF, COLLECTING_S)
        plugin = _Selected(session)
        status = pytest.main([*quiet(), "-x", session.file], plugins=[plugin])
        ran += plugin.ran
        if plugin.failed and status in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
            return {"killed": plugin.failed}
        if status != pytest.ExitCode.OK:
            return {"broken": f"{session.file}: pytest ended with status {int(status)}"}
    return {"ran": ran}


def measure(tests: str, files: Sequence[str], root: Path, scratch: Path) -> dict[str, object]:
    """Run tests without a mutant; return their seconds, and of each file and line the tests that ran it.

    The empty name stands for what ran outside of tests.
    """
    import coverage

    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(scratch)
    measuring = coverage.Coverage(data_file=None, config_file=False, include=[str(root / file) for file in files])
    plugin = _Measuring(measuring.switch_context)
    measuring.start()
    status = pytest.main([*quiet(), tests], plugins=[plugin])
    measuring.stop()
    data = measuring.get_data()
    failed = "" if status == pytest.ExitCode.OK else f"{tests}: pytest ended with status {int(status)}"
    return {
        "seconds": plugin.seconds,
        "lines": {file: data.contexts_by_lineno(str(root / file)) for file in files},
        "modules": foreign(root),
        "failed": plugin.failed or failed,
    }


def quiet() -> list[str]:
    """Return the arguments that every run of pytest here has."""
    off = ["-p", "no:cacheprovider", "-p", "no:faulthandler", "-o", "tmp_path_retention_policy=none"]
    return ["-qq", "-s", "--tb=line", "--no-header", "--no-summary", f"--rootdir={Path.cwd()}", *off]


def limit_s(usual: float) -> float:
    """Return after how many seconds of CPU time a test is in an endless loop."""
    return max(LEAST_S, TIMES_SLOWER * usual)


class Failures:
    """A pytest plugin: remembers the first that failed."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


class _Selected(Failures):
    """Runs the tests of a session and no others."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.ran = 0
        self._seconds = session.seconds
        self._order = {name: position for position, name in enumerate(session.seconds)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        missing = {_function(name) for name in self._order.keys() - {item.nodeid for item in items}}
        # A mutant can rename a parameter; then all parameters of that function are tried.
        chosen = [item for item in items if item.nodeid in self._order or _function(item.nodeid) in missing]
        items[:] = sorted(chosen, key=lambda item: self._order.get(item.nodeid, len(self._order)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.ran += 1
        signal.setitimer(signal.ITIMER_PROF, limit_s(self._seconds.get(item.nodeid, 0.0)))
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, COLLECTING_S)


def _function(name: str) -> str:
    return name.partition("[")[0]


class _Measuring(Failures):
    """Tells coverage which test runs."""

    def __init__(self, switch: Callable[[str], object]) -> None:
        super().__init__()
        self.seconds: dict[str, float] = {}
        self._switch = switch

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._switch(item.nodeid)
        start = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - start
            self._switch("")


def replace_module(name: str, path: Path, code: CodeType) -> None:
    """Let the next import of a module run this code, under the module's own name and file."""
    sys.meta_path.insert(0, _Finder(name, path, code))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name = name
        self._loader = _Loader(name, path, code)

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._loader.path, loader=self._loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        super().__init__(name, str(path))
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        if fullname != self.name:
            raise ImportError(f"this loader has {self.name}, not {fullname}")
        return self._code
