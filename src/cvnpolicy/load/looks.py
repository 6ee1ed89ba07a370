"""Which checks look at which others, in a graph that stays small: a wildcard is one node, not N edges."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.finding import Outcome, Severity
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.tree import Tree


@dataclass(frozen=True, slots=True)
class Look:
    """One leaf of a check's tree, and the address it names, written out: ``policy/check``, ``policy/*`` or ``*``."""

    leaf: Tree
    address: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a leaf must know of a check that it looks at."""

    every: Duration | None
    history: int
    """How many instants its longest ``after`` goes back."""
    timeless: bool
    """Whether it has ``window: run``: asked about the past, it answers as it does now."""
    outcomes: frozenset[Outcome]
    """Which of pass, warn and fail it can have."""
    severities: frozenset[Severity]


@dataclass(frozen=True, slots=True)
class Profile:
    """Checks that are alike for a leaf."""

    traits: Traits
    first: str
    second: str | None

    def but(self, address: str) -> str | None:
        """Return one of these checks that is not the given one."""
        return self.second if self.first == address else self.first

    @property
    def every(self) -> Duration | None:
        """Their cadence."""
        return self.traits.every

    @property
    def history(self) -> int:
        """How many instants their longest ``after`` goes back."""
        return self.traits.history

    @property
    def timeless(self) -> bool:
        """Whether they answer about the past as they do now."""
        return self.traits.timeless


def traits_of(check: Resolved) -> Traits:
    """Return what a leaf must know of a check."""
    every = check.check.every
    after = max((step.after.microseconds for step in check.check.escalate or () if step.after), default=0)
    measure = check.check.measure
    bad = {"warn_if": Outcome.WARN, "crit_if": Outcome.FAIL, "pass_if": Outcome.FAIL}
    return Traits(
        every,
        after // every.microseconds if every is not None else 0,
        measure is not None and measure.window == "run",
        frozenset({Outcome.PASS, *(bad[key] for key in check.check.tests)}),
        frozenset(check.check.severities),
    )


def units_of(check: Resolved) -> int:
    """Return how many answers a check gives at an instant: one a group, or one of all groups together."""
    if check.check.measure is None or check.quantifiers is not None:
        return 1
    return math.prod(len(members) for members in check.members.values())


def trees_of(check: Resolved) -> dict[str, Tree]:
    """Return the trees of a check, by key."""
    found = {"only_if": check.check.only_if, **check.check.tests}
    return {key: tree for key, tree in found.items() if isinstance(tree, Tree)}


def full_address(address: str, policy: str) -> str:
    """Return an address with its policy."""
    return address if "/" in address or address == "*" else f"{policy}/{address}"


class Looks:
    """The leaves about checks of a whole set."""

    def __init__(self, checks: Mapping[str, Resolved]) -> None:
        """Look at these, keyed by address."""
        self.checks = checks
        self._found: dict[str, tuple[Resolved, ...]] = {}
        self._profiles: dict[str, tuple[Profile, ...]] = {}
        self._units: dict[str, int] = {}

    def addressed(self, address: str) -> tuple[Resolved, ...]:
        """Return the checks of a full address; worked out once for each."""
        if address not in self._found:
            self._found[address] = tuple(addressed(address, "", self.checks))
        return self._found[address]

    def profiles(self, address: str) -> tuple[Profile, ...]:
        """Return the kinds of checks that a full address finds."""
        if address not in self._profiles:
            alike: dict[Traits, list[str]] = {}
            for check in self.addressed(address):
                alike.setdefault(self.traits[check.address], []).append(check.address)
            self._profiles[address] = tuple(
                Profile(traits, found[0], found[1] if len(found) > 1 else None) for traits, found in alike.items()
            )
        return self._profiles[address]

    def units(self, address: str, asking: str) -> int:
        """Return how many answers a full address finds, without those of the check that asks."""
        if address not in self._units:
            self._units[address] = sum(units_of(check) for check in self.addressed(address))
        own = address == asking or matches(address, asking)
        return self._units[address] - (units_of(self.checks[asking]) if own else 0)

    @cached_property
    def traits(self) -> Mapping[str, Traits]:
        """Return what leaves must know of each check."""
        return {address: traits_of(check) for address, check in self.checks.items()}

    @cached_property
    def of(self) -> Mapping[str, tuple[Look, ...]]:
        """Return the leaves of each check."""
        return {
            address: tuple(
                Look(leaf, full_address(leaf.check, check.policy.name))
                for tree in trees_of(check).values()
                for leaf in tree.leaves()
                if leaf.check is not None
            )
            for address, check in self.checks.items()
        }

    @cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for each wildcard, the checks that use it and would be found by it themselves."""
        found: dict[str, dict[str, None]] = {}
        for address, looks in self.of.items():
            for look in looks:
                if matches(look.address, address):
                    found.setdefault(look.address, {})[address] = None
        return {wildcard: tuple(users) for wildcard, users in found.items()}

    @cached_property
    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """Return what each check and each wildcard leads to.

        A check does not look at itself through a wildcard, so the only one that uses a wildcard of its own leads to
        the others directly. Where two use it they look at one another, and the way through the wildcard adds nothing.
        """
        out: dict[str, tuple[str, ...]] = {}
        for address, looks in self.of.items():
            targets: dict[str, None] = {}
            for look in looks:
                if look.address in self.checks:
                    targets[look.address] = None
                elif self.users.get(look.address) == (address,):
                    targets.update({o.address: None for o in self.addressed(look.address) if o.address != address})
                else:
                    targets[look.address] = None
                    out.setdefault(look.address, tuple(o.address for o in self.addressed(look.address)))
            out[address] = tuple(targets)
        return out


def matches(address: str, check: str) -> bool:
    """Whether a wildcard finds a check."""
    return address == "*" or (address.endswith("/*") and check.startswith(address[:-1]))


def components(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the strongly connected components, what is led to first (Tarjan 1972, without recursion)."""
    walk = _Walk(edges)
    for root in edges:
        walk.start(root)
    return walk.found


class _Walk:
    """The depth-first walk of Tarjan's algorithm."""

    def __init__(self, edges: Mapping[str, tuple[str, ...]]) -> None:
        self.found: list[tuple[str, ...]] = []
        self._edges = edges
        self._number: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._stack: dict[str, None] = {}
        self._open: list[tuple[str, Iterator[str]]] = []

    def start(self, root: str) -> None:
        """Walk everything below a node that has not been walked."""
        if root not in self._number:
            self._enter(root)
        while self._open:
            node, targets = self._open[-1]
            below = next((target for target in targets if not self._seen(node, target)), None)
            if below is not None:
                self._enter(below)
            else:
                self._open.pop()
                self._leave(node)

    def _enter(self, node: str) -> None:
        self._number[node] = self._low[node] = len(self._number)
        self._stack[node] = None
        self._open.append((node, iter(self._edges[node])))

    def _seen(self, node: str, target: str) -> bool:
        if target not in self._number:
            return False
        if target in self._stack:
            self._low[node] = min(self._low[node], self._number[target])
        return True

    def _leave(self, node: str) -> None:
        if self._open:
            above = self._open[-1][0]
            self._low[above] = min(self._low[above], self._low[node])
        if self._low[node] == self._number[node]:
            members: list[str] = []
            while not members or members[-1] != node:
                members.append(self._stack.popitem()[0])
            self.found.append(tuple(members))
