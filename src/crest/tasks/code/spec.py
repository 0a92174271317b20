"""What a task asks for: steps in a shape, its canonical identity, its prompt, and back."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from crest.tasks.code.families import FAMILIES, PRIMITIVES, Family
from crest.tasks.code.primitive import Step, steps_of

_HEAD, _TAIL = "# ", "\ndef f(x):\n"


@dataclass(frozen=True, slots=True)
class Spec:
    """A family and its steps.

    A conditional family has exactly three steps: the condition, the value if it holds, and the
    value if it does not. In every other family a step works on the result of the one before.
    """

    family: Family
    steps: tuple[Step, ...]

    @property
    def canonical(self) -> str:
        r"""Return the identity of the task, equal for orders of steps that cannot differ.

        Example:
            >>> parse_prompt("# only odd; keep above 2; sum\ndef f(x):\n").canonical
            'chain3/above2.odd.sum'
        """
        orders = [self.steps] if self.family.conditional else _equal_orders(self.steps)
        labels = min(tuple(step.label for step in order) for order in orders)
        return f"{self.family.name}/{'.'.join(labels)}"


def write_prompt(spec: Spec, wordings: Sequence[int]) -> str:
    """Return the prompt of a task, each step in the wording of the given number (0 or 1)."""
    texts = [step.wordings[which] for step, which in zip(spec.steps, wordings, strict=True)]
    if spec.family.conditional:
        texts = [f"if {texts[0]}", texts[1], f"else {texts[2]}"]
    return f"{_HEAD}{'; '.join(texts)}{_TAIL}"


def parse_prompt(prompt: str) -> Spec:
    """Return the spec that a prompt was written from.

    Raises:
        ValueError: The prompt was not written by `write_prompt`.
    """
    texts = prompt.removeprefix(_HEAD).removesuffix(_TAIL).split("; ")
    if conditional := texts[0].startswith("if "):
        texts = [text.removeprefix("if ").removeprefix("else ") for text in texts]
    known = _steps_by_wording()
    if all(text in known for text in texts):
        steps = tuple(known[text] for text in texts)
        for family in FAMILIES.values():
            if family.conditional == conditional and family.admits(steps):
                return Spec(family, steps)
    raise ValueError(
        f"{prompt!r} is no prompt of the code tasks: the problems were made by another version "
        "of the primitives; make them again"
    )


@functools.cache
def _steps_by_wording() -> dict[str, Step]:
    return {wording: step for step in steps_of(PRIMITIVES) for wording in step.wordings}


def _equal_orders(steps: tuple[Step, ...]) -> set[tuple[Step, ...]]:
    """Return the orders reached by swapping neighbours that commute."""
    orders, fresh = {steps}, [steps]
    while fresh:
        order = fresh.pop()
        for i in range(len(order) - 1):
            if order[i].commutes(order[i + 1]):
                swapped = (*order[:i], order[i + 1], order[i], *order[i + 2 :])
                if swapped not in orders:
                    orders.add(swapped)
                    fresh.append(swapped)
    return orders
