from __future__ import annotations

import os
from pathlib import Path

import pytest

from cvnpolicy.core.errors import InvalidInputError, UsageError
from cvnpolicy.load.project import FILE, below_git, find, load
from tests.support.tree import write_tree


def problems(root: Path, text: str | bytes) -> list[str]:
    write_tree(root, {"cvnpolicy.yaml": text})
    with pytest.raises(InvalidInputError) as raised:
        load(root / "cvnpolicy.yaml")
    assert raised.value.exit_code == 3
    return [str(problem) for problem in raised.value.problems]


def test_it_is_found_upward(tmp_path):
    root = write_tree(tmp_path, {"cvnpolicy.yaml": "{}\n", "a/b/c.txt": ""})
    assert find(root / "a" / "b") == root.resolve() / "cvnpolicy.yaml"
    assert find(root) == root.resolve() / "cvnpolicy.yaml"


def test_the_nearest_one_counts(tmp_path):
    root = write_tree(tmp_path, {"cvnpolicy.yaml": "{}\n", "a/cvnpolicy.yaml": "{}\n", "a/b/c.txt": ""})
    assert find(root / "a" / "b") == root.resolve() / "a" / "cvnpolicy.yaml"


def test_a_folder_of_that_name_is_none(tmp_path):
    root = write_tree(tmp_path, {"cvnpolicy.yaml": "{}\n", "a/cvnpolicy.yaml/x": ""})
    assert find(root / "a") == root.resolve() / "cvnpolicy.yaml"


def test_without_one_it_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="here or in a folder above: create one, or name it with"):
        find(tmp_path)
    with pytest.raises(UsageError, match="there is no such file"):
        load(tmp_path / "cvnpolicy.yaml")


def test_paths_start_at_its_folder(tmp_path):
    text = "repository: tree\npolicies: rules/p\ndata_root: data\n"
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": text}) / "cvnpolicy.yaml")
    root = tmp_path.resolve()
    assert (project.root, project.repository) == (root, root / "tree")
    assert (project.policies, project.configuration.data_root) == (root / "rules/p", "data")


def test_it_may_have_another_name(tmp_path):
    project = load(write_tree(tmp_path, {"other.yaml": "policies: p\n"}) / "other.yaml")
    assert project.policies == tmp_path.resolve() / "p"


@pytest.mark.parametrize("key", ["repository", "policies", "data_root"])
@pytest.mark.parametrize("path", ["..", "../x", "/etc", "a/../../b"])
def test_no_path_leads_out_of_its_folder(tmp_path, key, path):
    (problem,) = problems(tmp_path, f"sets: {{a: [x]}}\n{key}: {path}\n")
    assert problem.startswith("cvnpolicy.yaml:2:")
    assert f"{key}: '{path}' leads out of the folder of cvnpolicy.yaml" in problem


def test_nor_does_a_link(tmp_path):
    (tmp_path / "outside").mkdir()
    root = write_tree(tmp_path / "in", {"cvnpolicy.yaml": "policies: linked\n"})
    (root / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    with pytest.raises(InvalidInputError, match="leads out of the folder"):
        load(root / "cvnpolicy.yaml")


def test_a_path_that_goes_up_and_down_again_stays_inside(tmp_path):
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": "policies: a/../b\n"}) / "cvnpolicy.yaml")
    assert project.policies.resolve() == tmp_path.resolve() / "b"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("polices: p\n", "cvnpolicy.yaml:1:1: unknown key 'polices': did you mean 'policies'?"),
        ("policies: p\npolicies: q\n", "cvnpolicy.yaml:2:1: "),
        ("policies: [p]\n", "cvnpolicy.yaml:1:1: expected text"),
        ("policies: ''\n", "cvnpolicy.yaml:1:11: "),
        ("- a\n", "cvnpolicy.yaml:1:1: "),
        ("a: &x 1\nb: *x\n", "cvnpolicy.yaml:1:4: "),
        ("{}\n---\n{}\n", "cvnpolicy.yaml:1:1: 2 documents: write exactly one"),
        ("", "cvnpolicy.yaml:1:1: "),
        (b"\xff\xfe\x00", "cvnpolicy.yaml:"),
        ("environments: {default: {x: {type: cvs, path: a}}}\n", "cvnpolicy.yaml:1:"),
        ("sets: {a: []}\n", "cvnpolicy.yaml:1:"),
    ],
)
def test_every_mistake_has_its_place(tmp_path, text, says):
    found = problems(tmp_path, text)
    assert found[0].startswith(says)


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems(tmp_path, "polices: p\nsets: {a: []}\nenvironments: {default: {x: {type: csv}}}\n")
    assert [problem.split(":")[1] for problem in found] == ["1", "2", "3"]


