"""All parts of at most two steps, by their values: which fit outputs, and how few explain them.

Parts with the same values on all inputs are one entry, the first in the language's order, fewer
steps first.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import add

from crest.tasks.flashfill.evaluate import Function, step_function
from crest.tasks.flashfill.program import Chain, Constant, Part, Program, Step
from crest.tasks.flashfill.symbols import DELIMITERS
from crest.tasks.flashfill.text import ALL_STEPS

Values = tuple[str, ...]
Pieces = dict[Values, Part]
"""Parts by their values on the inputs; defined on all of them."""

Places = tuple[int, ...]
"""How much of each output is explained."""

_FUNCTIONS = tuple(map(step_function, ALL_STEPS))


def all_chains(max_steps: int) -> Iterator[Chain]:
    """Yield every chain of at most so many steps, fewer steps first."""
    longest: list[tuple[Step, ...]] = [()]
    yield Chain()
    for _ in range(max_steps):
        longest = [(*steps, step) for steps in longest for step in ALL_STEPS]
        yield from map(Chain, longest)


def fitting_chains(inputs: Sequence[str], outputs: Sequence[str]) -> Iterator[Chain]:
    """Yield every chain of at most two steps that has these outputs: the rivals of a program.

    On a task's visible pairs these are what a model may find beside the secret program.
    """
    search = _Search(inputs, outputs, whole=True, every=True)
    yield from (chain for chain, values in search.chains() if values == tuple(outputs))


def pieces_of(inputs: Sequence[str], outputs: Sequence[str]) -> Pieces:
    """Return the parts whose value is contained in the output on every input.

    Constants are among them. Chains have at most two steps.
    """
    pieces: Pieces = {}
    for delimiter in DELIMITERS:
        if all(delimiter in output for output in outputs):
            pieces[(delimiter,) * len(outputs)] = Constant(delimiter)
    for chain, values in _Search(inputs, outputs).chains():
        if any(values):
            pieces.setdefault(values, chain)
    return pieces


def explain(inputs: Sequence[str], outputs: Sequence[str], max_parts: int) -> Program | None:
    """Return a program of the fewest parts that has these outputs, None if it takes more.

    An exact cover of every output from left to right by `pieces_of`: breadth first over the places
    reached in all outputs at once. Parts of three or more steps are not looked for.

    Raises:
        ValueError: There are no pairs.
    """
    if not inputs:
        raise ValueError("no pairs: any program explains them; give at least one")
    pieces = pieces_of(inputs, outputs)
    by_first: dict[str, list[tuple[Values, Part]]] = {}
    for values, part in pieces.items():
        by_first.setdefault(values[0], []).append((values, part))
    reached: dict[Places, tuple[Part, ...]] = {(0,) * len(outputs): ()}
    seen = set(reached)
    for num_parts in range(max_parts):
        for places, parts in reached.items():
            rest = tuple([output[place:] for output, place in zip(outputs, places, strict=True)])
            if rest in pieces:
                return Program((*parts, pieces[rest]))
        if num_parts < max_parts - 1:
            reached = _extended(reached, by_first, outputs, seen)
    return None


def _extended(
    reached: dict[Places, tuple[Part, ...]],
    by_first: dict[str, list[tuple[Values, Part]]],
    outputs: Sequence[str],
    seen: set[Places],
) -> dict[Places, tuple[Part, ...]]:
    """Return the new places that one more part reaches, with the parts that lead there."""
    found: dict[Places, tuple[Part, ...]] = {}
    for places, parts in reached.items():
        start, first = places[0], outputs[0]
        for end in range(start, len(first) + 1):
            for values, part in by_first.get(first[start:end], ()):
                if all(map(str.startswith, outputs, values, places)):
                    ends = tuple(map(add, places, map(len, values)))
                    if ends not in seen:
                        seen.add(ends)
                        found[ends] = (*parts, part)
    return found


class _Search:
    """The chains of at most two steps whose values lie in the outputs.

    The second steps are tried on the input with the shortest output first, which few survive.

    Attributes:
        whole: Values must be the outputs, not only lie in them.
        every: Go on from first steps with equal values too, of which the first would do.
    """

    def __init__(
        self,
        inputs: Sequence[str],
        outputs: Sequence[str],
        *,
        whole: bool = False,
        every: bool = False,
    ) -> None:
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._lies = str.__eq__ if whole else str.__contains__
        self._every = every
        self._order = sorted(range(len(outputs)), key=lambda place: len(outputs[place]))
        self._on_first: dict[str, list[int]] = {}

    def chains(self) -> Iterator[tuple[Chain, Values]]:
        """Yield the chains with their values, fewer steps first."""
        if self._fits(self._inputs):
            yield Chain(), self._inputs
        firsts = list(self._first_steps())
        yield from ((Chain((step,)), values) for step, values in firsts if self._fits(values))
        for step, values in firsts if self._every else self._distinct(firsts):
            for number in self._survivors(values):
                function = _FUNCTIONS[number]
                yield (
                    Chain((step, ALL_STEPS[number])),
                    tuple([function(text) for text in values]),
                )

    def _distinct(self, firsts: Iterable[tuple[Step, Values]]) -> list[tuple[Step, Values]]:
        """Return first steps whose values are neither the inputs nor those of an earlier one."""
        first: dict[Values, Step] = {}
        for step, values in firsts:
            first.setdefault(values, step)
        first.pop(self._inputs, None)
        return [(step, values) for values, step in first.items()]

    def _first_steps(self) -> Iterator[tuple[Step, Values]]:
        for step, function in zip(ALL_STEPS, _FUNCTIONS, strict=True):
            values = _values(function, self._inputs)
            if values is not None:
                yield step, values

    def _survivors(self, values: Values) -> list[int]:
        """Return the numbers of the steps after which every value lies in its output."""
        first, *others = self._order
        left = self._on_first.get(values[first])
        if left is None:
            left = self._left(range(len(ALL_STEPS)), values[first], self._outputs[first])
            self._on_first[values[first]] = left
        for place in others:
            if left:
                left = self._left(left, values[place], self._outputs[place])
        return left

    def _left(self, numbers: Iterable[int], text: str, output: str) -> list[int]:
        """Return which of some steps have a value on a text that lies in an output."""
        left, lies, functions = [], self._lies, _FUNCTIONS
        for number in numbers:
            try:
                value = functions[number](text)
            except (IndexError, ValueError):
                continue
            if lies(output, value):
                left.append(number)
        return left

    def _fits(self, values: Values) -> bool:
        return all(map(self._lies, self._outputs, values))


def _values(function: Function, inputs: Sequence[str]) -> Values | None:
    """Return a step's values, None if it raises on one of the inputs."""
    try:
        return tuple([function(text) for text in inputs])
    except (IndexError, ValueError):
        return None
