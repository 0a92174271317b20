"""One primitive step of a task: its wordings, its expression and its near misses."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a primitive does with its argument `x`."""

    MAP = "map"
    """A list to a list of the same length, item by item."""
    FILTER = "filter"
    """A list to those of its items that pass a condition."""
    ORDER = "order"
    """A list to its items in another order."""
    SLICE = "slice"
    """A list to a part of it, by position."""
    REDUCE = "reduce"
    """A list to a number."""
    PAIR = "pair"
    """A list to a list made of neighbours."""
    PREDICATE = "predicate"
    """A list to a truth value."""
    STRING = "string"
    """A text to a text, or to a number."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A named operation on `x`, possibly with one digit as its parameter.

    Texts may hold `{n}`, the parameter, and `{m}`, the parameter plus one.

    Attributes:
        name: Identity; holds no digit.
        kind: What it does with its argument.
        wordings: Two ways to ask for it; no other primitive uses them.
        template: A Python expression over `x`.
        mutants: Three expressions that a hurried author might write instead.
        params: Values of the parameter; empty for a primitive without one.
        pointwise: The answer for an item depends on that item alone.
        commutes_with: Kinds whose pointwise primitives may be swapped with this one.
        terminal: The result is a number, so no step may follow.
    """

    name: str
    kind: Kind
    wordings: tuple[str, str]
    template: str
    mutants: tuple[str, str, str]
    params: tuple[int, ...] = ()
    pointwise: bool = False
    commutes_with: frozenset[Kind] = frozenset()
    terminal: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A primitive with its parameter chosen."""

    primitive: Primitive
    param: int | None = None

    @property
    def label(self) -> str:
        """Return the identity of the step, such as `above2`."""
        return self.primitive.name + ("" if self.param is None else str(self.param))

    @property
    def code(self) -> str:
        """Return the expression over `x`."""
        return self._fill(self.primitive.template)

    @property
    def mutants(self) -> tuple[str, ...]:
        """Return the near-miss expressions over `x`."""
        return tuple(self._fill(mutant) for mutant in self.primitive.mutants)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return the ways to ask for the step."""
        return tuple(self._fill(wording) for wording in self.primitive.wordings)

    def commutes(self, other: "Step") -> bool:
        """Return whether the two steps give the same result in either order."""
        return _passes(self.primitive, other.primitive) or _passes(other.primitive, self.primitive)

    def _fill(self, text: str) -> str:
        if self.param is None:
            return text
        return text.replace("{n}", str(self.param)).replace("{m}", str(self.param + 1))


def steps_of(primitives: Iterable[Primitive]) -> list[Step]:
    """Return every primitive with each of its parameters."""
    return [Step(one, param) for one in primitives for param in (one.params or (None,))]


def _passes(mover: Primitive, other: Primitive) -> bool:
    return mover.pointwise and mover.kind in other.commutes_with
