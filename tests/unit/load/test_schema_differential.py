"""Schema and loader on more than a thousand documents: real ones, those of the kinds' cases, and what becomes of them.

Two rules hold. What the loader accepts the schema accepts, always: an editor is never wrong when it complains. What the
schema accepts and the loader refuses is in the list below, and all that is in the list occurs.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cvnpolicy.app.schema import schema
from cvnpolicy.core.errors import Problem
from cvnpolicy.load.document import load_document
from cvnpolicy.load.parse import parse
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from tests.support.golden import assert_golden
from tests.support.mutations import CLASSES
from tests.support.real_documents import documents, plain

REPOSITORY = Path(__file__).parents[3]
PAGE = REPOSITORY / "docs" / "how-to" / "editor.md"
MOST = 30
"""Documents of one class."""
MOST_WHOLE = 22
"""Of a class whose documents are loaded with all others, which takes longer."""
BROKEN = "invalid cases as they are"


@dataclass(frozen=True)
class OnlyLoader:
    """A class of mistakes that a JSON Schema cannot know, or could only tell badly."""

    name: str
    why: str
    says: str
    """What the loader says of it, as a regular expression."""


ONLY_THE_LOADER = (
    OnlyLoader(
        "a name that nothing defines",
        "It is defined in another document, in `cvnpolicy.yaml`, or elsewhere in the same document.",
        r"^there is no (baseline|contract|dataset|event|metric|policy|runbook) |^policy .* has no check ",
    ),
    OnlyLoader(
        "a name that is there already",
        "The other place is elsewhere in the document, or in another one.",
        r"is defined twice$|is named twice$|^the name .* is taken by ",
    ),
    OnlyLoader(
        "the grammar of a condition",
        "A pattern tells how a condition begins, not whether it goes on well.",
        r"^the condition |^unexpected |mixed with",
    ),
    OnlyLoader(
        "the unit of a condition",
        "It depends on the statistic, and on what the metric says in another document.",
        r" does not fit: the statistic | has no unit, but the statistic ",
    ),
    OnlyLoader(
        "limits that cannot be",
        "Whether a limit can be reached, and whether `crit_if` implies `warn_if`, follows from what the limits mean.",
        r" can never hold$|^crit_if .* can hold where | is the measure's reference, ",
    ),
    OnlyLoader(
        "what a statistic needs",
        "Each statistic has columns, arguments and samples of its own. A schema with a branch for each of them would "
        "answer with all branches that do not fit.",
        r"^'\w+' (compares two samples|does not go with|has no argument|has no axis|has one sample|measures no column|"
        r"takes one column|is about events|would be matched by itself|"
        r"needs (\d columns|exactly|columns|its columns|expect|match|total|params))|"
        r"^params ",
    ),
    OnlyLoader(
        "where a measure reads",
        "It is exactly one of several keys. A schema can only say that none of its forms fits.",
        r"one of dataset, event, metric|^a source (is|without) |^a \w+ reads a field |^a total counts one thing$|"
        r"^a metric knows its own column$",
    ),
    OnlyLoader(
        "a check whose conditions do not go together",
        "A check has one polarity. With a measure its conditions are texts, without one they are trees.",
        r"^the check has no condition$|^a check has one polarity$|^'\w+' needs a measure$|"
        r"^there is no measure to compare$|^a check with a measure tests a number$",
    ),
    OnlyLoader(
        "a cadence or window that does not fit",
        "It takes arithmetic: `for` is a multiple of `every`, and a history has a limit.",
        r" needs a cadence|not a multiple of every|instants of every|window of some length$|asks the same rows again",
    ),
    OnlyLoader(
        "groups that do not fit",
        "`groups` names the dimensions of `by`, and these exclude those of `where`.",
        r"^groups does not name|both a group and a filter$|^two dimensions are|needs a statistic of one column|"
        r"^there are no groups to count$",
    ),
    OnlyLoader(
        "an escalation that does not rise",
        "The severity to compare with is in another key.",
        r"^an escalation to ",
    ),
    OnlyLoader(
        "an exception without a reason",
        "One value of `on_unknown` needs `because`. A schema could only say that a key is missing, not what for.",
        r"needs a written reason$|^on_unknown: pass has no reason$|^because has nothing to explain$",
    ),
    OnlyLoader(
        "keys that exclude one another",
        "A schema can only say that a key is not allowed, and the reader would not learn which one to keep.",
        r" exclude one another$| has exactly one of | needs mode: advise$",
    ),
    OnlyLoader(
        "a question that asks nothing, or two things",
        "It is exactly one of several keys. A schema can only say that none of its forms fits.",
        r"^one question is needed|^one of each, any, first|^nothing is asked of the pieces$|^a claim is compared with |"
        r" is no answer for pieces that are missing$",
    ),
    OnlyLoader(
        "a pinned field whose parts do not go together",
        "`variable` and `phase` need one another, and `values` have the type that another key names.",
        r"^a variable needs a phase$|^a phase needs a variable$|^\S+ is no (?:bool|int|float|str)$",
    ),
    OnlyLoader(
        "a baseline that says nothing, or too much",
        "A written value stands alone, with its source; another one replaces something.",
        r"^a written value |^the baseline replaces nothing |is not positive$",
    ),
    OnlyLoader(
        "a tree whose nodes do not go together",
        "A node has one operator, and what a leaf needs depends on what it is about. Again no form would fit.",
        r"^a tree node needs |^the leaf |is not an outcome$",
    ),
    OnlyLoader(
        "a date that is not in the calendar", "A pattern does not know the months.", r"is not a date of the calendar$"
    ),
    OnlyLoader("a duration of more than 100 years", "A pattern does not multiply.", r"is longer than 100 years$"),
    OnlyLoader("`3.0` for a whole number", "To JSON Schema it is one.", r"is not a whole number$"),
    OnlyLoader(
        "a path in another form",
        "A pattern could refuse it, and would not say which of its seven mistakes it is.",
        r"^the path '",
    ),
    OnlyLoader(
        "a template that does not take its name once",
        "A pattern could refuse it, and not say why.",
        r"^the template has ",
    ),
    OnlyLoader(
        "keys that do not add up",
        "It takes arithmetic, and the names in another key.",
        r"^\d+ \+ \d+ \+ \d+ is \d+, not \d+$|^the model '\w+' has no parameters$|is not among models$",
    ),
    OnlyLoader("a range that is empty", "A schema does not compare two values.", r"^the range .* is empty$"),
)


@dataclass(frozen=True)
class Result:
    """What both say of one document."""

    of: str
    """The class of mutations."""
    text: str
    problems: tuple[Problem, ...]
    schema: bool

    @property
    def verdict(self) -> str:
        if self.problems:
            return "only the loader refuses" if self.schema else "both refuse"
        return "both accept" if self.schema else "only the schema refuses"


VALIDATOR = Draft202012Validator(schema("policy"))


def alone(text: str) -> tuple[Problem, ...]:
    """What the loader says of a document by itself."""
    (node,) = parse(text.encode(), "policy.yaml").documents
    return load_document(node).problems


class Together:
    """What the loader says of a document among all others of the repository."""

    def __init__(self, root: Path) -> None:
        self._root = root
        shutil.copy(REPOSITORY / "cvnpolicy.yaml", root)
        for folder in ("policies", "examples/cvntrade/documentation"):
            shutil.copytree(REPOSITORY / folder, root / folder)

    def __call__(self, file: Path, text: str) -> tuple[Problem, ...]:
        place = self._root / file.relative_to(REPOSITORY)
        place.write_text(text, encoding="utf-8")
        problems = load_policies(load(self._root / "cvnpolicy.yaml")).problems
        shutil.copy(file, place)
        return problems


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    valid, files, broken = documents()
    together = Together(tmp_path_factory.mktemp("repository"))
    found = [Result(BROKEN, text, alone(text), VALIDATOR.is_valid(plain(text))) for text in broken]
    for each in CLASSES:
        if each.whole:
            for index, text in each.texts(valid[: len(files)], MOST_WHOLE):
                found.append(Result(each.name, text, together(files[index], text), VALIDATOR.is_valid(plain(text))))
        else:
            for _, text in each.texts(valid, MOST):
                found.append(Result(each.name, text, alone(text), VALIDATOR.is_valid(plain(text))))
    return found


def counted(results: list[Result]) -> str:
    """A table: of each class how many documents, and what became of them."""
    verdicts = ("both accept", "both refuse", "only the loader refuses", "only the schema refuses")
    lines = [f"{'class':40}{'documents':>11}" + "".join(f"{verdict:>25}" for verdict in verdicts)]
    names = dict.fromkeys(each.of for each in results)
    for name in [*names, "all"]:
        found = [each.verdict for each in results if name in (each.of, "all")]
        numbers = "".join(f"{found.count(verdict):25}" for verdict in verdicts)
        lines.append(f"{name:40}{len(found):11}{numbers}")
    return "\n".join(lines)


def test_there_are_enough_documents_of_every_class(results) -> None:
    sys.stdout.write(counted(results))  # `pytest -rP` shows it
    classes = Counter(each.of for each in results)
    assert set(classes) == {each.name for each in CLASSES} | {BROKEN}
    assert min(classes.values()) >= 20, classes
    assert len(results) >= 1000
    assert Counter(each.verdict for each in results)["both accept"] >= 300
    assert len({each.text for each in results}) >= 0.95 * len(results)


def test_what_the_loader_accepts_the_schema_accepts(results) -> None:
    assert [each.text for each in results if each.verdict == "only the schema refuses"] == []


def test_what_changes_nothing_stays_valid(results) -> None:
    harmless = {each.name for each in CLASSES if each.harmless}
    assert [(each.text, each.problems) for each in results if each.of in harmless and each.problems] == []


def test_the_others_break_something(results) -> None:
    refused = Counter(each.of for each in results if each.problems)
    assert {each.name for each in CLASSES if not each.harmless} <= set(refused)


def test_what_only_the_loader_refuses_is_listed(results) -> None:
    occurring: set[str] = set()
    for each in results:
        if each.verdict == "only the loader refuses":
            for problem in each.problems:
                listed = [entry.name for entry in ONLY_THE_LOADER if re.search(entry.says, problem.what)]
                assert len(listed) == 1, f"{listed or 'not listed'}: {problem.what}"
                occurring.update(listed)
    assert occurring == {entry.name for entry in ONLY_THE_LOADER}, "listed, and no document shows it"


def test_the_same_documents_in_every_run() -> None:
    valid, _, _ = documents()
    assert [each.texts(valid, 5) for each in CLASSES] == [each.texts(valid, 5) for each in CLASSES]


def test_the_page_for_editors_has_the_list() -> None:
    page = PAGE.read_text("utf-8")
    head, begin, rest = page.partition("<!-- only the loader -->\n")
    _, end, tail = rest.partition("<!-- end -->\n")
    assert begin
    assert end
    rows = ["| mistake | why it is left to the loader |\n| --- | --- |\n"]
    rows += [f"| {entry.name} | {entry.why} |\n" for entry in ONLY_THE_LOADER]
    assert_golden(PAGE, "".join([head, begin, *rows, end, tail]))
