"""What a walk over a file notes: values bound to hyperparameters, and what must wait until all names are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from cvnpolicy.lint.facts import Binding, Facts, Site
from cvnpolicy.lint.fold import dotted
from cvnpolicy.lint.scope import Elsewhere, Scope
from cvnpolicy.lint.settings import Settings


class Notes:
    """What one walk over a file has noted so far."""

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
