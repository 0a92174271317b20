"""Problems on which forgetting shows: those that a chain trained on before a campaign."""

from collections.abc import Sequence
from itertools import zip_longest

from crest.campaigns.problems import training_pool
from crest.records import Problem
from crest.seeds import generator
from crest.tasks.deal import deal_evenly


def earlier_problems(
    train: Sequence[Problem], *, seed: int, campaign: int, num_problems: int
) -> list[tuple[int, Problem]]:
    """Return the problems of all pools before a campaign's, each with its last campaign.

    A problem that the campaign's own pool holds again is left out. The pools take turns, and each
    gives its families in nearly their shares, so that any first part of the list is a fair sample.
    The order depends on seed and campaign alone: all checkpoints of a campaign meet the same part.

    Args:
        train: The whole split.
        seed: Chain seed.
        campaign: Position in the chain, from 1; the first one has no pools before it.
        num_problems: Size of a pool.
    """
    pools = [
        training_pool(train, seed=seed, campaign=number, num_problems=num_problems)
        for number in range(1, campaign + 1)
    ]
    last = {problem.task_id: number for number, pool in enumerate(pools, 1) for problem in pool}
    rng = generator("earlier problems", seed, campaign)
    dealt = [
        [(number, one) for one in deal_evenly(pool, rng) if last[one.task_id] == number]
        for number, pool in enumerate(pools[:-1], 1)
    ]
    in_turn = [dealt[i] for i in rng.permutation(len(dealt))]
    return [pair for turn in zip_longest(*in_turn) for pair in turn if pair is not None]
