"""What is logged of a step beside the update's own metrics, under TRL's names.

All of it describes the policy that wrote the step's rollouts, before the step's update.
Differences from TRL: deviations are the population's; `num_tokens` counts the completion tokens of
this step alone, where TRL adds up prompts and completions over the run.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from crest.learning.likelihood import divergences, vocabulary_log_probs
from crest.learning.rewards import Groups, batch_rewards
from crest.models.policy import Policy
from crest.records import Completion, Rollout


def rollout_metrics(groups: Groups) -> dict[str, float]:
    """Return what the rollouts of a step show by themselves.

    Returns:
        `reward`: share of samples that pass. `reward_std`: deviation within a group, mean over
        groups. `frac_reward_zero_std`: share of groups whose rewards are all equal.
        `completions/*_length`: in tokens, the end-of-sequence token included.
        `completions/clipped_ratio`: share cut off at the cap. `eos_at_0`: share that ends at once.
        `distinct_completions`: see `distinct_share`. `num_tokens`: completion tokens of the step.
    """
    rewards = batch_rewards(groups)
    completions = [rollout.completion for group in groups for rollout in group]
    return {
        "reward": float(rewards.mean()),
        "reward_std": float(rewards.std(axis=1).mean()),
        "frac_reward_zero_std": float((np.ptp(rewards, axis=1) == 0).mean()),
        **_length_metrics(completions),
        "distinct_completions": distinct_share(
            [[rollout.completion.text for rollout in group] for group in groups],
        ),
    }


def distinct_share(texts: Sequence[Sequence[str]]) -> float:
    """Return the share of distinct texts among a problem's samples, averaged over problems.

    Example:
        >>> distinct_share([["a", "a"], ["a", "b"]])
        0.75
    """
    return float(np.mean([len(set(samples)) / len(samples) for samples in texts]))


def divergence_metrics(
    policy: Policy,
    references: Mapping[str, Policy],
    groups: Groups,
    *,
    num_completions: int,
    temperature: float,
) -> dict[str, float]:
    """Return KL(policy || reference) in nats a token for each named reference.

    At a given prefix the divergence is exact: a sum over the whole vocabulary. The prefixes are
    those of completions that the policy sampled, so over them it is a Monte Carlo estimate; the
    mean is over tokens, so long completions weigh more. Without sampling noise of the token
    itself it varies far less than log-ratios of the sampled tokens do, and is never negative.

    Args:
        policy: That sampled the rollouts.
        references: Policies to compare with, such as `kl` (start of the campaign) or `kl_base`.
        groups: Rollouts of the step.
        num_completions: Rollouts to use: first samples of all problems, then second ones, ...
        temperature: At which the rollouts were sampled.
    """
    chosen = _spread(groups, num_completions)
    tokens = policy.encode_batch(
        [(rollout.problem.prompt, rollout.completion.token_ids) for rollout in chosen],
    )
    mask = tokens.completion_mask
    with torch.no_grad():
        log_probs = vocabulary_log_probs(policy.completion_logits(tokens), temperature)
        per_token = {
            name: divergences(
                log_probs, vocabulary_log_probs(reference.completion_logits(tokens), temperature)
            )
            for name, reference in references.items()
        }
    return {name: float((kl * mask).sum() / mask.sum()) for name, kl in per_token.items()}


def _spread(groups: Groups, num_completions: int) -> list[Rollout]:
    rounds = [rollout for samples in zip(*groups, strict=True) for rollout in samples]
    return rounds[:num_completions]


def _length_metrics(completions: Sequence[Completion]) -> dict[str, float]:
    lengths = np.array([len(completion.token_ids) for completion in completions])
    stopped = np.array([completion.finish_reason == "stop" for completion in completions])
    return {
        "completions/mean_length": float(lengths.mean()),
        "completions/min_length": float(lengths.min()),
        "completions/max_length": float(lengths.max()),
        "completions/clipped_ratio": float(1.0 - stopped.mean()),
        "eos_at_0": float((stopped & (lengths == 1)).mean()),
        "num_tokens": float(lengths.sum()),
    }
