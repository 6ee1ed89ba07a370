"""Calls in which a name and a value meet: getters, setters, search spaces, options, records, and text that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import libcst as cst

from cvnpolicy.lint.facts import Binding, Embedded, Facts, Read, Site
from cvnpolicy.lint.fold import called, literal_text, text
from cvnpolicy.lint.scope import ENVIRONMENTS, Elsewhere, Scope
from cvnpolicy.lint.settings import Settings

GETTERS = frozenset({"get", "getattr", "setdefault", "pop", "getfloat", "getint", "get_value", "__getitem__", "getenv"})
"""What is asked for a value by its name, and takes another one for when there is none."""
SETTERS = frozenset(
    {"setattr", "__setattr__", "__setitem__", "set_param", "setParam", "set", "set_value", "set_default", "put"}
    | {"add_param", "log_param", "update_param", "force_set", "add", "setenv", "parametrize", "setitem"}
    | {"set_user_attr", "set_attr", "setattribute", "assign"}
)
"""What is given a name and a value."""
SUGGESTS = frozenset(
    {"suggest_float", "suggest_int", "suggest_uniform", "suggest_loguniform", "suggest_discrete_uniform"}
    | {"suggest_categorical", "uniform", "loguniform", "quniform", "qloguniform", "qnormal", "normal", "lognormal"}
    | {"Fixed", "Constant"}
    | {"randint", "choice", "pchoice", "uniformint", "Real", "Integer", "Categorical", "Float", "Int"}
    | {"UniformFloatHyperparameter", "UniformIntegerHyperparameter", "OrdinalHyperparameter", "Choice", "Boolean"}
)
"""What makes a search space for a name that is its first argument."""
OPTIONS = frozenset(
    {"add_argument", "option", "argument", "Option", "Argument", "add_option", "DEFINE_float"}
) | frozenset({"DEFINE_integer", "add_param", "Param", "define"})
"""What declares an option of a command by its name."""
READERS = frozenset(
    {
        "loads",
        "load",
        "safe_load",
        "full_load",
        "unsafe_load",
        "literal_eval",
        "eval",
        "exec",
        "read_string",
        "from_json",
    }
    | {"from_yaml", "model_validate_json", "parse_raw", "create", "fromstring", "StringIO", "load_all", "safe_load_all"}
    | {"split", "parse_args", "parse_known_args", "from_cli", "from_dotlist", "override"}
)
"""What reads its text as configuration or as options."""
_READS = frozenset({"os.getenv", "os.getenvb", "os.unsetenv"}) | frozenset(
    f"{environment}.{method}"
    for environment in ENVIRONMENTS
    for method in ("get", "pop", "__getitem__", "setdefault", "__contains__")
)


NAMES = frozenset({"name", "param", "parameter", "param_name", "hyperparameter"})
"""Where a record of one hyperparameter has its name."""
DESCRIBES = frozenset(
    {"value", "values", "default", "bounds", "min", "max", "low", "high", "lower", "upper", "range", "param_range"}
    | {"choices", "candidates", "start", "stop", "step", "init", "grid", "val"}
)
"""Beside a name, what holds its value or its values."""


def _called(node: cst.Call, scope: Scope) -> str:
    """Return the last name of what is called, under the name that it was first given."""
    path = scope.path(node.func) if isinstance(node.func, cst.Name) else None
    return called(node) if path is None else path.rpartition(".")[2]


def is_environment(node: cst.BaseExpression, scope: Scope) -> bool:
    """Return whether an expression is the process's environment, under whatever name."""
    if not isinstance(node, cst.Name | cst.Attribute | cst.Call):
        return False
    return scope.path(node) in ENVIRONMENTS


def of_environment(source: cst.BaseExpression, scope: Scope) -> bool:
    """Whether an iteration runs over the environment: ``os.environ.items()``, ``sorted(os.environ)``."""
    while isinstance(source, cst.Call):
        if isinstance(source.func, cst.Attribute) and source.func.attr.value in ("items", "keys", "copy", "values"):
            source = source.func.value
        elif isinstance(source.func, cst.Name) and source.args:
            source = source.args[-1].value
        else:
            return False
    return is_environment(source, scope)


def gather(node: cst.Call, scope: Scope, settings: Settings, facts: Facts) -> None:
    """Note what a call binds and reads."""
    _Call(node, scope, settings, facts).gather()


def hand_over(node: cst.Call, scope: Scope) -> None:
    """Note what a call gives to the parameters of a function of this file: they stand for it inside."""
    positional = [each.value for each in node.args if each.keyword is None and not each.star]
    for function in scope.called(node):
        for name, value in zip(function.positional, positional, strict=False):
            function.inner.put(name, Elsewhere(value, scope))
        for each in node.args:
            if each.keyword is not None and each.keyword.value in function.named:
                function.inner.put(each.keyword.value, Elsewhere(each.value, scope))


