"""Which tasks of its pool a round of self-training samples."""

from collections.abc import Sequence

from crest.config import RecipeConfig
from crest.tasks.flashfill.task import Task


def of_round(pool: Sequence[Task], recipe: RecipeConfig, number: int) -> list[Task]:
    """Return the tasks of a round: with a fixed pool, always those of the first.

    Args:
        pool: Of the trajectory, shared by all recipes.
        recipe: Says how many tasks, and whether rounds share them.
        number: Of the round, from 1.

    Raises:
        ValueError: The pool has too few tasks.
    """
    first = 0 if recipe.pool == "fixed" else (number - 1) * recipe.num_tasks
    tasks = list(pool[first : first + recipe.num_tasks])
    if len(tasks) < recipe.num_tasks:
        raise ValueError(
            f"round {number} needs tasks {first} to {first + recipe.num_tasks} of its pool, which "
            f"has {len(pool)}; make the pool anew"
        )
    return tasks
