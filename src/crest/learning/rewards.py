"""Rewards of a batch of rollouts."""

from collections.abc import Sequence

import numpy as np

from crest.learning.advantages import Rewards
from crest.records import Rollout

Groups = Sequence[Sequence[Rollout]]
"""The rollouts of one step: one sequence a problem, all equally long."""


def batch_rewards(groups: Groups) -> Rewards:
    """Return float64[problem, sample]: 1 where every hidden test passed, else 0.

    Raises:
        ValueError: There are no rollouts, or the groups differ in size.
    """
    sizes = sorted({len(group) for group in groups})
    if len(sizes) != 1 or sizes[0] == 0:
        raise ValueError(f"groups of sizes {sizes}; give each problem the same number of samples")
    return np.array([[float(item.verdict.passed) for item in group] for group in groups])
