from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tools import mutate
from tools.mutation.listed import GateError, read
from tools.mutation.mutants import compiled, mutants
from tools.mutation.sessions import limit_s
from tools.mutation.swapping import changed

TOOL = Path(mutate.__file__)

LIMITS = """
    LEAST = 5


    def enough(count):
        return count >= LEAST


    def many(count):
        return count > 100


    def halves(number):
        found = 0
        while number > 0:
            number -= 2
            found += 1
        return found
"""

TESTS = """
    from pkg.limits import enough, halves, many


    def test_enough():
        assert enough(5)
        assert not enough(4)


    def test_many():
        assert many(1000)
        assert not many(1)


    def test_halves():
        assert [halves(number) for number in (0, 1, 2, 3)] == [0, 1, 1, 2]
"""

TARGET = """
    [[target]]
    files = ["src/pkg/limits.py"]
    cases = ["tests/test_limits.py"]
"""


def changes(text, file="pkg/a.py"):
    return [(mutant.before, mutant.after) for mutant in mutants(file, dedent(text))]


@pytest.fixture
def tree(tmp_path):
    """A project of one module and one file of tests, some of them too weak."""

    def write(listed=TARGET, limits=LIMITS, tests=TESTS):
        files = {"src/pkg/limits.py": limits, "tests/test_limits.py": tests, "tools/mutants.toml": listed}
        for name, text in {**files, "src/pkg/__init__.py": "", "pytest.ini": "[pytest]\n"}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        return tmp_path

    return write


def run(root, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    command = [sys.executable, str(TOOL), "--root", str(root), "--workers", "2", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", [("a < b", "a <= b")]),
        ("a >= b", [("a >= b", "a > b")]),
        ("a == b", [("a == b", "a != b")]),
        ("a not in b", [("a not in b", "a in b")]),
        ("a is b", [("a is b", "a is not b")]),
        ("a <= b < c", [("a <= b < c", "a < b < c"), ("a <= b < c", "a <= b <= c")]),
        ("a > 5", [("a > 5", "a >= 5"), ("a > 5", "a > 6"), ("a > 5", "a > 4")]),
        ("a[1:]", [("a[1:]", "a[2:]"), ("a[1:]", "a[0:]")]),
        ("range(9)", [("range(9)", "range(10)"), ("range(9)", "range(8)")]),
        ("f(9)", []),
        ("a + b", [("a + b", "a - b")]),
        ("a + 'b'", []),
        ("a += 1", [("a += 1", "a -= 1")]),
        ("not a", [("not a", "a")]),
        ("x = a and b", [("a and b", "a or b"), ("a", "not a"), ("b", "not b")]),
        ("[a for a in b if a]", [("a", "not a")]),
        ("min(a)", [("min(a)", "max(a)")]),
        ("any(a)", [("any(a)", "all(a)")]),
        ("f(strict=True)", [("strict=True", "strict=False")]),
        ("zip(a, b, strict=True)", []),
        ("MOST = 3", [("MOST = 3", "MOST = 4"), ("MOST = 3", "MOST = 2")]),
        ("most = 3", []),
        ("a: list[1]", []),
        ("a: T[int, Field(ge=1)]", [("ge=1", "ge=2"), ("ge=1", "ge=0")]),
        ("if TYPE_CHECKING:\n    a = b < c", []),
    ],
)
def test_each_comparison_and_boundary_has_its_neighbours(text, expected):
    assert changes(text) == expected


def test_functions_and_defaults_and_results():
    text = """
        @dataclass(frozen=True)
        class Box:
            full: bool = False

            def has(self, *, twice=False) -> bool:
                return True
        """
    found = mutants("a.py", dedent(text))
    assert [(each.function, each.after, each.at_import) for each in found] == [
        ("Box", "full = True", True),
        ("Box.has", "twice=True", True),
        ("Box.has", "return False", False),
    ]


def test_a_mutant_keeps_its_name_when_lines_move():
    text = "def f(a):\n    return a < b or a < b\n"
    keys = [mutant.key for mutant in mutants("a.py", text)]
    assert keys == [mutant.key for mutant in mutants("a.py", f"# a comment\n\n{text}")]
    assert [key[-1] for key in keys if key[2] == "a < b"] == [1, 2]
    assert len(set(keys)) == len(keys)


def test_the_compiled_module_has_the_one_change():
    text = "def f(a):\n    return a > 5\n\n\ndef g(a):\n    return a > 5\n"
    for mutant in mutants("a.py", text):
        names: dict[str, object] = {}
        exec(compiled(text, mutant.index, "a.py"), names)  # noqa: S102 - this is the code above
        assert mutants("a.py", text)[mutant.index] == mutant
        swap = changed(compile(text, "a.py", "exec", dont_inherit=True), compiled(text, mutant.index, "a.py"))
        assert swap is not None
        assert swap[0].co_name == mutant.function


def test_an_endless_loop_is_slower_than_any_test_is():
    assert limit_s(0.0) == 3.0
    assert limit_s(10.0) == 200.0


