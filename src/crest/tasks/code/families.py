"""The eight families of tasks: which kinds of steps follow one another, by level."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from crest.tasks.code.item_primitives import FILTERS, MAPS
from crest.tasks.code.order_primitives import ORDERS, PAIRS, SLICES
from crest.tasks.code.primitive import Kind, Step, steps_of
from crest.tasks.code.string_primitives import STRINGS
from crest.tasks.code.value_primitives import PREDICATES, REDUCES

PRIMITIVES = (*MAPS, *FILTERS, *ORDERS, *SLICES, *REDUCES, *PAIRS, *PREDICATES, *STRINGS)

Form = tuple[tuple[Kind, ...], ...]
"""For each step of a task, the kinds that it may have."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of task; one entry of the capability vector.

    Attributes:
        name: Identity.
        level: Difficulty from 1: two steps of one list, two steps that interact, three steps.
        forms: The sequences of steps that belong to the family.
        conditional: The steps are a condition and the values with and without it.
    """

    name: str
    level: int
    forms: tuple[Form, ...]
    conditional: bool = False

    def num_sequences(self) -> int:
        """Return the number of sequences of steps that fit a form, sensible or not."""
        return sum(math.prod(len(slot) for slot in slots) for slots in self._slots())

    def sequence(self, index: int) -> tuple[Step, ...]:
        """Return the sequence of steps of the given number, from 0 to `num_sequences() - 1`."""
        for slots in self._slots():
            size = math.prod(len(slot) for slot in slots)
            if index < size:
                digits = np.unravel_index(index, [len(slot) for slot in slots])
                return tuple(slot[digit] for slot, digit in zip(slots, digits, strict=True))
            index -= size
        raise IndexError(f"{self.name} has no sequence of steps beyond {self.num_sequences()}")

    def admits(self, steps: Sequence[Step]) -> bool:
        """Return whether the steps fit a form of the family and are all different."""
        if len({step.label for step in steps}) < len(steps):
            return False
        if any(step.primitive.terminal for step in steps[:-1]) and not self.conditional:
            return False
        kinds = [step.primitive.kind for step in steps]
        return any(
            len(form) == len(kinds)
            and all(kind in slot for kind, slot in zip(kinds, form, strict=True))
            for form in self.forms
        )

    def shuffled_sequences(self, rng: np.random.Generator) -> Iterator[tuple[Step, ...]]:
        """Yield every sequence of steps that the family admits once, in random order."""
        for index in rng.permutation(self.num_sequences()):
            steps = self.sequence(int(index))
            if self.admits(steps):
                yield steps

    def _slots(self) -> list[list[list[Step]]]:
        return [
            [[step for kind in kinds for step in _STEPS[kind]] for kinds in form]
            for form in self.forms
        ]


_STEPS: Mapping[Kind, list[Step]] = {
    kind: steps_of(one for one in PRIMITIVES if one.kind is kind) for kind in Kind
}
_M, _F, _O, _S = (Kind.MAP,), (Kind.FILTER,), (Kind.ORDER,), (Kind.SLICE,)
_R, _PAIR, _IF, _TEXT = (Kind.REDUCE,), (Kind.PAIR,), (Kind.PREDICATE,), (Kind.STRING,)
_LIST = (*_M, *_F, *_O, *_S)

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            Family("map_reduce", 1, ((_M, _R),)),
            Family("filter_reduce", 1, ((_F, _R),)),
            Family("order_slice", 1, ((_O, _S), (_S, _O))),
            Family("string", 1, ((_TEXT, _TEXT),)),
            Family("filter_map", 2, ((_F, _M), (_M, _F))),
            Family("pairwise", 2, ((_PAIR, (*_M, *_F, *_R)),)),
            Family("cond", 2, ((_IF, _R, _R),), conditional=True),
            Family("chain3", 3, ((_LIST, _LIST, _R),)),
        )
    }
)
