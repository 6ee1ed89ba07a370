from __future__ import annotations

import pytest

from tools import skips

JUNIT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest">
  <testcase classname="tests.unit.test_a" name="test_passes[x-1]" file="tests/unit/test_a.py" line="3"/>
  <testcase classname="tests.unit.test_a.TestB" name="test_skipped" file="tests/unit/test_a.py" line="9">
    <skipped type="pytest.skip" message="no links here">…</skipped></testcase>
  <testcase classname="tests.unit.test_a" name="test_expected" file="tests/unit/test_a.py" line="12">
    <skipped type="pytest.xfail" message=""/></testcase>
  <testcase classname="" name="tests.unit.test_whole_module"><skipped message="could not import 'x'"/></testcase>
</testsuite></testsuites>
"""

ALL = """
[[skip]]
test = "tests/unit/test_a.py::TestB::*"
message = "no links*"
reason = "the runner has none"
[[skip]]
test = "tests/unit/test_a.py::test_expected"
reason = "issue 7"
[[skip]]
test = "tests.unit.test_whole_module"
reason = "x is optional"
"""


@pytest.fixture
def gate(tmp_path, capsys):
    def run(junit, listed):
        results, entries = tmp_path / "junit.xml", tmp_path / "skips.toml"
        results.write_text(junit, encoding="utf-8")
        entries.write_text(listed, encoding="utf-8")
        status = skips.main([str(results), str(entries)])
        return status, capsys.readouterr()

    return run


def test_skips_that_are_listed_pass(gate):
    status, output = gate(JUNIT, ALL)
    assert (status, output.err) == (0, "")
    assert output.out == "skips: 4 tests, 3 skipped, 0 problems\n"


def test_every_unlisted_skip_is_named(gate):
    status, output = gate(JUNIT, "")
    assert status == 1
    assert output.err.splitlines() == [
        "skips: tests.unit.test_whole_module: skipped, not listed: could not import 'x'",
        "skips: tests/unit/test_a.py::TestB::test_skipped: skipped, not listed: no links here",
        "skips: tests/unit/test_a.py::test_expected: skipped, not listed: ",
    ]


def test_an_entry_covers_only_its_own_message(gate):
    status, output = gate(JUNIT, ALL.replace("no links*", "another reason"))
    assert status == 1
    assert "TestB::test_skipped: skipped, not listed" in output.err


def test_an_entry_for_no_test_is_stale(gate):
    status, output = gate(JUNIT, ALL + '[[skip]]\ntest = "tests/gone.py::*"\nreason = "was slow"\n')
    assert status == 1
    assert "tests/gone.py::*: listed, but no test has that name" in output.err


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ('[[skip]]\ntest = "*"\n', "entry 1: reason is missing"),
        ('[[skip]]\ntest = "*"\nreason = " "\n', "entry 1: reason is missing"),
        ('[[skip]]\nreason = "r"\n', "entry 1: test is missing"),
        ('[[skip]]\ntest = "*"\nreason = "r"\nuntil = "May"\n', "entry 1: unknown key 'until'"),
        ('[[skips]]\ntest = "*"\n', "unknown key 'skips'"),
        ("[[skip", "cannot be read as TOML"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused(gate, listed, said):
    status, output = gate(JUNIT, listed)
    assert status == 2
    assert said in output.err


@pytest.mark.parametrize(
    ("junit", "said"), [("<testsuites/>", "no test in it"), ("<testsuites>", "cannot be read as JUnit XML")]
)
def test_a_run_without_tests_proves_nothing(gate, junit, said):
    status, output = gate(junit, "")
    assert status == 2
    assert said in output.err


def test_a_missing_file_is_not_a_pass(tmp_path, capsys):
    assert skips.main([str(tmp_path / "none.xml"), str(tmp_path / "none.toml")]) == 2
    assert "run `make test` first" in capsys.readouterr().err


def test_usage(capsys):
    assert skips.main([]) == 2
    assert "Usage:" in capsys.readouterr().err