def test_what_survives_fails(tree):
    done = run(tree())
    assert done.returncode == 1, done.stderr
    survived = [line for line in done.stdout.splitlines() if line.startswith("survived: ")]
    assert survived == [
        f"survived: src/pkg/limits.py:10:{column}: many: count > 100  ->  {after}"
        for column, after in ((12, "count >= 100"), (20, "count > 101"), (20, "count > 99"))
    ]
    row = next(line.split() for line in done.stdout.splitlines() if line.startswith("src/pkg "))
    assert row == ["src/pkg", "11", "7", "0", "1", "0", "3", "0"]


def test_an_accepted_survivor_passes_and_a_stale_entry_fails(tree):
    entry = '[[accepted]]\nfile = "src/pkg/limits.py"\nfunction = "{}"\nbefore = "{}"\nafter = "{}"\nreason = "why"\n'
    known = "".join(entry.format("many", "count > 100", f"count {after}") for after in (">= 100", "> 101", "> 99"))
    weak = tree(dedent(TARGET) + known)
    good = run(weak)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "0 survived, 0 stale entries" in good.stdout

    killed = entry.format("enough", "count >= LEAST", "count > LEAST")
    gone = entry.format("few", "count < 1", "count <= 1")
    (weak / "tools/mutants.toml").write_text(dedent(TARGET) + known + killed + gone)
    stale = run(weak)
    assert stale.returncode == 1
    assert [
        line.rpartition(": ")[0].rpartition(": ")[2] for line in stale.stdout.splitlines() if "stale: " in line
    ] == [
        "a test kills it now",
        "no such mutant",
    ]


def test_tests_that_fail_already_tell_nothing(tree):
    done = run(tree(tests=TESTS.replace("enough(4)", "enough(6)")))
    assert done.returncode == 2
    assert "tests/test_limits.py::test_enough" in done.stderr
    assert "fails without any mutant" in done.stderr


def test_only_what_changed_is_chosen(tree, capsys):
    root = tree()
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True, timeout=60)
    assert mutate.main(["--root", str(root), "--list", "--changed", "HEAD"]) == 0
    assert capsys.readouterr().out.strip() == "0 mutants"

    source = root / "src/pkg/limits.py"
    source.write_text(source.read_text().replace("> 100", "> 99"))
    assert mutate.main(["--root", str(root), "--list", "--changed", "HEAD"]) == 0
    assert [line.partition(": many: ")[2] for line in capsys.readouterr().out.splitlines()] == [
        "count > 99  ->  count >= 99",
        "count > 99  ->  count > 100",
        "count > 99  ->  count > 98",
        "",
    ]
    assert mutate.main(["--root", str(root), "--list", "--changed", "no-such-commit"]) == 2
    assert "no-such-commit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("src/pkg", 11), ("src/pkg/limits.py", 11), ("limits.py", 11), ("src/*", 11), ("other", None)],
)
def test_only_some_files(tree, capsys, pattern, count):
    status = mutate.main(["--root", str(tree()), "--list", "--only", pattern])
    output = capsys.readouterr()
    if count is None:
        assert status == 2
        assert "no mutant" in output.err
    else:
        assert output.out.splitlines()[-1] == f"{count} mutants"


@pytest.mark.parametrize(
    ("listed", "what"),
    [
        ("", "nothing would be tried"),
        ("[[targets]]", "unknown key 'targets'"),
        ("[[target]]\nfiles = ['a.py']", "needs files, and cases or units"),
        ("[[target]]\nfiles = 'a.py'\ncases = ['t']", "files is a list of texts"),
        ("[[target]]\nfiles = ['a.py']\ncases = ['t']\nwhy = 1", "unknown key 'why'"),
        ("[[accepted]]\nfile = 'a'\nfunction = 'f'\nbefore = 'a'\nafter = 'b'", "reason is missing"),
        ("[[accepted]]\nfile = 'a'\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = ' '", "reason is missing"),
        ("[[accepted]]\nfile = 'a'\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = 'c'\nnth = 0", "nth is"),
        ("[[", "cannot be read as TOML"),
    ],
)
def test_a_list_that_cannot_be_meant(tmp_path, listed, what):
    path = tmp_path / "mutants.toml"
    path.write_text(listed)
    with pytest.raises(GateError, match=what):
        read(path)


def test_an_entry_stands_there_once(tmp_path):
    entry = "[[accepted]]\nfile = 'a'\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = 'c'\n"
    path = tmp_path / "mutants.toml"
    path.write_text(dedent(TARGET) + entry + entry)
    with pytest.raises(GateError, match="accepted twice: a: f: a  ->  b"):
        read(path)


def test_a_pattern_without_a_file_is_an_error(tree, capsys):
    root = tree(TARGET.replace("limits.py", "limit.py"))
    assert mutate.main(["--root", str(root), "--list"]) == 2
    assert "no file matches src/pkg/limit.py" in capsys.readouterr().err


def test_the_list_of_this_project_names_mutants_that_exist():
    targets, accepted = read(mutate.ROOT / "tools/mutants.toml")
    known = {candidate.mutant.key for candidate in mutate.candidates(mutate.ROOT, targets)}
    assert [str(entry) for entry in accepted if entry.key not in known] == []
