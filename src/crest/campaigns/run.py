"""One campaign: plan, step after step, select; resumable after every step.

The loop knows an objective, a controller and a grader by their functions alone, so every arm runs
through the same lines.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from crest.campaigns.clock import Clock
from crest.campaigns.problems import campaign_problems, step_problems, training_pool
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.snapshot import snapshot_from_json, snapshot_to_json, take_snapshot
from crest.campaigns.tables import TABLES, rollout_table, select_table, step_table
from crest.campaigns.work import CampaignWork, Progress, Tensors
from crest.learning.metrics import distinct_share, divergence_metrics, rollout_metrics
from crest.learning.objective import Objective, load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import Penalty, PenaltyContext, load_penalty
from crest.learning.rewards import Groups, batch_rewards
from crest.learning.sampling import sample_rollouts
from crest.learning.update import UpdateResult, UpdateSettings, update
from crest.models.policy import Policy
from crest.records import (
    CampaignCurve,
    CampaignPlan,
    Grade,
    History,
    Problem,
    Selection,
    Snapshot,
)
from crest.registry import Registry
from crest.seeds import generator

CONTROLLERS = Registry("crest.control")
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
class CampaignResult:
    """What a campaign leaves behind, beside the weights in its work folder."""

    curve: CampaignCurve
    selection: Selection
    tables: dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class _Loop:
    """The parts of a running campaign that do not change from step to step."""

    settings: CampaignSettings
    inputs: CampaignInputs
    pool: list[Problem]
    watched: list[Problem]
    objective: Objective
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Training:
    """What takes the steps, once the campaign is planned.

    Attributes:
        plan: Budget and learning rate.
        optimiser: At that rate.
        penalty: Beside the objective.
    """

    plan: CampaignPlan
    optimiser: Optimiser
    penalty: Penalty


def run_campaign(
    settings: CampaignSettings, inputs: CampaignInputs, work: CampaignWork, clock: Clock
) -> CampaignResult:
    """Run a campaign, from its last finished step if the work folder holds one.

    Raises:
        FloatingPointError: A loss or gradient is not finite; names the step.
    """
    controller = CONTROLLERS[settings.controller.kind]
    options = controller.Options.model_validate(settings.controller.options)
    loop = _prepare(settings, replace(inputs, grade=clock.timed(inputs.grade)), clock)
    progress = work.load() or _start(loop, work)
    (start, *_) = _snapshots(progress)
    plan = controller.plan(inputs.history, start, options, max_steps=settings.max_steps)
    log.info("budget %d steps%s", plan.num_steps, f": {plan.reason}" if plan.reason else "")
    curve = _run_steps(loop, plan, progress, work)
    rng = generator("select", settings.seed, settings.campaign)
    selection = controller.select(inputs.history, curve, options, rng=rng)
    log.info(
        "peak step %d, step %d%s rolls forward: %s",
        curve.peak_step,
        selection.step,
        "" if selection.campaign is None else f" no, what left campaign {selection.campaign}",
        selection.reason,
    )
    with clock.phase("writing"):
        tables = {name: work.table(name, schema) for name, schema in TABLES.items()}
    return CampaignResult(curve, selection, tables)


def weights_of(policy: Policy) -> Tensors:
    """Return copies of a policy's trainable tensors, by position."""
    return {str(i): tensor.detach().clone() for i, tensor in enumerate(policy.parameters())}


def set_weights(policy: Policy, weights: Tensors) -> None:
    """Set a policy's trainable tensors to what `weights_of` returned."""
    for i, tensor in enumerate(policy.parameters()):
        tensor.data.copy_(weights[str(i)])


def _prepare(settings: CampaignSettings, inputs: CampaignInputs, clock: Clock) -> _Loop:
    return _Loop(
        settings=settings,
        inputs=inputs,
        pool=_pool(settings, inputs.train, settings.campaign),
        watched=campaign_problems(
            inputs.select,
            purpose="watch",
            seed=settings.seed,
            campaign=settings.campaign,
            num_problems=settings.monitor.num_problems,
        ),
        objective=load_objective(settings.objective.kind, settings.objective.options),
        clock=clock,
    )


def _pool(settings: CampaignSettings, train: Sequence[Problem], campaign: int) -> list[Problem]:
    return training_pool(
        train,
        seed=settings.seed,
        campaign=campaign,
        num_problems=settings.training.problems_per_campaign,
    )


def _training(loop: _Loop, plan: CampaignPlan) -> _Training:
    inputs, training = loop.inputs, loop.settings.training
    optimiser = Optimiser(
        inputs.policy.parameters(),
        learning_rate=inputs.learning_rate * plan.learning_rate_scale,
        warmup_steps=training.warmup_steps,
        max_grad_norm=training.max_grad_norm,
        betas=(training.adam_beta1, training.adam_beta2),
    )
    with loop.clock.phase("penalty"):
        return _Training(plan, optimiser, _penalty(loop))


def _penalty(loop: _Loop) -> Penalty:
    settings, inputs = loop.settings, loop.inputs
    before = settings.campaign - 1
    context = PenaltyContext(
        start=inputs.start,
        base=inputs.base,
        problems=_pool(settings, inputs.train, before) if before else [],
        stream=("penalty", settings.seed, settings.campaign),
        temperature=settings.sampling.temperature,
        max_completion_length=settings.sampling.max_completion_length,
        micro_batch_size=settings.training.micro_batch_size,
    )
    return load_penalty(settings.penalty.kind, settings.penalty.options).prepare(context)


def _run_steps(
    loop: _Loop, plan: CampaignPlan, progress: Progress, work: CampaignWork
) -> CampaignCurve:
    curve = _curve(loop, plan, progress)
    if _finished(curve):
        return curve
    training = _training(loop, plan)
    if progress.step > 0:
        set_weights(loop.inputs.policy, work.weights(progress.step))
        training.optimiser.load_state_tensors(progress.tensors)
    while not _finished(curve):
        progress = _step(loop, training, progress, work)
        curve = _curve(loop, plan, progress)
        line = progress.scalars["line"]
        log.info("step %d/%d %s", progress.step, plan.num_steps, line)
    return curve


def _finished(curve: CampaignCurve) -> bool:
    """Return whether the budget is used up or the plan's patience is at its end."""
    if curve.steps_run >= curve.plan.num_steps:
        return True
    patience = curve.plan.patience
    return patience is not None and curve.steps_run >= curve.peak_step + patience


def _curve(loop: _Loop, plan: CampaignPlan, progress: Progress) -> CampaignCurve:
    return CampaignCurve(loop.settings.campaign, plan, _snapshots(progress))


def _snapshots(progress: Progress) -> tuple[Snapshot, ...]:
    return tuple(snapshot_from_json(item) for item in progress.scalars["snapshots"])


def _start(loop: _Loop, work: CampaignWork) -> Progress:
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


def _save(
    loop: _Loop, work: CampaignWork, progress: Progress, tables: dict[str, pl.DataFrame]
) -> Progress:
    with loop.clock.phase("writing"):
        weights = weights_of(loop.inputs.policy)
        return work.save(progress, weights, tables, num_steps=loop.settings.max_steps)


def _step(loop: _Loop, training: _Training, before: Progress, work: CampaignWork) -> Progress:
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


def _update(loop: _Loop, training: _Training, before: Progress, groups: Groups) -> UpdateResult:
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


def _sample(loop: _Loop, step: int) -> list[Any]:
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


def _rollout_metrics(loop: _Loop, groups: Groups) -> dict[str, float]:
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


def _watch(loop: _Loop, step: int) -> tuple[dict[str, float], Groups]:
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
