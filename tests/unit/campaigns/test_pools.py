from collections import Counter

import pytest

from crest.campaigns.pools import earlier_problems
from crest.campaigns.problems import training_pool
from crest.records import Problem
from crest.testing import FunctionTests

TESTS = FunctionTests("f", ((1,),), (1,))
TRAIN = [Problem(str(i), "rare" if i < 20 else "common", 1, "", "", TESTS) for i in range(80)]


def pool(campaign, train=TRAIN, size=12):
    chosen = training_pool(train, seed=5, campaign=campaign, num_problems=size)
    return {problem.task_id for problem in chosen}


def earlier(campaign, train=TRAIN, size=12, seed=5):
    pairs = earlier_problems(train, seed=seed, campaign=campaign, num_problems=size)
    return [(number, problem.task_id) for number, problem in pairs]


def test_the_first_campaign_has_no_pools_before_it():
    assert earlier(1) == []


@pytest.mark.parametrize("campaign", [2, 3, 6])
def test_all_problems_of_the_pools_before_are_there_with_their_campaign(campaign):
    assert sorted(earlier(campaign)) == sorted(
        (number, name) for number in range(1, campaign) for name in pool(number)
    )


def test_any_first_part_takes_from_each_pool_alike():
    pairs = earlier(6)
    for num in (5, 12, 23, 40):
        counts = Counter(number for number, _ in pairs[:num])
        assert len(counts) == 5
        assert max(counts.values()) - min(counts.values()) <= 1


def test_each_pool_gives_a_first_part_with_both_families_in_their_shares():
    families = {problem.task_id: problem.family for problem in TRAIN}
    shares = Counter(families[name] for _, name in earlier(6)[:30])
    assert 4 <= shares["rare"] <= 11  # a quarter of them


def test_a_problem_that_the_chain_meets_again_counts_for_its_last_pool():
    train = TRAIN[:30]  # the third pool holds six problems of the first again
    again = pool(1, train) & pool(3, train)
    assert len(again) == 6
    numbers = {name: number for number, name in earlier(4, train)}
    left = pool(4, train)
    assert {name for name in again if name not in left} == {
        name for name in again if numbers.get(name) == 3
    }


def test_problems_of_the_own_pool_are_left_out():
    train = TRAIN[:30]
    names = [name for _, name in earlier(3, train)]
    assert set(names) == (pool(1, train) | pool(2, train)) - pool(3, train)
    assert len(names) == len(set(names))


def test_the_order_depends_on_the_seed():
    assert earlier(6) == earlier(6)
    assert earlier(6) != earlier(6, seed=6)
