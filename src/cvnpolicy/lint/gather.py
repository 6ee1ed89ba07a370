"""One walk over a file: what its names stand for, and every place where a value may meet a hyperparameter's name.

The walk keeps its own stack: depth is bounded by memory and not by Python's recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from cvnpolicy.lint import calls
from cvnpolicy.lint.children import children
from cvnpolicy.lint.facts import Binding, Embedded, Facts, Read, Site
from cvnpolicy.lint.fold import dotted, literal_text, text
from cvnpolicy.lint.scope import Elsewhere, Function, Imported, Scope
from cvnpolicy.lint.settings import Settings


class Gatherer:
    """Gathers the facts of one file."""

    def __init__(self, settings: Settings) -> None:
        """Look for these names."""
        self.settings = settings
        self.facts = Facts()
        self.calls: list[tuple[cst.Call, Scope]] = []
        self.written: set[int] = set()
        """The ids of subscripts that are assigned or deleted: these are no reads."""
        self.compared: set[int] = set()
        """The ids of what is compared: what stands in it is expected, and not set."""
        self.keyed: list[Callable[[], None]] = []
        """What depends on names that may be assigned further down: done when the walk is over."""

    def walk(self, module: cst.Module) -> Facts:
        """Return the facts of a module."""
        stack: list[tuple[cst.CSTNode, Scope]] = [(module, Scope())]
        while stack:
            node, scope = stack.pop()
            handler = _HANDLERS.get(type(node))
            inner = handler(self, node, scope) if handler is not None else None
            below = scope if inner is None else inner
            parts = children(node)
            if inner is not None and isinstance(node, cst.FunctionDef | cst.ClassDef):
                # Decorators, defaults and bases are evaluated outside.
                outside = {id(part) for part in parts if part is not node.body}
                stack += [(part, scope if id(part) in outside else inner) for part in reversed(parts)]
            else:
                stack += [(part, below) for part in reversed(parts)]
        for call, scope in self.calls:
            calls.hand_over(call, scope)
        for later in self.keyed:
            later()
        for call, scope in self.calls:
            calls.gather(call, scope, self.settings, self.facts)
        return self.facts

    def bind(self, name: str | None, value: cst.BaseExpression, site: Site, scope: Scope) -> None:
        """Note a value that is bound to a hyperparameter; nothing where the name is none."""
        if name is not None and not (site.is_bare and name in self.settings.ambiguous):
            self.facts.bindings.append(Binding(name, value, site, scope))

    def by_key(
        self,
        key: cst.BaseExpression,
        value: cst.BaseExpression,
        scope: Scope,
        base: str | None = None,
        site: Site = Site.KEY,
    ) -> None:
        """Note a value under a key, of a variable where that is known, once it is known what the key says."""

        def later() -> None:
            said = list(scope.texts(key))
            if base is not None and len(said) == 1:
                scope.module.put(f"{base}[{said[0]}]", Elsewhere(value, scope))
            name = next((name for each in said if (name := self.settings.key(each)) is not None), None)
            self.bind(name, value, site, scope)

        self.keyed.append(later)

    def instead(self, value: cst.BaseExpression, other: cst.BaseExpression, scope: Scope) -> None:
        """Note what stands in for a value that is asked for by its name: ``cfg.learning_rate or 0.1``."""
        if isinstance(value, cst.BooleanOperation):
            value = value.right
        if isinstance(value, cst.Attribute):
            self.bind(self.settings.name(value.attr.value), other, Site.FALLBACK, scope)
        elif isinstance(value, cst.Subscript) and len(value.slice) == 1 and isinstance(value.slice[0].slice, cst.Index):
            self.by_key(value.slice[0].slice.value, other, scope, site=Site.FALLBACK)
        elif isinstance(value, cst.Call):
            for each in (each.value for each in value.args[:2] if each.keyword is None):
                if isinstance(each, cst.SimpleString):
                    self.by_key(each, other, scope, site=Site.FALLBACK)

    def target(self, target: cst.BaseExpression, value: cst.BaseExpression | None, scope: Scope, site: Site) -> None:
        """Note what a target of an assignment is given; None where that is not known."""
        if isinstance(target, cst.Name):
            scope.put(target.value, value)
            if scope.is_class and scope.owner is not None:
                scope.module.put(f"{scope.owner}.{target.value}", value)
            if value is not None:
                self.bind(self.settings.name(target.value), value, site, scope)
        elif isinstance(target, cst.Attribute):
            self._attribute(target, value, scope)
        elif isinstance(target, cst.Subscript):
            self.written.add(id(target))
            base = dotted(target.value) if len(target.slice) == 1 else None
            for each in target.slice:
                if value is not None and isinstance(each.slice, cst.Index):
                    self.by_key(each.slice.value, value, scope, base)
        elif isinstance(target, cst.Tuple | cst.List):
            self._unpack(target.elements, value, scope, site)
        elif isinstance(target, cst.StarredElement):
            self.target(target.value, None, scope, site)

    def _attribute(self, target: cst.Attribute, value: cst.BaseExpression | None, scope: Scope) -> None:
        kept = None if value is None else Elsewhere(value, scope)
        if isinstance(target.value, cst.Name) and target.value.value in ("self", "cls") and scope.owner:
            scope.module.put(f"{scope.owner}.{target.attr.value}", kept)
        elif kept is not None:
            scope.module.put(dotted(target) or "", kept)
        if value is not None:
            self.bind(self.settings.name(target.attr.value), value, Site.ATTRIBUTE, scope)

    def _unpack(
        self, targets: Sequence[cst.BaseElement], value: cst.BaseExpression | None, scope: Scope, site: Site
    ) -> None:
        values: list[cst.BaseExpression | None] = []
        value = scope.one(value) if isinstance(value, cst.Name) else value
        if isinstance(value, cst.Tuple | cst.List) and not any(
            isinstance(e, cst.StarredElement) for e in value.elements
        ):
            values = [element.value for element in value.elements]
        star = next((place for place, each in enumerate(targets) if isinstance(each, cst.StarredElement)), None)
        behind = 0 if star is None else len(targets) - star - 1
        for place, element in enumerate(targets):
            if isinstance(element, cst.StarredElement):
                self.target(element.value, None, scope, site)
                continue
            index = place if star is None or place < star else len(values) - behind + (place - star - 1)
            given = values[index] if 0 <= index < len(values) else None
            self.target(element.value, given, scope, site)


def _assign(gatherer: Gatherer, node: cst.Assign, scope: Scope) -> None:
    for each in node.targets:
        gatherer.target(each.target, node.value, scope, Site.VARIABLE)


def _annotated(gatherer: Gatherer, node: cst.AnnAssign, scope: Scope) -> None:
    if scope.is_class and scope.owner is not None and isinstance(node.target, cst.Name):
        scope.module.put(f"{scope.owner}()", cst.Name(node.target.value))
    if node.value is not None:
        # In a class it is the default of a field, not a counter.
        gatherer.target(node.target, node.value, scope, Site.DEFAULT if scope.is_class else Site.VARIABLE)


_SCALES = (
    cst.MultiplyAssign,
    cst.DivideAssign,
    cst.FloorDivideAssign,
    cst.PowerAssign,
)


def _augmented(gatherer: Gatherer, node: cst.AugAssign, scope: Scope) -> None:
    if isinstance(node.operator, _SCALES):
        name = _target_name(gatherer.settings, node.target, scope)
        gatherer.bind(name, node.value, Site.SCALED, scope)
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


def _walrus(gatherer: Gatherer, node: cst.NamedExpr, scope: Scope) -> None:
    gatherer.target(node.target, node.value, scope, Site.VARIABLE)


def _loop(gatherer: Gatherer, node: cst.For, scope: Scope) -> Scope | None:
    return _iterate(gatherer, node.target, node.iter, scope, inner=False)


def _iterate(
    gatherer: Gatherer, target: cst.BaseAssignTargetExpression, source: cst.BaseExpression, scope: Scope, *, inner: bool
) -> Scope | None:
    # Only a written list of values is a choice of somebody's: a range is as a rule a counter.
    written = source if isinstance(source, cst.Tuple | cst.List | cst.Set) else None
    if written is not None and isinstance(target, cst.Name):
        gatherer.bind(gatherer.settings.name(target.value), written, Site.LOOP, scope)
    elif written is not None and isinstance(target, cst.Tuple | cst.List):
        for element in written.elements:
            gatherer.target(target, element.value, scope, Site.LOOP)
    over_env = _of_environment(source, scope)
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


def _of_environment(source: cst.BaseExpression, scope: Scope) -> bool:
    while isinstance(source, cst.Call):
        if isinstance(source.func, cst.Attribute) and source.func.attr.value in ("items", "keys", "copy", "values"):
            source = source.func.value
        elif isinstance(source.func, cst.Name) and source.args:
            source = source.args[-1].value
        else:
            return False
    return calls.is_environment(source, scope)


def _comprehension(gatherer: Gatherer, node: cst.BaseComp, scope: Scope) -> Scope | None:
    found: Scope = scope
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        inner = _iterate(gatherer, clause.target, clause.iter, found, inner=True)
        found = inner if inner is not None else found
        clause = clause.inner_for_in
    if isinstance(node, cst.DictComp):
        _keys_of_comprehension(gatherer, node, scope)
    return found


def _keys_of_comprehension(gatherer: Gatherer, node: cst.DictComp, scope: Scope) -> None:
    source = node.for_in.iter
    if isinstance(node.key, cst.Name) and isinstance(node.for_in.target, cst.Name):
        if node.key.value == node.for_in.target.value:
            gatherer.by_key(source, node.value, scope)
        return
    gatherer.by_key(node.key, node.value, scope)


def _function(gatherer: Gatherer, node: cst.FunctionDef, scope: Scope) -> Scope:
    owner = scope.owner if scope.is_class else None
    inner = Scope(scope, function=node.name.value, owner=owner or scope.owner)
    _parameters(gatherer, node.params, inner, scope)
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


def _lambda(gatherer: Gatherer, node: cst.Lambda, scope: Scope) -> Scope:
    inner = Scope(scope, owner=scope.owner, over_env=scope.over_env)
    _parameters(gatherer, node.params, inner, scope)
    return inner


def _parameters(gatherer: Gatherer, node: cst.Parameters, inner: Scope, outer: Scope) -> None:
    for rest in (node.star_arg, node.star_kwarg):
        if isinstance(rest, cst.Param):
            inner.put(rest.name.value, None)
    for each in (*node.posonly_params, *node.params, *node.kwonly_params):
        inner.put(each.name.value, each.default if each.default is None else Elsewhere(each.default, outer))
        if each.default is not None:
            gatherer.bind(gatherer.settings.name(each.name.value), each.default, Site.DEFAULT, outer)


def _with(_gatherer: Gatherer, node: cst.With, scope: Scope) -> None:
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.Name):
            scope.put(item.asname.name.value, None)


def _class(_gatherer: Gatherer, node: cst.ClassDef, scope: Scope) -> Scope:
    scope.put(node.name.value, None)
    scope.whole.bases[node.name.value] = [each.value.value for each in node.bases if isinstance(each.value, cst.Name)]
    return Scope(scope, is_class=True, owner=node.name.value)


def _return(gatherer: Gatherer, node: cst.Return, scope: Scope) -> None:
    if scope.function is not None and node.value is not None:
        if scope.body_of is not None:
            scope.body_of.results.append(Elsewhere(node.value, scope))
        gatherer.bind(gatherer.settings.name(scope.function), node.value, Site.RESULT, scope)


def _dict(gatherer: Gatherer, node: cst.Dict, scope: Scope) -> None:
    if id(node) in gatherer.compared:
        return
    named: cst.BaseExpression | None = None
    values: list[cst.BaseExpression] = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            gatherer.by_key(element.key, element.value, scope)
            said = literal_text(element.key) if isinstance(element.key, cst.SimpleString) else None
            named = element.value if said in calls.NAMES else named
            values += [element.value] if said in calls.DESCRIBES else []
    for value in values if named is not None else ():
        gatherer.by_key(named or value, value, scope)


def _call(gatherer: Gatherer, node: cst.Call, scope: Scope) -> Scope | None:
    gatherer.calls.append((node, scope))
    if any(_of_environment(argument.value, scope) for argument in node.args if argument.keyword is None):
        return Scope(scope, function=scope.function, body_of=scope.body_of, owner=scope.owner, over_env=True)
    return None


def _class_keyword(gatherer: Gatherer, node: cst.Arg, scope: Scope) -> None:
    """A keyword of a call or a class. Those of resolvers are looked at with their calls."""
    if node.keyword is not None:
        gatherer.bind(gatherer.settings.name(node.keyword.value), node.value, Site.KEYWORD, scope)


def _sequence(gatherer: Gatherer, node: cst.Tuple | cst.List | cst.Set, scope: Scope) -> None:
    values = [element.value for element in node.elements]
    if id(node) in gatherer.compared:
        return
    if not any(isinstance(value, cst.SimpleString | cst.FormattedString | cst.ConcatenatedString) for value in values):
        return
    for value in values:
        if isinstance(value, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString):
            gatherer.facts.embedded.append(Embedded(value, scope, whole=True))
    for place, value in enumerate(values[:-1]):
        said = text(value, scope.one) if isinstance(value, cst.SimpleString | cst.ConcatenatedString) else None
        name = gatherer.settings.key(said) if said is not None else None
        if said is not None and said.startswith("-"):
            gatherer.bind(name, values[place + 1], Site.KEY, scope)
        elif place == 0 and not isinstance(node, cst.Set):
            for other in values[1:]:
                gatherer.bind(name, other, Site.KEY, scope)


def _subscript(gatherer: Gatherer, node: cst.Subscript, scope: Scope) -> None:
    index = node.slice[0].slice if len(node.slice) == 1 and id(node) not in gatherer.written else None
    if isinstance(index, cst.Index) and calls.is_environment(node.value, scope):
        gatherer.facts.reads.append(Read(index.value, scope))


def _either(gatherer: Gatherer, node: cst.BooleanOperation, scope: Scope) -> None:
    if isinstance(node.operator, cst.Or):
        gatherer.instead(node.left, node.right, scope)


def _condition(gatherer: Gatherer, node: cst.IfExp, scope: Scope) -> None:
    gatherer.instead(node.body, node.orelse, scope)


def _comparison(gatherer: Gatherer, node: cst.Comparison, scope: Scope) -> None:
    left = node.left
    gatherer.compared |= {id(each) for each in (left, *(each.comparator for each in node.comparisons))}
    for each in node.comparisons:
        if isinstance(each.operator, cst.In | cst.NotIn) and calls.is_environment(each.comparator, scope):
            gatherer.facts.reads.append(Read(left, scope))
        left = each.comparator


def _import(_gatherer: Gatherer, node: cst.Import, scope: Scope) -> None:
    for each in node.names:
        path = each.evaluated_name
        if each.asname is not None and isinstance(each.asname.name, cst.Name):
            scope.put(each.asname.name.value, Imported(path))
        else:
            scope.put(path.partition(".")[0], Imported(path.partition(".")[0]))


def _import_from(_gatherer: Gatherer, node: cst.ImportFrom, scope: Scope) -> None:
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


def _delete(gatherer: Gatherer, node: cst.Del, _scope: Scope) -> None:
    targets = [each.value for each in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
    gatherer.written |= {id(target) for target in targets}


_HANDLERS: Mapping[type[cst.CSTNode], Callable[..., Scope | None]] = {
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
    cst.Dict: _dict,
    cst.Call: _call,
    cst.With: _with,
    cst.Arg: _class_keyword,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.Set: _sequence,
    cst.Subscript: _subscript,
    cst.Comparison: _comparison,
    cst.BooleanOperation: _either,
    cst.IfExp: _condition,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
}
