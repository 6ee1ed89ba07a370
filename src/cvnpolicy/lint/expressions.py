"""Expressions that give a value to a key, an argument or an element, or that read the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import libcst as cst

from cvnpolicy.lint import calls
from cvnpolicy.lint.facts import Embedded, Read, Site
from cvnpolicy.lint.fold import literal_text, text
from cvnpolicy.lint.notes import Notes
from cvnpolicy.lint.scope import Scope


def _dict(notes: Notes, node: cst.Dict, scope: Scope) -> None:
    if id(node) in notes.compared:
        return
    named: cst.BaseExpression | None = None
    values: list[cst.BaseExpression] = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            notes.by_key(element.key, element.value, scope)
            said = literal_text(element.key) if isinstance(element.key, cst.SimpleString) else None
            named = element.value if said in calls.NAMES else named
            values += [element.value] if said in calls.DESCRIBES else []
    for value in values if named is not None else ():
        notes.by_key(named or value, value, scope)


def _call(notes: Notes, node: cst.Call, scope: Scope) -> Scope | None:
    notes.calls.append((node, scope))
    if any(calls.of_environment(argument.value, scope) for argument in node.args if argument.keyword is None):
        return Scope(scope, function=scope.function, body_of=scope.body_of, owner=scope.owner, over_env=True)
    return None


def _class_keyword(notes: Notes, node: cst.Arg, scope: Scope) -> None:
    """A keyword of a call or a class. Those of resolvers are looked at with their calls."""
    if node.keyword is not None:
        notes.bind(notes.settings.name(node.keyword.value), node.value, Site.KEYWORD, scope)


def _sequence(notes: Notes, node: cst.Tuple | cst.List | cst.Set, scope: Scope) -> None:
    values = [element.value for element in node.elements]
    if id(node) in notes.compared:
        return
    if not any(isinstance(value, cst.SimpleString | cst.FormattedString | cst.ConcatenatedString) for value in values):
        return
    for value in values:
        if isinstance(value, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString):
            notes.facts.embedded.append(Embedded(value, scope, whole=True))
    for place, value in enumerate(values[:-1]):
        said = text(value, scope.one) if isinstance(value, cst.SimpleString | cst.ConcatenatedString) else None
        name = notes.settings.key(said) if said is not None else None
        if said is not None and said.startswith("-"):
            notes.bind(name, values[place + 1], Site.KEY, scope)
        elif place == 0 and not isinstance(node, cst.Set):
            for other in values[1:]:
                notes.bind(name, other, Site.KEY, scope)


def _subscript(notes: Notes, node: cst.Subscript, scope: Scope) -> None:
    index = node.slice[0].slice if len(node.slice) == 1 and id(node) not in notes.written else None
    if isinstance(index, cst.Index) and calls.is_environment(node.value, scope):
        notes.facts.reads.append(Read(index.value, scope))


def _either(notes: Notes, node: cst.BooleanOperation, scope: Scope) -> None:
    if isinstance(node.operator, cst.Or):
        notes.instead(node.left, node.right, scope)


def _condition(notes: Notes, node: cst.IfExp, scope: Scope) -> None:
    notes.instead(node.body, node.orelse, scope)


def _comparison(notes: Notes, node: cst.Comparison, scope: Scope) -> None:
    left = node.left
    notes.compared |= {id(each) for each in (left, *(each.comparator for each in node.comparisons))}
    for each in node.comparisons:
        if isinstance(each.operator, cst.In | cst.NotIn) and calls.is_environment(each.comparator, scope):
            notes.facts.reads.append(Read(left, scope))
        left = each.comparator


EXPRESSIONS: Mapping[type[cst.CSTNode], Callable[..., Scope | None]] = {
    cst.Dict: _dict,
    cst.Call: _call,
    cst.Arg: _class_keyword,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.Set: _sequence,
    cst.Subscript: _subscript,
    cst.Comparison: _comparison,
    cst.BooleanOperation: _either,
    cst.IfExp: _condition,
}
