"""Which problems a campaign trains on and watches, by chain seed and position alone.

Arms of one seed meet the same pools in the same order, so that they differ by the arm alone.
"""

from collections.abc import Sequence

from crest.records import Problem
from crest.seeds import generator
from crest.tasks.deal import deal_evenly


def campaign_problems(
    problems: Sequence[Problem], *, purpose: str, seed: int, campaign: int, num_problems: int
) -> list[Problem]:
    """Return the problems of one campaign, from one split.

    A chain shuffles the split once and hands out consecutive slices, so its campaigns share no
    problem until the split is used up; then the slices wrap around. Every slice has its share of
    each family, so that campaigns differ less by how hard their problems happen to be.

    Args:
        problems: A whole split.
        purpose: Names the stream of the shuffle, so that uses do not depend on one another.
        seed: Chain seed.
        campaign: Position in the chain, from 1.
        num_problems: Length of a slice; at most the split's.
    """
    order = deal_evenly(problems, generator(purpose, seed))
    first = (campaign - 1) * num_problems
    return [order[(first + i) % len(order)] for i in range(num_problems)]


def training_pool(
    train: Sequence[Problem], *, seed: int, campaign: int, num_problems: int
) -> list[Problem]:
    """Return the problems that a campaign trains on; the arguments are those above."""
    return campaign_problems(
        train, purpose="pool", seed=seed, campaign=campaign, num_problems=num_problems
    )


def step_problems(
    pool: Sequence[Problem], *, seed: int, campaign: int, step: int, num_problems: int
) -> list[Problem]:
    """Return the distinct problems of one gradient step, drawn from the campaign's pool.

    An epoch shuffles the pool once and deals it out, as a data loader does; a step that
    straddles two epochs may skip ahead to stay free of repeats.
    """
    deal: list[int] = []
    first, last = (step - 1) * num_problems, step * num_problems
    epoch = 0
    while len(deal) < last:
        order = generator("prompts", seed, campaign, epoch).permutation(len(pool)).tolist()
        recent = set(deal[len(deal) - len(deal) % num_problems :])
        deal += [i for i in order if i not in recent] + [i for i in order if i in recent]
        epoch += 1
    return [pool[i] for i in deal[first:last]]
