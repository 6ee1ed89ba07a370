from __future__ import annotations

from yaml.events import AliasEvent, DocumentStartEvent

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.load.events import Builder


def test_an_event_without_marks_is_at_the_start_of_the_file():
    problems: list[Problem] = []
    builder = Builder("f", 0, problems)
    builder.take(DocumentStartEvent())
    builder.take(AliasEvent("x"))
    assert [problem.location for problem in problems] == [Location("f")]
    assert builder.resume == 0
