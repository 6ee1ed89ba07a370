"""Statements, functions and comprehensions: what gives a name its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import libcst as cst

from cvnpolicy.lint import calls
from cvnpolicy.lint.facts import Site
from cvnpolicy.lint.fold import text
from cvnpolicy.lint.notes import Notes
from cvnpolicy.lint.scope import Elsewhere, Function, Imported, Scope
from cvnpolicy.lint.settings import Settings


def _assign(notes: Notes, node: cst.Assign, scope: Scope) -> None:
    for each in node.targets:
        notes.target(each.target, node.value, scope, Site.VARIABLE)


def _annotated(notes: Notes, node: cst.AnnAssign, scope: Scope) -> None:
    if scope.is_class and scope.owner is not None and isinstance(node.target, cst.Name):
        scope.module.put(f"{scope.owner}()", cst.Name(node.target.value))
    if node.value is not None:
        # In a class it is the default of a field, not a counter.
        notes.target(node.target, node.value, scope, Site.DEFAULT if scope.is_class else Site.VARIABLE)


_SCALES = (
    cst.MultiplyAssign,
    cst.DivideAssign,
    cst.FloorDivideAssign,
    cst.PowerAssign,
)


def _augmented(notes: Notes, node: cst.AugAssign, scope: Scope) -> None:
    if isinstance(node.operator, _SCALES):
        name = _target_name(notes.settings, node.target, scope)
        notes.bind(name, node.value, Site.SCALED, scope)
    elif isinstance(node.target, cst.Name):
        scope.put(node.target.value, None)


def _target_name(settings: Settings, target: cst.BaseExpression, scope: Scope) -> str | None:
    if isinstance(target, cst.Name):
        return settings.name(target.value)
    if isinstance(target, cst.Attribute):
        return settings.name(target.attr.value)
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        said = text(index.value, scope.one) if isinstance(index, cst.Index) else None
        return None if said is None else settings.key(said)
    return None


def _walrus(notes: Notes, node: cst.NamedExpr, scope: Scope) -> None:
    notes.target(node.target, node.value, scope, Site.VARIABLE)


def _loop(notes: Notes, node: cst.For, scope: Scope) -> Scope | None:
    return _iterate(notes, node.target, node.iter, scope, inner=False)


def _iterate(
    notes: Notes, target: cst.BaseAssignTargetExpression, source: cst.BaseExpression, scope: Scope, *, inner: bool
) -> Scope | None:
    # Only a written list of values is a choice of somebody's: a range is as a rule a counter.
    written = source if isinstance(source, cst.Tuple | cst.List | cst.Set) else None
    if written is not None and isinstance(target, cst.Name):
        notes.bind(notes.settings.name(target.value), written, Site.LOOP, scope)
    elif written is not None and isinstance(target, cst.Tuple | cst.List):
        for element in written.elements:
            notes.target(target, element.value, scope, Site.LOOP)
    over_env = calls.of_environment(source, scope)
    one_of = source if isinstance(source, cst.Tuple | cst.List | cst.Set | cst.Name | cst.Attribute) else None
    if not inner and not over_env:
        if isinstance(target, cst.Name):
            scope.put(target.value, one_of)
        return None
    below = Scope(
        scope, function=scope.function, body_of=scope.body_of, owner=scope.owner, over_env=over_env or scope.over_env
    )
    if not inner:
        below.names = scope.names
    elif isinstance(target, cst.Name):
        below.put(target.value, one_of)
    return below


def _comprehension(notes: Notes, node: cst.BaseComp, scope: Scope) -> Scope | None:
    found: Scope = scope
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        inner = _iterate(notes, clause.target, clause.iter, found, inner=True)
        found = inner if inner is not None else found
        clause = clause.inner_for_in
    if isinstance(node, cst.DictComp):
        _keys_of_comprehension(notes, node, scope)
    return found


def _keys_of_comprehension(notes: Notes, node: cst.DictComp, scope: Scope) -> None:
    source = node.for_in.iter
    if isinstance(node.key, cst.Name) and isinstance(node.for_in.target, cst.Name):
        if node.key.value == node.for_in.target.value:
            notes.by_key(source, node.value, scope)
        return
    notes.by_key(node.key, node.value, scope)


def _function(notes: Notes, node: cst.FunctionDef, scope: Scope) -> Scope:
    owner = scope.owner if scope.is_class else None
    inner = Scope(scope, function=node.name.value, owner=owner or scope.owner)
    _parameters(notes, node.params, inner, scope)
    names = [each.name.value for each in (*node.params.posonly_params, *node.params.params)]
    if owner is not None and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    known = frozenset(names) | {each.name.value for each in node.params.kwonly_params}
    made = Function(owner, tuple(names), known, inner)
    inner.body_of = made
    name = node.name.value
    scope.whole.functions.setdefault(owner if owner and name == "__init__" else name, []).append(made)
    scope.put(name, None)
    return inner


def _lambda(notes: Notes, node: cst.Lambda, scope: Scope) -> Scope:
    inner = Scope(scope, owner=scope.owner, over_env=scope.over_env)
    _parameters(notes, node.params, inner, scope)
    return inner


def _parameters(notes: Notes, node: cst.Parameters, inner: Scope, outer: Scope) -> None:
    for rest in (node.star_arg, node.star_kwarg):
        if isinstance(rest, cst.Param):
            inner.put(rest.name.value, None)
    for each in (*node.posonly_params, *node.params, *node.kwonly_params):
        inner.put(each.name.value, each.default if each.default is None else Elsewhere(each.default, outer))
        if each.default is not None:
            notes.bind(notes.settings.name(each.name.value), each.default, Site.DEFAULT, outer)


def _with(_notes: Notes, node: cst.With, scope: Scope) -> None:
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.Name):
            scope.put(item.asname.name.value, None)


def _class(_notes: Notes, node: cst.ClassDef, scope: Scope) -> Scope:
    scope.put(node.name.value, None)
    scope.whole.bases[node.name.value] = [each.value.value for each in node.bases if isinstance(each.value, cst.Name)]
    return Scope(scope, is_class=True, owner=node.name.value)


def _return(notes: Notes, node: cst.Return, scope: Scope) -> None:
    if scope.function is not None and node.value is not None:
        if scope.body_of is not None:
            scope.body_of.results.append(Elsewhere(node.value, scope))
        notes.bind(notes.settings.name(scope.function), node.value, Site.RESULT, scope)


def _import(_notes: Notes, node: cst.Import, scope: Scope) -> None:
    for each in node.names:
        path = each.evaluated_name
        if each.asname is not None and isinstance(each.asname.name, cst.Name):
            scope.put(each.asname.name.value, Imported(path))
        else:
            scope.put(path.partition(".")[0], Imported(path.partition(".")[0]))


def _import_from(_notes: Notes, node: cst.ImportFrom, scope: Scope) -> None:
    if node.module is None or node.relative:
        return
    if isinstance(node.names, cst.ImportStar):
        for word in ("environ", "environb", "getenv") if isinstance(node.module, cst.Name) else ():
            scope.put(word, Imported(f"{node.module.value}.{word}"))
        return
    module = cst.helpers.get_full_name_for_node(node.module) or ""
    for each in node.names:
        name = each.asname.name if each.asname is not None else each.name
        if isinstance(name, cst.Name):
            scope.put(name.value, Imported(f"{module}.{each.evaluated_name}"))


def _delete(notes: Notes, node: cst.Del, _scope: Scope) -> None:
    targets = [each.value for each in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
    notes.written |= {id(target) for target in targets}


STATEMENTS: Mapping[type[cst.CSTNode], Callable[..., Scope | None]] = {
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.NamedExpr: _walrus,
    cst.Del: _delete,
    cst.For: _loop,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.DictComp: _comprehension,
    cst.FunctionDef: _function,
    cst.Lambda: _lambda,
    cst.ClassDef: _class,
    cst.Return: _return,
    cst.With: _with,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
}
