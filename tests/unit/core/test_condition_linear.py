from __future__ import annotations

from fractions import Fraction

import pytest

from cvnpolicy.core.condition.linear import MAX_BITS, Budget, Form, Inequality, TooLargeError, below, satisfiable

ZERO: Form = {}


def form(constant: int = 0, **terms: int) -> Form:
    return {"": Fraction(constant), **{name: Fraction(value) for name, value in terms.items()}}


def less(left: Form, right: Form) -> Inequality:
    return below(left, right, strict=True)


def at_most(left: Form, right: Form) -> Inequality:
    return below(left, right, strict=False)


X, Y, Z = form(x=1), form(y=1), form(z=1)


@pytest.mark.parametrize(
    ("rows", "possible"),
    [
        ([], True),
        ([less(form(-1), ZERO)], True),
        ([less(ZERO, ZERO)], False),
        ([at_most(ZERO, ZERO)], True),
        ([at_most(form(1), ZERO)], False),
        ([less(X, X)], False),
        ([at_most(X, X)], True),
        ([less(X, Y), less(Y, X)], False),
        ([at_most(X, Y), at_most(Y, X)], True),
        ([at_most(X, Y), less(Y, X)], False),
        ([less(X, Y), less(Y, Z), less(Z, X)], False),
        ([less(X, Y), less(Y, Z), less(X, Z)], True),
        ([at_most(form(x=2), form(3)), at_most(form(3), form(x=2))], True),
        ([less(form(x=2), form(3)), at_most(form(3), form(x=2))], False),
        ([at_most(X, form(5)), at_most(X, form(4)), less(form(4), X)], False),
        ([at_most(X, form(5)), less(X, form(5)), at_most(form(5), X)], False),
        ([at_most(form(x=3, y=1), form(6)), at_most(form(x=1, y=3), form(6)), less(form(3), form(x=1, y=1))], False),
        ([at_most(form(x=3, y=1), form(6)), at_most(form(x=1, y=3), form(6)), at_most(form(3), form(x=1, y=1))], True),
    ],
)
def test_systems(rows: list[Inequality], possible: bool) -> None:
    assert satisfiable([[rows]], Budget(1000)) is possible


def test_one_alternative_of_every_choice() -> None:
    apart = [[less(X, form(0))], [less(form(1), X)]]
    near = [[at_most(form(0), X), at_most(X, form(1))], [less(form(5), X)]]
    assert satisfiable([apart, near], Budget(1000))
    assert not satisfiable([apart, near[:1]], Budget(1000))
    assert not satisfiable([apart, []], Budget(1000)), "no alternative can be taken"


def test_work_is_limited() -> None:
    rows = [less(X, Y), less(Y, Z), less(Z, X)]
    with pytest.raises(TooLargeError):
        satisfiable([[rows]], Budget(5))
    with pytest.raises(TooLargeError):
        Budget(0).spend(1)


def test_numbers_are_limited() -> None:
    huge = {"x": Fraction(1), "": Fraction(2 ** (MAX_BITS + 1))}
    with pytest.raises(TooLargeError):
        satisfiable([[[less(huge, ZERO)]]], Budget(1000))
