import pytest
from tests.unit.crossover.conftest import TASK
from tests.unit.crossover.test_harvest import RECIPE

from crest.crossover.pools import of_round

POOL = [f"task {number}" for number in range(6)]


def recipe(pool):
    return RECIPE.model_copy(update={"num_tasks": 2, "pool": pool})


def test_a_fresh_pool_gives_every_round_tasks_of_its_own():
    rounds = [of_round(POOL, recipe("fresh"), number) for number in (1, 2, 3)]
    assert [task for each in rounds for task in each] == POOL


def test_a_fixed_pool_gives_every_round_the_first():
    assert of_round(POOL, recipe("fixed"), 3) == POOL[:2]


def test_a_pool_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match=r"round 4 needs tasks 6 to 8 .* has 6"):
        of_round(POOL, recipe("fresh"), 4)


def test_a_pool_may_be_of_tasks():
    assert of_round([TASK] * 2, recipe("fixed"), 1) == [TASK, TASK]