def test_the_bindings_of_an_environment(tmp_path):
    text = "environments: {default: {a: {type: csv, path: a.csv}}, prod: {}}\n"
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": text}) / "cvnpolicy.yaml")
    assert list(project.datasets("default")) == ["a"]
    assert project.datasets("prod") == {}
    with pytest.raises(UsageError, match="there is no environment 'prdo': did you mean 'prod'"):
        project.datasets("prdo")


def test_without_environments_the_error_shows_how_to_add_one(tmp_path):
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": "{}\n"}) / "cvnpolicy.yaml")
    with pytest.raises(UsageError, match="declares no environments: add environments"):
        project.datasets("default")


def test_a_part_of_it_can_be_pointed_at(tmp_path):
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": "sets:\n  a: [x, y]\n"}) / "cvnpolicy.yaml")
    assert (project.locate(("sets", "a", 1)).line, project.locate(("sets", "a", 1)).column) == (2, 10)
    assert project.locate(("environments",)).line == 1  # not written: the nearest part above


def test_a_configuration_that_cannot_be_read(tmp_path):
    (problem,) = problems(tmp_path, "# " + "x" * (1024 * 1024))
    assert "larger than 1 MiB" in problem
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(InvalidInputError, match="a folder, not a file"):
        load(folder)


@pytest.mark.parametrize("path", ["../x.csv", "/etc/x.csv", "a/../../b.csv", "C:\\x.csv", "..\\x.csv"])
def test_no_binding_leads_out_of_data_root(tmp_path, path):
    text = f"environments:\n  default:\n    data: {{type: csv, path: '{path}'}}\n"
    (problem,) = problems(tmp_path, text)
    assert problem == f"cvnpolicy.yaml:3:29: path: '{path}' leads out of data_root: name a path below it"


# --- environments that are like another one

ALIKE = """\
data_root: data
environments:
  default:
    a: {type: csv, path: a.csv}
"""


def alike(**environments: str) -> str:
    return ALIKE + "".join(f"  {name}: {{{text}}}\n" for name, text in environments.items())


def test_an_environment_like_another_is_read_below_its_own_root(tmp_path):
    text = alike(staging="like: default, data_root: ./far/../near", same="like: default")
    project = load(write_tree(tmp_path, {"cvnpolicy.yaml": text}) / "cvnpolicy.yaml")
    assert project.datasets("staging") == project.datasets("same") == project.datasets("default") != {}
    roots = [project.data_root(name).resolve().name for name in ("default", "staging", "same")]
    assert roots == ["data", "near", "data"]
    for ask in (project.datasets, project.data_root):
        with pytest.raises(UsageError, match="there is no environment 'stagin': did you mean 'staging'"):
            ask("stagin")


@pytest.mark.parametrize(
    ("like", "says"),
    [
        ("defualt", "there is no environment 'defualt': did you mean 'default'?"),
        ("nothing-near", "there is no environment 'nothing-near': expected one of default"),
        ("staging", "environment 'staging' binds nothing itself: it is like another: write like: default"),
        ("lost", "environment 'lost' binds nothing itself: it is like another: expected one of default"),
        ("x", "environment 'x' is like itself: expected one of default"),
    ],
)
def test_it_is_like_one_that_has_bindings_itself(tmp_path, like, says):
    # In front of what it names, and behind it: the order means nothing.
    found = problems(tmp_path, alike(x=f"like: {like}", staging="like: default", lost="like: gone"))
    assert found[0] == f"cvnpolicy.yaml:5:13: {says}"
    assert found[1:] == ["cvnpolicy.yaml:7:16: there is no environment 'gone': expected one of default"]


def test_alike_and_nothing_else(tmp_path):
    text = "environments: {a: {like: b}, b: {like: a}}\n"
    what = "binds nothing itself: it is like another: bind the names in one environment"
    assert problems(tmp_path, text) == [
        f"cvnpolicy.yaml:1:26: environment 'b' {what}",
        f"cvnpolicy.yaml:1:40: environment 'a' {what}",
    ]


@pytest.mark.parametrize("path", ["..", "../x", "/etc", "a/../../b", "a/b/../../../c"])
def test_its_root_does_not_lead_out_of_the_folder(tmp_path, path):
    (problem,) = problems(tmp_path, alike(staging=f"like: default, data_root: {path}"))
    says = f"data_root: '{path}' leads out of the folder of cvnpolicy.yaml: name a folder below it"
    assert problem == f"cvnpolicy.yaml:5:39: {says}"


@pytest.mark.parametrize("path", ["linked", "linked/deeper", "in/../linked", "chain"])
def test_nor_does_a_link_in_it(tmp_path, path):
    (tmp_path / "outside" / "deeper").mkdir(parents=True)
    root = write_tree(tmp_path / "in", {"cvnpolicy.yaml": alike(staging=f"like: default, data_root: {path}")})
    (root / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "chain").symlink_to("linked", target_is_directory=True)
    with pytest.raises(InvalidInputError, match=rf"data_root: '{path}' leads out of the folder"):
        load(root / "cvnpolicy.yaml")


