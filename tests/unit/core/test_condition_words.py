from __future__ import annotations

import pytest

from cvnpolicy.core.condition import ConditionError, parse, sentence
from cvnpolicy.core.unit import Unit

GOLDEN = [
    ("unset", "not yet set by anyone"),
    ("> 5", "above 5"),
    (">= 0.40", "at least 0.4"),
    ("< 1%", "below 1 %"),
    ("<= -2", "at most -2"),
    ("== 100%", "equal to 100 %"),
    ("!= 0", "other than 0"),
    ("> 1pp", "above 1 percentage point"),
    ("> 1.5pp", "above 1.5 percentage points"),
    ("> 15min", "above 15 minutes"),
    ("> 1min", "above 1 minute"),
    ("> -1h", "above -1 hour"),
    ("< 250ms", "below 250 milliseconds"),
    ("< 1ms", "below 1 millisecond"),
    ("< 30s", "below 30 seconds"),
    ("> 14d", "above 14 days"),
    ("> 0h", "above 0 hours"),
    ("abs > 3 sigma", "above 3 sigma in absolute value"),
    ("> 2 * baseline", "above 2 times baseline"),
    ("> baseline", "above baseline"),
    (">= registered - 1pp", "at least registered minus 1 percentage point"),
    (">= blind + 2pp", "at least blind plus 2 percentage points"),
    ("< 1.5 * previous - 5", "below 1.5 times previous minus 5"),
    ("within 1% of champion", "within 1 % of champion"),
    ("not within 5min of previous", "not within 5 minutes of previous"),
    ("within ci95 of champion", "within the 95 % interval of champion"),
    ("not within ci95 of champion", "not within the 95 % interval of champion"),
    (">= champion or within ci95 of champion", "at least champion or within the 95 % interval of champion"),
    ("> 1 and < 2 and != 1.5", "above 1 and below 2 and other than 1.5"),
]


@pytest.mark.parametrize(("text", "words"), GOLDEN)
def test_sentence(text: str, words: str) -> None:
    assert sentence(parse(text)) == words


def test_a_condition_that_does_not_fit_the_unit_has_no_words() -> None:
    assert sentence(parse("> 5"), Unit.COUNT) == "above 5"
    assert sentence(parse("unset"), unit=Unit.MS) == "not yet set by anyone"
    with pytest.raises(ConditionError, match="has no unit"):
        sentence(parse("> 5"), Unit.MS)
