"""What a policy can do at one step of a campaign, by its samples of the watched problems."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crest.learning.rewards import Groups, batch_rewards
from crest.records import Capability, Estimate, Rollout, Snapshot

HARD_LEVEL = 3
Floats = NDArray[np.float64]


def take_snapshot(groups: Groups) -> Snapshot:
    """Return the capability vector and the entropy that graded samples show.

    Variances are binomial, at rates shrunk as (passes + 1)/(samples + 2), with the problems taken
    as given. The entropy is the mean of -log p over the sampled tokens, whose expectation it is.

    Args:
        groups: One sequence of rollouts a watched problem, all equally long.
    """
    rewards = batch_rewards(groups)
    surprises = [
        -log_prob
        for group in groups
        for rollout in group
        for log_prob in rollout.completion.log_probs
    ]
    return Snapshot(
        capability=_capability(rewards, groups),
        entropy=float(np.mean(surprises)),
        num_correct=int(rewards.sum()),
        num_samples=rewards.size,
    )


def snapshot_to_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as JSON values."""
    return {
        "capability": {
            name: [estimate.value, estimate.variance]
            for name, estimate in snapshot.capability.items()
        },
        "entropy": snapshot.entropy,
        "num_correct": snapshot.num_correct,
        "num_samples": snapshot.num_samples,
    }


def snapshot_from_json(item: dict[str, Any]) -> Snapshot:
    """Return the snapshot that `snapshot_to_json` wrote."""
    capability = {name: Estimate(*pair) for name, pair in item["capability"].items()}
    return Snapshot(capability, item["entropy"], item["num_correct"], item["num_samples"])


def _capability(rewards: Floats, groups: Groups) -> Capability:
    num_samples = rewards.shape[1]
    correct = rewards.sum(axis=1)
    distinct = np.array([_distinct_solutions(group) for group in groups], dtype=np.float64)
    solved = 1.0 - (1.0 - _shrunk(correct, num_samples)) ** num_samples
    capability = {
        "pass@1": _share(correct, num_samples),
        "pass@k": Estimate(float((correct > 0).mean()), _variance(solved, 1)),
        "distinct": _share(distinct, num_samples),
    }
    hard = np.array([group[0].problem.level >= HARD_LEVEL for group in groups])
    if hard.any():
        capability["hard"] = _share(correct[hard], num_samples)
    return capability


def _distinct_solutions(group: Sequence[Rollout]) -> int:
    return len({rollout.completion.text for rollout in group if rollout.verdict.passed})


def _share(counts: Floats, num_samples: int) -> Estimate:
    variance = _variance(_shrunk(counts, num_samples), num_samples)
    return Estimate(float(counts.mean() / num_samples), variance)


def _shrunk(counts: Floats, num_samples: int) -> Floats:
    return (counts + 1.0) / (num_samples + 2.0)


def _variance(rates: Floats, num_samples: int) -> float:
    """Return the variance of the mean over problems of shares of `num_samples` draws each."""
    return float((rates * (1.0 - rates)).mean() / (num_samples * len(rates)))
