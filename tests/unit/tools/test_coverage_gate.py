from __future__ import annotations

import json

import pytest

from tools import coverage_gate


def counts(lines, statements, branches, of):
    return {"covered_lines": lines, "num_statements": statements, "covered_branches": branches, "num_branches": of}


@pytest.fixture
def gate(tmp_path, monkeypatch, capsys):
    """Run the gate in a tree with these modules on disk and this measurement."""
    monkeypatch.chdir(tmp_path)

    def run(on_disk, measured, *, branch=True):
        for name in on_disk:
            path = tmp_path / "src/cvnpolicy" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        files = {f"src/cvnpolicy/{name}": {"summary": summary} for name, summary in measured.items()}
        report = tmp_path / "coverage.json"
        report.write_text(json.dumps({"meta": {"branch_coverage": branch}, "files": files}))
        status = coverage_gate.main([str(report)])
        return status, capsys.readouterr()

    return run


def test_exactly_the_minimum_is_enough(gate):
    status, output = gate(["core/a.py"], {"core/a.py": counts(95, 100, 19, 20)})
    assert status == 0
    assert output.out == "coverage: core     lines  95.00 %  branches  95.00 %  ok\n"


@pytest.mark.parametrize("summary", [counts(94, 100, 20, 20), counts(100, 100, 18, 20)])
def test_lines_and_branches_count_apart(gate, summary):
    status, output = gate(["core/a.py"], {"core/a.py": summary})
    assert status == 1
    assert "below 95 %" in output.out


def test_one_package_cannot_pay_for_another(gate):
    measured = {"core/a.py": counts(1000, 1000, 1000, 1000), "load/b.py": counts(9, 10, 10, 10)}
    status, output = gate(list(measured), measured)
    assert status == 1
    assert [line.split()[-1] for line in output.out.splitlines()] == ["ok", "%"]


def test_files_of_a_package_are_added_up(gate):
    measured = {
        "kinds/x/a.py": counts(100, 100, 0, 0),
        "kinds/y/b.py": counts(0, 5, 0, 0),
        "app/z.py": counts(0, 9, 0, 9),
    }
    status, output = gate(list(measured), measured)
    assert status == 0
    assert "kinds    lines  95.24 %  branches 100.00 %  ok" in output.out


def test_a_module_never_measured_is_an_error(gate):
    status, output = gate(["core/a.py", "core/new.py"], {"core/a.py": counts(1, 1, 0, 0)})
    assert status == 2
    assert "src/cvnpolicy/core/new.py: never measured" in output.err


def test_a_measurement_without_branches_is_refused(gate):
    status, output = gate(["core/a.py"], {"core/a.py": counts(1, 1, 0, 0)}, branch=False)
    assert status == 2
    assert "measured without branches" in output.err


def test_no_package_at_all_is_not_a_pass(gate):
    status, output = gate([], {})
    assert status == 2
    assert "none of core, load, engine, kinds, report" in output.err


@pytest.mark.parametrize("text", [None, "", "[]", '{"meta": {"branch_coverage": true}, "files": {"a": {}}}'])
def test_a_report_that_cannot_be_read_is_refused(tmp_path, capsys, text):
    report = tmp_path / "coverage.json"
    if text is not None:
        report.write_text(text)
    assert coverage_gate.main([str(report)]) == 2
    assert "not a coverage report" in capsys.readouterr().err


def test_usage(capsys):
    assert coverage_gate.main([]) == 2
    assert "Usage:" in capsys.readouterr().err
