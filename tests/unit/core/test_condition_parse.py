from __future__ import annotations

import pytest

from cvnpolicy.core.condition import ConditionError, parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("unset", "unset"),
        (" unset ", "unset"),
        (">5", "> 5"),
        ("<-5", "< -5"),
        ("> 007.50", "> 7.5"),
        ("> 5 %", "> 5%"),
        ("== 100%", "== 100%"),
        ("!= 5 pp", "!= 5pp"),
        ("abs>3sigma", "abs > 3 sigma"),
        ("> 15 min", "> 15min"),
        ("<= 2.5h", "<= 2.5h"),
        (">2*baseline", "> 2 * baseline"),
        (">= registered-1pp", ">= registered - 1pp"),
        (">= registered --1pp", ">= registered + 1pp"),
        (">= registered + -1 pp", ">= registered - 1pp"),
        (">= blind + 2pp", ">= blind + 2pp"),
        ("< -1.5 * b - 0.25", "< -1.5 * b - 0.25"),
        ("< 0 * b + 0", "< 0 * b + 0"),
        ("within 1% of champion", "within 1% of champion"),
        ("within 1 pp of b", "within 1pp of b"),
        ("within ci95 of b", "within ci95 of b"),
        ("not  within 5min of b", "not within 5min of b"),
        (">= champion or within ci95 of champion", ">= champion or within ci95 of champion"),
        ("> 1 and < 2 and != 1.5", "> 1 and < 2 and != 1.5"),
        ("> 1 or < 0", "> 1 or < 0"),
        ("> 123456789012345", "> 123456789012345"),
        ("> 1234567890123450000", "> 1234567890123450000"),
        ("> 0.000123456789012345", "> 0.000123456789012345"),
        (" and ".join(["> 1"] * 12), " and ".join(["> 1"] * 12)),
        ("> 1" + " " * 297, "> 1"),
    ],
)
def test_reads_and_prints(text: str, canonical: str) -> None:
    condition = parse(text)
    assert str(condition) == canonical
    assert parse(canonical) == condition


