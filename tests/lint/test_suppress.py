"""Comments that silence: with a reason, until a day, and only ours."""

from __future__ import annotations

import pytest

from cvnpolicy.core.rules import LintRule
from tests.support.linting import linted

GOOD = "# cvnpolicy: ignore[CVN501] seeded in S18"


def told(code: str, *, forbidden: bool = False) -> list[tuple[str, bool]]:
    """Each finding's rule, and whether it is silenced."""
    return [(one.rule, one.silenced is not None) for one in linted(code, forbidden=forbidden)]


@pytest.mark.parametrize(
    "code",
    [
        f"gamma = 0.5  {GOOD}\n",
        f"{GOOD}\ngamma = 0.5\n",
        f"gamma = 0.5  {GOOD} until 2026-06-02\n",
        f"gamma = 0.5  # type: ignore  {GOOD}\n",
        f"gamma = 0.5  #{GOOD}\n",
        f"{GOOD}\n# and another one\ngamma = 0.5\n",
        f"fit(\n    gamma=0.5,  {GOOD}\n)\n",
    ],
)
def test_a_good_one_silences(code: str) -> None:
    assert told(code) == [("CVN501", True)]


def test_the_reason_is_kept() -> None:
    (one,) = linted(f"gamma = 0.5  {GOOD} until 2026-06-02\n")
    assert one.silenced is not None
    assert one.silenced.reason == "seeded in S18"


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# cvnpolicy: ignore[CVN501]", "gives no reason"),
        ("# cvnpolicy: ignore[CVN777] because", "there is no rule CVN777"),
        (f"# cvnpolicy: ignore[{'A' * 20}B] because", f"there is no rule {'A' * 20}:"),
        ("# cvnpolicy: ignore[] because", "names no rule"),
        ("# cvnpolicy: ignore CVN501 because", "is malformed"),
        ("# cvnpolicy ignore", None),
        ("# cvnpolicy ignore[CVN501] because", "is malformed"),
        ("# cvn-policy: ignore[CVN501] because", "is malformed"),
        ("# cvnpolicy: ignore[CVN501] stump until 2027-01-01T00:00:00Z", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] stump until 2027-01-01.", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] stump until: 2027-01-01", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] stump UNTIL 2027-01-01", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] until 2027-01-01 a stump", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] stump until 2027-1-1", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] valid until further notice", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] a until 2026-01-01 until 2027-01-01", "the end of the comment cannot be read"),
        ("# cvnpolicy: ignore[CVN501] .", "gives no reason"),
        ("# cvnpolicy: ignore[CVN501] # noqa", "gives no reason"),
        ("# cvnpolicy: ignore[CVN501] \u200b", "gives no reason"),
        ("# cvnpolicy: ignore[CVN501] until 2027-01-01", "gives no reason"),
        ("# cvnpolicy: ignore[CVN501] because until 2026-06-01", "ended on 2026-06-01"),
        ("# cvnpolicy: ignore[CVN501] because until 2026-02-30", "is not a date"),
        ("# CVNPOLICY: ignore[CVN501] because", "is malformed"),
    ],
)
def test_a_bad_one_silences_nothing_and_is_told(comment: str, said: str | None) -> None:
    found = linted(f"gamma = 0.5  {comment}\n")
    assert "CVN501" in [one.rule for one in found if one.silenced is None]
    messages = [one.message for one in found if one.rule == LintRule.SUPPRESSION]
    assert (said is None and not messages) or (said is not None and said in messages[0])


@pytest.mark.parametrize("code", [f"x = 1  {GOOD}\n", "gamma = 0.5  # cvnpolicy: ignore[CVN502] wrong rule\n"])
def test_one_that_silences_nothing_is_told(code: str) -> None:
    (one,) = [each for each in linted(code) if each.rule == LintRule.SUPPRESSION]
    assert one.message.startswith("the comment silences nothing: put it at the value")
    assert one.idle


def test_a_rule_of_several_that_it_does_not_silence_is_told() -> None:
    (kept, one) = linted("gamma = 0.5  # cvnpolicy: ignore[CVN501, CVN503] seeded in S18\n")
    assert (kept.silenced is not None, one.rule) == (True, LintRule.SUPPRESSION)
    assert "silences nothing of CVN503" in one.message


def test_it_may_stand_above_its_line_but_not_two_above() -> None:
    assert told(f"{GOOD}\nx = 1\ngamma = 0.5\n") == [("CVN590", False), ("CVN501", False)]


@pytest.mark.parametrize(
    ("code", "silenced"),
    [
        (f"gamma = (  {GOOD.replace('501', '502')}\n    1 /\n    3\n)\n", True),
        (f"gamma = (\n    1 /\n    3  {GOOD.replace('501', '502')}\n)\n", True),
        (f"gamma = (\n    1 /\n    3\n)  {GOOD.replace('501', '502')}\n", True),
        (f"gamma = (\n    1 /\n    3\n)\n{GOOD.replace('501', '502')}\n", False),
        (f"x = 1  {GOOD}\ngamma = 0.5\n", False),
    ],
)
def test_it_stands_at_the_value_or_alone_above_it(code: str, *, silenced: bool) -> None:
    (one,) = [each for each in linted(code) if each.rule != LintRule.SUPPRESSION]
    assert (one.silenced is not None) is silenced


@pytest.mark.parametrize(("length", "shown"), [(40, "4" * 40), (41, "4" * 39 + "…")])
def test_a_long_value_is_shown_in_part(length: int, shown: str) -> None:
    (one,) = linted(f"gamma = {'4' * length}\n")
    assert one.message.endswith(f": {shown}")
    assert one.value == "4" * length


@pytest.mark.parametrize(("more", "silenced"), [(0, True), (1, False)])
def test_a_comment_of_a_thousand_characters_is_read(more: int, *, silenced: bool) -> None:
    comment = GOOD + " x" * 600
    (one, *rest) = linted(f"gamma = 0.5  {comment[: 1_000 + more]}\n")
    assert (one.silenced is not None) is silenced
    assert [each.message for each in rest] == ["the comment is longer than 1000 characters"] * more


def test_a_long_comment_that_is_not_meant_for_us_is_let_be() -> None:
    assert told("# cvnpolicy is fine\ngamma = 0.5  # " + "x" * 2_000 + "\n") == [("CVN501", False)]


def test_a_policy_can_forbid_them() -> None:
    assert told(f"gamma = 0.5  {GOOD}\n", forbidden=True) == [("CVN501", False), ("CVN590", False)]


@pytest.mark.parametrize("text", ['x = "# cvnpolicy: ignore[CVN501] in a text"', '"""# cvnpolicy: ignore"""'])
def test_a_text_is_no_comment(text: str) -> None:
    assert told(f"{text}\n") == []


@pytest.mark.parametrize("other", ["noqa", "noqa: CVN501", "type: ignore", "nosec", "nosemgrep", "pylint: disable=all"])
def test_other_tools_silence_nothing(other: str) -> None:
    assert told(f"gamma = 0.5  # {other}\n") == [("CVN501", False)]