class _Call:
    def __init__(self, node: cst.Call, scope: Scope, settings: Settings, facts: Facts) -> None:
        self.node = node
        self.scope = scope
        self.settings = settings
        self.facts = facts
        self.name = _called(node, scope)
        self.positional = [each.value for each in node.args if each.keyword is None and not each.star]
        self.keywords = {each.keyword.value: each.value for each in node.args if each.keyword is not None}
        for spread in (each.value for each in node.args if each.star == "**" and isinstance(each.value, cst.Dict)):
            for element in spread.elements:
                if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                    self.keywords.setdefault(literal_text(element.key) or "", element.value)

    def gather(self) -> None:
        self._environment()
        if self.name in self.settings.resolvers:
            self._resolver()
            return
        if self.name in GETTERS:
            self._named(1, ("default", "value", "fallback"), Site.FALLBACK)
        if self.name in SETTERS:
            self._adjacent()
        elif self.name.startswith("set_") and self.positional:
            self._bind(self.settings.name(self.name.removeprefix("set_")), self.positional[0], Site.ATTRIBUTE)
        if self.name in SUGGESTS:
            self._space()
        if self.name in OPTIONS:
            self._option()
        if self.name in READERS:
            self.facts.embedded += [Embedded(value, self.scope, whole=False) for value in self._readable()]
        self.described()
        handler = _SPECIAL.get(self.name)
        if handler is not None:
            handler(self)
        self.record()

    def _bind(self, name: str | None, value: cst.BaseExpression, site: Site) -> None:
        if name is not None:
            self.facts.bindings.append(Binding(name, value, site, self.scope))

    def _text(self, place: int) -> str | None:
        return text(self.positional[place], self.scope.one) if place < len(self.positional) else None

    def _key(self, place: int) -> str | None:
        if place >= len(self.positional):
            return None
        said = self.scope.texts(self.positional[place]) if not self._is_pair(place) else ()
        return next((name for each in said if (name := self.settings.key(each)) is not None), None)

    def _is_pair(self, place: int) -> bool:
        """Whether an argument is a written list: its parts are no key."""
        return isinstance(self.positional[place], cst.Tuple | cst.List | cst.Set)

    def _environment(self) -> None:
        path = self.scope.path(self.node.func)
        if path in _READS:
            key = self.positional[0] if self.positional else self.keywords.get("key")
            if key is not None:
                self.facts.reads.append(Read(key, self.scope))
        elif self.name in ("startswith", "match", "search", "fullmatch", "fnmatch") and self.scope.over_env:
            self.facts.reads += [Read(value, self.scope) for value in self.positional]

    def _resolver(self) -> None:
        name = self._key(0)
        for value in self.positional[1:]:
            if isinstance(value, cst.Float):  # a whole number may be a version
                self._bind(name, value, Site.FALLBACK)
        for word in sorted(self.settings.defaults & set(self.keywords)):
            binding = Binding(name or self._own_name(), self.keywords[word], Site.FALLBACK, self.scope)
            self.facts.bindings.append(binding)
            self.facts.defaults.append(binding)

    def _own_name(self) -> str:
        said = self._text(0)
        return "a hyperparameter" if said is None or "\0" in said else said

    def _named(self, first: int, words: Sequence[str], site: Site) -> None:
        """A value that follows a name, or stands under a keyword."""
        path = self.scope.path(self.node.func)
        if path in _READS and not str(path).endswith("setdefault"):
            return  # the read itself is reported
        for place in range(len(self.positional)):
            name = self._key(place)
            if name is None:
                continue
            if place + first < len(self.positional):
                self._bind(name, self.positional[place + first], site)
            for word in words:
                if word in self.keywords:
                    self._bind(name, self.keywords[word], site)
            return

    def _adjacent(self) -> None:
        for place in range(len(self.positional) - 1):
            self._bind(self._key(place), self.positional[place + 1], Site.KEY)

    def _space(self) -> None:
        name = self._key(0) or self._keyword_name()
        if name is None:
            return
        self.facts.spelled.add(id(self.node))
        for value in self.positional[1:]:
            self._bind(name, value, Site.SPACE)
        for word, value in self.keywords.items():
            if word not in ("log", "name", "size", "prior", "random_state", "seed"):
                self._bind(name, value, Site.SPACE)

    def _keyword_name(self) -> str | None:
        value = self.keywords.get("name")
        said = None if value is None else text(value, self.scope.one)
        return None if said is None else self.settings.key(said)

    def _option(self) -> None:
        names = [self._key(place) for place in range(len(self.positional))]
        name = next((each for each in names if each is not None), None) or self._keyword_name()
        if name is None and "dest" in self.keywords:
            said = text(self.keywords["dest"], self.scope.one)
            name = None if said is None else self.settings.key(said)
        if name is None:
            return
        for word in ("default", "const", "default_value"):
            if word in self.keywords:
                self._bind(name, self.keywords[word], Site.DEFAULT)
        if self.name.startswith("DEFINE") and len(self.positional) > 1:
            self._bind(name, self.positional[1], Site.DEFAULT)

    def _readable(self) -> Iterator[cst.BaseExpression]:
        if self.name == "split" and isinstance(self.node.func, cst.Attribute):
            yield self.node.func.value
        yield from self.positional
        yield from self.keywords.values()

    def parametrized(self) -> None:
        """Arguments of a test: several names in one text, and for each set of values a tuple."""
        if len(self.positional) < 2:
            return
        names = self.record_fields(self.positional[0])
        for row in (self._sequence(self.positional[1]) or ()) if len(names) > 1 else ():
            values = row if not isinstance(row, cst.Call) else cst.Tuple([cst.Element(each.value) for each in row.args])
            for name, value in zip(names, self._sequence(values) or (), strict=False):
                self._bind(self.settings.name(name), value, Site.KEYWORD)

    def zipped(self) -> None:
        """Names in one sequence, values in another."""
        if len(self.positional) >= 2:
            self._side_by_side(self.positional[0], self.positional[1])

    def _side_by_side(self, names: cst.BaseExpression, values: cst.BaseExpression) -> None:
        left, right = self._sequence(names), self._sequence(values)
        if left is None or right is None:
            return
        for key, value in zip(left, right, strict=False):
            said = text(key, self.scope.one)
            self._bind(None if said is None else self.settings.key(said), value, Site.KEY)

    def _sequence(self, node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
        found = node if isinstance(node, cst.Tuple | cst.List) else self.scope.one(node)
        return [each.value for each in found.elements] if isinstance(found, cst.Tuple | cst.List) else None

    def from_keys(self) -> None:
        """One value for several names."""
        for key in (self._sequence(self.positional[0]) or ()) if len(self.positional) == 2 else ():
            said = text(key, self.scope.one)
            self._bind(None if said is None else self.settings.key(said), self.positional[1], Site.KEY)

    def named_tuple(self) -> None:
        """The defaults of a record's fields belong to its last fields."""
        fields = self.record_fields(self.positional[1]) if len(self.positional) > 1 else []
        values = self._sequence(self.keywords["defaults"]) if "defaults" in self.keywords else None
        for name, value in zip(reversed(fields), reversed(values or []), strict=False):
            self._bind(self.settings.name(name), value, Site.DEFAULT)

    def record_fields(self, names: cst.BaseExpression) -> list[str]:
        """The fields of ``namedtuple("P", "a b")`` or ``namedtuple("P", ["a", "b"])``."""
        said = text(names, self.scope.one)
        if said is not None:
            return said.replace(",", " ").split()
        listed = [text(each, self.scope.one) for each in self._sequence(names) or ()]
        return [each for each in listed if each is not None]

    def record(self) -> None:
        """Arguments by position, of what this very file defines."""
        lists = [self._fields(), *(each.positional for each in self.scope.called(self.node))]
        for names in lists:
            for name, value in zip(names, self.positional, strict=False):
                self._bind(self.settings.name(name), value, Site.KEYWORD)

    def partial(self) -> None:
        """A function of this file, and what it is given later."""
        if self.positional and isinstance(self.positional[0], cst.Name | cst.Attribute):
            rest = [each for each in self.node.args if each.value is not self.positional[0]]
            call = cst.Call(self.positional[0], rest)
            hand_over(call, self.scope)
            _Call(call, self.scope, self.settings, self.facts).record()

    def described(self) -> None:
        """``name=`` and ``value=``: a record of one hyperparameter."""
        name = self._keyword_name()
        if name is not None and self.name not in SUGGESTS and self.name not in OPTIONS:
            for word in sorted(DESCRIBES & set(self.keywords)):
                self._bind(name, self.keywords[word], Site.KEY)

    def _fields(self) -> list[str]:
        if not isinstance(self.node.func, cst.Name):
            return []
        name = self.node.func.value
        made = self.scope.one(self.node.func)
        if isinstance(made, cst.Call) and called(made) == "namedtuple":
            inner = _Call(made, self.scope, self.settings, self.facts)
            return inner.record_fields(inner.positional[1]) if len(inner.positional) > 1 else []
        found = self.scope.module.names.get(f"{name}()", [])
        return [each.value for each in found if isinstance(each, cst.Name)]


_SPECIAL: Mapping[str, Callable[[_Call], None]] = {
    "zip": _Call.zipped,
    "fromkeys": _Call.from_keys,
    "namedtuple": _Call.named_tuple,
    "partial": _Call.partial,
    "submit": _Call.partial,
    "parametrize": _Call.parametrized,
}