@pytest.mark.parametrize(
    ("text", "offset", "length", "what", "right"),
    [
        ("", 0, 0, "an empty condition", "> 5"),
        ("   ", 0, 0, "an empty condition", "> 5"),
        (">", 1, 0, "ends too early", "a number"),
        ("> 5 and  ", 7, 0, "ends too early", "> 5"),
        ("not", 3, 0, "ends too early", "within"),
        ("abs", 3, 0, "ends too early", "an operator"),
        ("within 1%", 9, 0, "ends too early", "of"),
        ("within 1% of", 12, 0, "ends too early", "name"),
        ("> 2 *", 5, 0, "ends too early", "name"),
        ("> b +", 5, 0, "ends too early", "a number"),
        # The nearest valid word.
        ("> 5 percent", 4, 7, "unexpected 'percent'", "write %"),
        ("> 5 Percent and < 9", 4, 7, "unexpected 'Percent'", "write %"),
        ("> 5 hours", 4, 5, "unexpected 'hours'", "write h"),
        ("> 5days", 3, 4, "unexpected 'days'", "write d"),
        ("> 5 sigm", 4, 4, "unexpected 'sigm'", "write sigma"),
        ("> 5 adn < 9", 4, 3, "unexpected 'adn'", "write and"),
        ("> 5 AND < 9", 4, 3, "unexpected 'AND'", "write and"),
        ("> b plus", 4, 4, "unexpected 'plus'", "and, or, or the end"),
        ("above 5", 0, 5, "unexpected 'above'", "write >"),
        ("Unset", 0, 5, "unexpected 'Unset'", "write unset"),
        ("withn 1% of b", 0, 5, "unexpected 'withn'", "write within"),
        ("not withn 1% of b", 4, 5, "unexpected 'withn'", "write within"),
        ("within ci of b", 7, 2, "unexpected 'ci'", "write ci95"),
        ("within 1% from b", 10, 4, "unexpected 'from'", "write of"),
        ("> 5 usdc", 4, 4, "unexpected 'usdc'", "% pp sigma ms s min h d"),
        # Marks of other languages.
        ("= 5", 0, 1, "'='", "write =="),
        ("=> 5", 0, 2, "'=>'", "write >="),
        ("≥ 5", 0, 1, "'≥'", "write >="),
        ("<> 5", 0, 2, "'<>'", "write !="),
        ("> 5 && < 9", 4, 2, "'&&'", "write and"),
        ("> 5 − 1", 4, 1, "'−'", "write -"),
        ("> 3 σ", 4, 1, "'σ'", "write sigma"),
        ("(> 5)", 0, 1, "'('", "make two checks"),
        ("> 1,000", 3, 1, "','", "without separators"),
        ("> 1_000", 3, 1, "'_'", "without separators"),
        ("> b / 2", 4, 1, "'/'", "0.5 * name"),
        ("> 5\t", 3, 1, "U+0009", "plain space"),
        ("> 5\n", 3, 1, "U+000A", "one line"),
        (">\u00a05", 1, 1, "U+00A0", "plain space"),
        ("> \U0001f600", 2, 1, "means nothing", "a number"),
        ("> ５", 2, 1, "means nothing", "a number"),
        ("> é", 2, 1, "'é'", "a number"),
        # Numbers.
        ("> .5", 2, 2, "'.5'", "write 0.5"),
        ("> 5.", 3, 1, "'.'", "both sides"),
        ("> 1e3", 3, 2, "'e3' behind 1", "without exponent"),
        ("> 1e-3", 3, 1, "'e' behind 1", "without exponent"),
        ("> - 5", 2, 1, "unexpected '-'", "write -5"),
        ("> +5", 2, 1, "unexpected '+'", "write 5"),
        ("> -b", 2, 1, "unexpected '-'", "write -1 * b"),
        ("> -%", 2, 1, "unexpected '-'", "a number"),
        ("> 1234567890123456", 2, 16, "15 significant digits", "round it"),
        ("> -0.1234567890123456", 2, 19, "15 significant digits", "round it"),
        # The shape of a quantity.
        ("5", 0, 1, "unexpected '5'", "> 5"),
        ("5 < x", 0, 1, "unexpected '5'", "> 5"),
        ("abs within 1% of b", 4, 6, "unexpected 'within'", "an operator"),
        ("not > 5", 4, 1, "unexpected '>'", "write <= instead of not >"),
        ("not 5", 4, 1, "unexpected '5'", "turned round"),
        ("> and", 2, 3, "unexpected 'and'", "name"),
        ("> 5 * 3", 6, 1, "unexpected '3'", "name"),
        ("> b * 2", 4, 1, "a baseline before *", "2 * b"),
        ("> 5pp * b", 6, 1, "5pp cannot multiply", "write 5 *"),
        ("> 5 + b", 4, 1, "'+' behind a number", "name + 1"),
        ("> b + c", 6, 1, "a second baseline", "one baseline"),
        ("> b + 5%", 7, 1, "% behind +", "+ 5pp"),
        ("> b - 5 %", 8, 1, "% behind -", "1.01 * b"),
        ("> b 5", 4, 1, "unexpected '5'", "and, or, or the end"),
        ("> 5 > 3", 4, 1, "unexpected '>'", "and, or, or the end"),
        ("within 5 of b", 7, 1, "within 5 has no unit", ">= name - 5 and <= name + 5"),
        ("within -5% of b", 7, 2, "negative tolerance", "write 5"),
        ("within b", 7, 1, "unexpected 'b'", "ci95"),
        ("within 5% of 3", 13, 1, "unexpected '3'", "name"),
        ("within 5% of of", 13, 2, "unexpected 'of'", "name"),
        # The shape of a condition.
        ("unset and > 5", 6, 3, "unexpected 'and'", "stands alone"),
        ("> 5 and unset", 8, 5, "unexpected 'unset'", "write unset"),
        ("> 5 and < 3 or > 9", 12, 2, "'and' mixed with 'or'", "join them in a tree: {all: [...]}"),
        ("> 5 or < 3 and > 9", 11, 3, "'and' mixed with 'or'", "join them in a tree: {all: [...]}"),
        (" or ".join(["> 1"] * 13), 84, 1, "more than 12 clauses", "make two checks"),
        ("> 1" + " " * 298, 300, 1, "longer than 300", "make two checks"),
        (">" + "n" * 299, 0, 300, "longer than 300", "make two checks"),
    ],
)
def test_errors_have_a_place_and_a_remedy(text: str, offset: int, length: int, what: str, right: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    error = caught.value
    assert (error.offset, error.length) == (offset, length)
    assert what in error.what
    assert right in error.right
    assert str(error) == f"{error.what}: {error.right}"
