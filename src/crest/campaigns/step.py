"""The steps of a campaign: sample, update, measure, store.

The loop knows an objective, a penalty and a grader by their functions alone, so every arm runs
through the same lines.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from crest.campaigns.clock import Clock
from crest.campaigns.problems import step_problems
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.snapshot import snapshot_to_json, take_snapshot
from crest.campaigns.tables import rollout_table, select_table, step_table
from crest.campaigns.work import CampaignWork, Progress, weights_of
from crest.learning.metrics import distinct_share, divergence_metrics, rollout_metrics
from crest.learning.objective import Objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import Penalty
from crest.learning.rewards import Groups, batch_rewards
from crest.learning.sampling import sample_rollouts
from crest.learning.update import UpdateResult, UpdateSettings, update
from crest.models.policy import Policy
from crest.records import CampaignPlan, Grade, History, Problem

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CampaignInputs:
    """What a campaign is given.

    Attributes:
        policy: Trained in place, from the campaign's start.
        start: The same weights, never changed: the reference of `kl`.
        base: The chain's base model: the reference of `kl_base`.
        train: The whole train split.
        select: The whole select split.
        history: Earlier decisions of the chain.
        learning_rate: Of the optimiser after its warm-up.
        grade: Judges programs.
    """

    policy: Policy
    start: Policy
    base: Policy
    train: Sequence[Problem]
    select: Sequence[Problem]
    history: History
    learning_rate: float
    grade: Grade


@dataclass(frozen=True, slots=True)
class Loop:
    """The parts of a running campaign that do not change from step to step.

    Attributes:
        settings: Of the campaign.
        inputs: What it was given.
        pool: Problems that it trains on.
        watched: Problems of select on which every step is measured.
        objective: What its steps maximise.
        clock: Where its time goes.
    """

    settings: CampaignSettings
    inputs: CampaignInputs
    pool: list[Problem]
    watched: list[Problem]
    objective: Objective
    clock: Clock


@dataclass(frozen=True, slots=True)
class Training:
    """What takes the steps, once the campaign is planned.

    Attributes:
        plan: Budget and learning rate.
        optimiser: At that rate.
        penalty: Beside the objective.
    """

    plan: CampaignPlan
    optimiser: Optimiser
    penalty: Penalty


def measure_start(loop: Loop, work: CampaignWork) -> Progress:
    """Measure the policy before any step, and store it."""
    metrics, watched = _watch(loop, step=0)
    keys = {**loop.settings.keys(), "step": 0}
    tables = {
        "steps": step_table(keys, metrics, watched),
        "select": select_table(keys, watched),
    }
    progress = Progress(
        step=0,
        tensors={},
        scalars={
            "snapshots": [snapshot_to_json(take_snapshot(watched))],
            "objective": {},
            "penalty": {},
            "line": "",
        },
    )
    log.info("start: select pass@1 %.3f", metrics["select_pass@1"])
    return _save(loop, work, progress, tables)


def take_step(loop: Loop, training: Training, before: Progress, work: CampaignWork) -> Progress:
    """Take one gradient step, measure it, and store it."""
    step = before.step + 1
    keys = {**loop.settings.keys(), "step": step}
    groups = _sample(loop, step)
    metrics = _rollout_metrics(loop, groups)
    result = _update(loop, training, before, groups)
    monitored, watched = _watch(loop, step)
    metrics |= result.metrics | monitored
    progress = Progress(
        step=step,
        tensors=training.optimiser.state_tensors(),
        scalars={
            "snapshots": [
                *before.scalars["snapshots"],
                snapshot_to_json(take_snapshot(watched)),
            ],
            "objective": dict(result.state),
            "penalty": dict(result.penalty_state),
            "line": _line(metrics),
        },
    )
    tables = {
        "steps": step_table(keys, metrics, groups),
        "select": select_table(keys, watched),
        "rollouts": rollout_table(keys, groups, result.advantages),
    }
    return _save(loop, work, progress, tables)


def _update(loop: Loop, training: Training, before: Progress, groups: Groups) -> UpdateResult:
    settings = loop.settings
    with loop.clock.phase("update"):
        return update(
            loop.inputs.policy,
            groups,
            loop.objective,
            training.optimiser,
            UpdateSettings(
                temperature=settings.sampling.temperature,
                max_completion_length=settings.sampling.max_completion_length,
                micro_batch_size=settings.training.micro_batch_size,
            ),
            state=before.scalars["objective"],
            step=before.step + 1,
            penalty=training.penalty,
            penalty_state=before.scalars["penalty"],
        )


def _sample(loop: Loop, step: int) -> list[Any]:
    settings, training = loop.settings, loop.settings.training
    problems = step_problems(
        loop.pool,
        seed=settings.seed,
        campaign=settings.campaign,
        step=step,
        num_problems=training.prompts_per_step,
    )
    with loop.clock.phase("rollout"):
        return sample_rollouts(
            loop.inputs.policy,
            problems,
            loop.inputs.grade,
            ("rollout", settings.seed, settings.campaign, step),
            num_generations=training.num_generations,
            temperature=settings.sampling.temperature,
            max_completion_length=settings.sampling.max_completion_length,
        )


def _rollout_metrics(loop: Loop, groups: Groups) -> dict[str, float]:
    """Return what the rollouts say of the policy that wrote them."""
    with loop.clock.phase("monitoring"):
        divergences = divergence_metrics(
            loop.inputs.policy,
            {"kl": loop.inputs.start, "kl_base": loop.inputs.base},
            groups,
            num_completions=loop.settings.monitor.kl_completions,
            temperature=loop.settings.sampling.temperature,
        )
    metrics = rollout_metrics(groups)
    return metrics | divergences | {"train_pass@1": metrics["reward"]}


def _watch(loop: Loop, step: int) -> tuple[dict[str, float], Groups]:
    """Return pass@1 and diversity on the watched problems, and the samples behind them."""
    settings = loop.settings
    with loop.clock.phase("monitoring"):
        groups = sample_rollouts(
            loop.inputs.policy,
            loop.watched,
            loop.inputs.grade,
            ("watch", settings.seed, settings.campaign, step),
            num_generations=settings.monitor.num_generations,
            temperature=settings.sampling.temperature,
            max_completion_length=settings.sampling.max_completion_length,
        )
    texts = [[rollout.completion.text for rollout in group] for group in groups]
    metrics = {
        "select_pass@1": float(batch_rewards(groups).mean()),
        "select_distinct": distinct_share(texts),
    }
    return metrics, groups


def _line(metrics: dict[str, float]) -> str:
    shown = ("reward", "select_pass@1", "entropy", "kl", "grad_norm", "distinct_completions")
    return "  ".join(f"{name} {metrics[name]:.3f}" for name in shown)


def _save(
    loop: Loop, work: CampaignWork, progress: Progress, tables: dict[str, pl.DataFrame]
) -> Progress:
    with loop.clock.phase("writing"):
        weights = weights_of(loop.inputs.policy)
        return work.save(progress, weights, tables, num_steps=loop.settings.max_steps)
