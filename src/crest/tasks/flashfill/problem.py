"""From a task and a split seed to a problem: which pairs are shown, and the prompt.

The trapdoor: a shown pair is irregular with a small probability while many of the held-out ones
are, so a program that fits what is shown often fails on what is not.
"""

from collections.abc import Sequence
from random import Random

from crest import seeds
from crest.records import Problem
from crest.tasks.flashfill.symbols import ASK, INPUT, PAIR, PAIRS
from crest.tasks.flashfill.task import Task
from crest.testing import FunctionTests

FAMILY = "flashfill"


def make_problem(
    task: Task, split_seed: int, *, num_visible: int, irregular_visible: float
) -> Problem:
    """Return the problem that a split of a task's pairs makes.

    Its tests are all pairs, the visible ones first.

    Args:
        task: Pairs and the secret program, which becomes the problem's `reference`.
        split_seed: Names the split; with the task's identifier it decides which pairs are shown.
        num_visible: Number of pairs shown, at least 1 and fewer than there are.
        irregular_visible: Probability with which each shown pair is drawn from the irregular ones,
            as far as there are any of either kind.

    Raises:
        ValueError: The split has no visible or no held-out pair.
    """
    order = split_pairs(
        task, split_seed, num_visible=num_visible, irregular_visible=irregular_visible
    )
    inputs = [task.inputs[pair] for pair in order]
    outputs = [task.outputs[pair] for pair in order]
    return Problem(
        task_id=task.task_id,
        family=FAMILY,
        level=task.level,
        prompt=make_prompt(inputs[:num_visible], outputs[:num_visible]),
        reference=task.program,
        tests=FunctionTests(INPUT, tuple([(text,) for text in inputs]), tuple(outputs)),
        continues_prompt=False,
    )


def make_prompt(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    """Return the text that shows pairs and asks for their program.

    Example:
        >>> make_prompt(["ab-cd", "g-h"], ["ab", "g"])
        'ab-cd > ab ; g-h > g =>'
    """
    pairs = [f"{given}{PAIR}{wanted}" for given, wanted in zip(inputs, outputs, strict=True)]
    return PAIRS.join(pairs) + ASK


def split_pairs(
    task: Task, split_seed: int, *, num_visible: int, irregular_visible: float
) -> list[int]:
    """Return the numbers of a task's pairs: those shown as drawn, then the others in their order.

    Raises:
        ValueError: The split has no visible or no held-out pair.
    """
    num_pairs = len(task.inputs)
    if not 1 <= num_visible < num_pairs:
        raise ValueError(
            f"num_visible is {num_visible} of the {num_pairs} pairs of {task.task_id}: show at "
            "least one pair and hold out at least one"
        )
    rng = Random(seeds.derive_seed("flashfill split", split_seed, task.task_id))
    kinds = {
        kind: [pair for pair in range(num_pairs) if task.irregular[pair] is kind]
        for kind in (True, False)
    }
    shown: list[int] = []
    for _ in range(num_visible):
        wanted = rng.random() < irregular_visible
        pool = kinds[wanted] or kinds[not wanted]
        shown.append(pool.pop(int(rng.random() * len(pool))))
    return [*shown, *(pair for pair in range(num_pairs) if pair not in shown)]