def test_a_link_in_it_that_stays_inside_is_followed(tmp_path):
    root = write_tree(tmp_path, {"cvnpolicy.yaml": alike(week="like: default, data_root: latest"), "w23/a.csv": "x\n"})
    (root / "latest").symlink_to("w23", target_is_directory=True)
    assert load(root / "cvnpolicy.yaml").data_root("week").resolve() == (root / "w23").resolve()


def test_bad_roots_and_bad_names_are_told_together(tmp_path):
    text = alike(a="like: default, data_root: /etc", b="like: nobody, data_root: ..", c="like: default")
    assert [problem.split(": ")[0] for problem in problems(tmp_path, text)] == [
        "cvnpolicy.yaml:5:33",
        "cvnpolicy.yaml:6:13",
        "cvnpolicy.yaml:6:32",
    ]


def test_a_binding_that_leads_out_is_told_where_it_stands(tmp_path):
    text = alike(staging="like: default, data_root: staging").replace("a.csv", "../a.csv")
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("cvnpolicy.yaml:4:26: path: '../a.csv' leads out of data_root")


def test_very_many_environments_are_looked_at_in_no_time(tmp_path):
    many = "".join(f"  e{number}: {{like: e{number + 1}}}\n" for number in range(3_000))
    found = problems(tmp_path, ALIKE + many)
    assert len(found) == 3_000


# --- what stands in for a configuration, and where the folder is below the top of its repository


@pytest.mark.parametrize("what", ["broken link", "pipe"])
def test_something_else_of_that_name_does_not_hand_over_to_a_file_above(tmp_path, what):
    root = write_tree(tmp_path, {"cvnpolicy.yaml": "{}\n", "a/b.txt": ""}).resolve()
    if what == "pipe":
        os.mkfifo(root / "a" / "cvnpolicy.yaml")
    else:
        (root / "a" / "cvnpolicy.yaml").symlink_to("nowhere.yaml")
    assert find(root / "a") == root / "a" / "cvnpolicy.yaml"
    expected = "not an ordinary file but a pipe" if what == "pipe" else "there is no such file"
    with pytest.raises((InvalidInputError, UsageError), match=expected):
        load(root / "a" / "cvnpolicy.yaml")


def test_a_link_to_itself_is_no_configuration(tmp_path):
    (tmp_path / "cvnpolicy.yaml").symlink_to("cvnpolicy.yaml")
    with pytest.raises(UsageError, match="there is no such file"):
        load(tmp_path / "cvnpolicy.yaml")


@pytest.mark.parametrize(
    ("files", "folder", "below"),
    [
        ({".git/HEAD": ""}, ".", ""),
        ({".git/HEAD": ""}, "a", "a/"),
        ({".git/HEAD": ""}, "a/b c", "a/b c/"),
        ({".git": "gitdir: elsewhere\n"}, "a", "a/"),  # a worktree
        ({".git/HEAD": "", "a/.git": "gitdir: ../.git/modules/a\n"}, "a/b c", "b c/"),  # a submodule
        ({".git/HEAD": "", "a/.git": ""}, "a", ""),
        ({}, "a", ""),
    ],
)
def test_where_a_folder_is_below_the_top_of_its_repository(tmp_path, files, folder, below):
    root = write_tree(tmp_path, {"a/b c/x": "", **files})
    assert below_git(root / folder) == below


def test_a_link_to_a_folder_counts_where_it_leads(tmp_path):
    root = write_tree(tmp_path, {".git/HEAD": "", "a/b/x": ""})
    (root / "c").symlink_to("a/b", target_is_directory=True)
    assert below_git(root / "c") == "a/b/"


def test_a_configuration_that_is_a_link_stays_below_its_folder(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    here = tmp_path / "here"
    for folder in (elsewhere, here / "..data"):
        folder.mkdir(parents=True)
        (folder / FILE).write_text("policies: policies\n", encoding="utf-8")
    (here / FILE).symlink_to(elsewhere / FILE)
    with pytest.raises(InvalidInputError, match="is a link that leads out of its folder: put the file itself there"):
        load(find(here))
    (here / FILE).unlink()
    (here / FILE).symlink_to(Path("..data", FILE))  # as mounted configurations are
    assert load(find(here)).root == here / "..data"


def test_the_search_ends_at_the_top_of_the_git_repository(tmp_path):
    write_tree(tmp_path, {FILE: "{}\n", "other/.git/HEAD": "", "other/sub/x": "", "worktree/.git": "gitdir: /x\n"})
    for folder in ("other", "other/sub", "worktree"):
        with pytest.raises(UsageError, match="up to the top of the git repository: create one"):
            find(tmp_path / folder)
    (tmp_path / "other" / FILE).write_text("{}\n", encoding="utf-8")
    assert find(tmp_path / "other" / "sub") == (tmp_path / "other").resolve() / FILE
