"""Requirement files: every form that pip has, read the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from cvnpolicy.dependencies.requirements import MOST_FILES, Declared, Refusal, declared, environment
from tests.support.process import run_python

LINUX = environment("3.11", "linux")


def read(files: dict[str, str], name: str = "requirements.txt", markers: dict[str, str] = LINUX) -> Declared:
    return declared(name, lambda path: files.get(path, Refusal("the path does not exist")), markers)


LINES = [
    ("numpy", {"numpy"}),
    ("numpy==2.0  # why", {"numpy"}),
    ("  Scikit_Learn >= 1.7 ", {"scikit-learn"}),
    ("pandas[parquet,excel]>=2", {"pandas"}),
    ("zope.interface", {"zope-interface"}),
    ("numpy>=2 \\\n  ,<3", {"numpy"}),
    ("numpy \\\n    --hash=sha256:abc \\\n    --hash=sha256:def", {"numpy"}),
    ("numpy --config-settings=a=b", {"numpy"}),
    ("mlflow @ https://example.org/mlflow-2.0-py3-none-any.whl", {"mlflow"}),
    ("git+https://user:secret@example.org/x.git#egg=our_lib", {"our-lib"}),
    ("-e git+https://example.org/x.git#egg=our-lib&subdirectory=py", {"our-lib"}),
    ("https://example.org/files/torch-2.1.0-cp311-cp311-linux_x86_64.whl", {"torch"}),
    ("./wheels/torch-2.1.0-cp311-cp311-linux_x86_64.whl", {"torch"}),
    ("--pre\n--no-binary :all:\nnumpy", {"numpy"}),
    ("# numpy\n\n   # pandas", set()),
    ("# a comment is not continued \\\nnumpy", {"numpy"}),
    ("numpy#egg", set()),
    ("numpy \\", {"numpy"}),
    ("", set()),
]


@pytest.mark.parametrize(("text", "names"), LINES, ids=[text[:40] for text, _ in LINES])
def test_a_line_declares(text: str, names: set[str]) -> None:
    assert read({"requirements.txt": text}).names == names


MARKERS = [
    ('python_version < "3.11"', "3.11", "linux", False),
    ('python_version <= "3.11"', "3.11", "linux", True),
    ('python_version >= "3.9"', "3.11", "linux", True),
    ('sys_platform == "win32"', "3.11", "linux", False),
    ('sys_platform == "win32"', "3.11", "win32", True),
    ('platform_system == "Darwin" or os_name == "nt"', "3.11", "darwin", True),
    ('extra == "tests"', "3.11", "linux", False),
    ('python_version < "3.9" or sys_platform == "linux"', "3.14", "linux", True),
]


@pytest.mark.parametrize(("marker", "python", "platform", "holds"), MARKERS)
def test_a_marker_is_read_for_the_policys_python(marker: str, python: str, platform: str, holds: bool) -> None:
    found = read({"requirements.txt": f"tomli; {marker}"}, markers=environment(python, platform))
    assert (found.names == {"tomli"}, "tomli" in found.elsewhere) == (holds, not holds)


def test_what_is_included_is_declared_too() -> None:
    found = read({
        "air/requirements.txt": "-r ../base.txt\n--requirement=extra.txt\n-rmore/x.txt\npandas",
        "base.txt": "numpy",
        "air/extra.txt": "scipy",
        "air/more/x.txt": "-r ../../base.txt\npolars",
    }, "air/requirements.txt")  # fmt: skip
    assert (found.names, found.troubles) == ({"numpy", "scipy", "pandas", "polars"}, [])


def test_a_constraint_declares_nothing() -> None:
    found = read({"requirements.txt": "-c c.txt\npandas", "c.txt": "numpy==2\n-r d.txt", "d.txt": "scipy==1"})
    assert (found.names, found.constrained) == ({"pandas"}, {"numpy", "scipy"})


def test_a_file_that_is_both_counts_as_both() -> None:
    found = read({"requirements.txt": "-c x.txt\n-r x.txt", "x.txt": "numpy"})
    assert (found.names, found.constrained) == ({"numpy"}, {"numpy"})


def test_circles_end() -> None:
    found = read({"requirements.txt": "-r a.txt\n-r requirements.txt", "a.txt": "-r requirements.txt\nnumpy"})
    assert (found.names, found.troubles) == ({"numpy"}, [])


TROUBLES = [
    ("-r gone.txt", "gone.txt: the path does not exist", 1, True),
    ("numpy\n-r ../outside.txt", "a file outside of the repository is included", 2, True),
    ("-r /etc/passwd", "a file outside of the repository is included", 1, True),
    ("-r https://example.org/r.txt", "a file outside of the repository is included", 1, True),
    ("\n\n!!", "the line is no requirement", 3, True),
    ("numpy ==", "the line is no requirement", 1, True),
    ("numpy; python_version <", "the line is no requirement", 1, True),
    ("https://user:secret@example.org/archive", "an address or a path does not say which distribution it is", 1, False),
    ('a; sys_platform ~= "linux"', "the environment marker cannot be evaluated", 1, True),
    ('a; python_version ~= "abc"', "the environment marker cannot be evaluated", 1, True),
    ('a; "b" in extras', "the environment marker cannot be evaluated", 1, True),
    ("-e .", "an address or a path does not say which distribution it is", 1, False),
    ("./lib", "an address or a path does not say which distribution it is", 1, False),
    ("x" * 5_000, "the line has more than 4000 characters", 1, True),
]


@pytest.mark.parametrize(("text", "says", "line", "blocks"), TROUBLES, ids=[says for _, says, _, _ in TROUBLES])
def test_what_is_wrong_is_told_at_its_line(text: str, says: str, line: int, blocks: bool) -> None:
    (one,) = read({"requirements.txt": text}).troubles
    assert (one.file, one.line, one.what, one.blocks) == ("requirements.txt", line, says, blocks)
    assert "secret" not in one.what + one.right


def test_files_and_lines_are_bounded() -> None:
    many = {"requirements.txt": "-r 0.txt"} | {f"{n}.txt": f"-r {n + 1}.txt" for n in range(2 * MOST_FILES)}
    assert read(many).troubles[-1].what == f"more than {MOST_FILES} files are included"
    assert read({"requirements.txt": "numpy\n" * 30_000}).troubles[-1].what == "more than 20000 lines"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    found = read({"requirements.txt": text})
    assert all(canonicalize_name(name) == name for name in found.names)


PIP = [
    "numpy\npandas>=2\n",
    "-r other.txt\nscipy # x\n",
    "-c other.txt\nscipy\n",
    "Django[argon2]==4.2 ; python_version >= '3.8'\n",
    "a.b_c==1 \\\n --hash=sha256:" + "0" * 64 + "\n",
    "x @ file:///tmp/x-1.0-py3-none-any.whl\n",
    "--no-binary :all:\nhttpx\n",
    "# only a comment\n",
    "urllib3<2 # a\n\n\n  certifi\n",
    "-e git+https://example.org/y.git#egg=y\n",
    "z~=1.4.2; sys_platform == 'linux'\n",
    "colorama; sys_platform == 'win32'\n",
]


# Run apart: pip's own modules warn when they are imported as a library.
_PARSE = """
import json, sys
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement as made
from pip._internal.req.req_file import parse_requirements
found = [(made(one), one.constraint) for one in parse_requirements(sys.argv[1], session=PipSession())]
print(json.dumps([[one.name, one.match_markers(), constraint] for one, constraint in found]))
"""


@pytest.mark.parametrize("text", PIP)
def test_it_reads_what_pip_reads(text: str, tmp_path: Path) -> None:
    """The differential: pip's own parser, as installed here, sees the same distributions."""
    (tmp_path / "requirements.txt").write_text(text)
    (tmp_path / "other.txt").write_text("certifi\nidna==3\n")
    done = run_python("-W", "ignore", "-c", _PARSE, str(tmp_path / "requirements.txt"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    theirs, limits = set(), set()
    for name, holds, constraint in json.loads(done.stdout):
        if constraint:
            limits.add(canonicalize_name(name))
        elif holds:
            theirs.add(canonicalize_name(name))
    ours = read({"requirements.txt": text, "other.txt": "certifi\nidna==3\n"})
    assert (ours.names, ours.constrained) == (theirs, limits)
