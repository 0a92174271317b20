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
from crest.campaigns.problems import campaign_problems, step_problems
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.tables import rollout_table, select_table, step_table
from crest.campaigns.work import TABLES, CampaignWork, Progress, Tensors
from crest.learning.metrics import distinct_share, divergence_metrics, rollout_metrics
from crest.learning.objective import Objective, load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.rewards import Groups, batch_rewards
from crest.learning.sampling import sample_rollouts
from crest.learning.update import UpdateSettings, update
from crest.models.policy import Policy
from crest.records import CampaignCurve, CampaignPlan, Grade, History, Problem, Selection
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
    plan: CampaignPlan
    pool: list[Problem]
    watched: list[Problem]
    objective: Objective
    optimiser: Optimiser
    clock: Clock


def run_campaign(
    settings: CampaignSettings, inputs: CampaignInputs, work: CampaignWork, clock: Clock
) -> CampaignResult:
    """Run a campaign, from its last finished step if the work folder holds one.

    Raises:
        FloatingPointError: A loss or gradient is not finite; names the step.
    """
    controller = CONTROLLERS[settings.controller.kind]
    options = controller.Options.model_validate(settings.controller.options)
    plan = controller.plan(inputs.history, options, max_steps=settings.max_steps)
    loop = _prepare(settings, replace(inputs, grade=clock.timed(inputs.grade)), plan, clock)
    curve = _run_steps(loop, work)
    rng = generator("select", settings.seed, settings.campaign)
    selection = controller.select(curve, options, rng=rng)
    log.info(
        "peak step %d, step %d rolls forward: %s",
        curve.peak_step,
        selection.step,
        selection.reason,
    )
    with clock.phase("writing"):
        tables = {name: work.table(name) for name in TABLES}
    return CampaignResult(curve, selection, tables)


def weights_of(policy: Policy) -> Tensors:
    """Return copies of a policy's trainable tensors, by position."""
    return {str(i): tensor.detach().clone() for i, tensor in enumerate(policy.parameters())}


def set_weights(policy: Policy, weights: Tensors) -> None:
    """Set a policy's trainable tensors to what `weights_of` returned."""
    for i, tensor in enumerate(policy.parameters()):
        tensor.data.copy_(weights[str(i)])


def _prepare(
    settings: CampaignSettings, inputs: CampaignInputs, plan: CampaignPlan, clock: Clock
) -> _Loop:
    training, place = settings.training, {"seed": settings.seed, "campaign": settings.campaign}
    return _Loop(
        settings=settings,
        inputs=inputs,
        plan=plan,
        pool=campaign_problems(
            inputs.train, purpose="pool", num_problems=training.problems_per_campaign, **place
        ),
        watched=campaign_problems(
            inputs.select, purpose="watch", num_problems=settings.monitor.num_problems, **place
        ),
        objective=load_objective(settings.objective.kind, settings.objective.options),
        optimiser=Optimiser(
            inputs.policy.parameters(),
            learning_rate=inputs.learning_rate,
            warmup_steps=training.warmup_steps,
            max_grad_norm=training.max_grad_norm,
            betas=(training.adam_beta1, training.adam_beta2),
        ),
        clock=clock,
    )


def _run_steps(loop: _Loop, work: CampaignWork) -> CampaignCurve:
    progress = work.load()
    if progress is None:
        progress = _start(loop, work)
    else:
        _resume(loop, work, progress)
    curve = _curve(loop, progress)
    while not _finished(curve):
        progress = _step(loop, progress, work)
        curve = _curve(loop, progress)
        line = progress.scalars["line"]
        log.info("step %d/%d %s", progress.step, loop.plan.num_steps, line)
    return curve


def _finished(curve: CampaignCurve) -> bool:
    """Return whether the budget is used up or the plan's patience is at its end."""
    if curve.steps_run >= curve.plan.num_steps:
        return True
    patience = curve.plan.patience
    return patience is not None and curve.steps_run >= curve.peak_step + patience


def _curve(loop: _Loop, progress: Progress) -> CampaignCurve:
    values = progress.scalars["select_pass@1"]
    return CampaignCurve(loop.settings.campaign, loop.plan, tuple(values))


def _start(loop: _Loop, work: CampaignWork) -> Progress:
    """Measure the policy before any step."""
    metrics, watched = _watch(loop, step=0)
    keys = {**loop.settings.keys(), "step": 0}
    tables = {
        "steps": step_table(keys, metrics, watched),
        "select": select_table(keys, watched),
    }
    progress = Progress(
        step=0,
        tensors=loop.optimiser.state_tensors(),
        scalars={"select_pass@1": [metrics["select_pass@1"]], "objective": {}, "line": ""},
    )
    with loop.clock.phase("writing"):
        stored = _save(loop, work, progress, tables)
    log.info("start: select pass@1 %.3f", metrics["select_pass@1"])
    return stored


def _resume(loop: _Loop, work: CampaignWork, progress: Progress) -> None:
    """Put policy and optimiser back to the last finished step."""
    set_weights(loop.inputs.policy, work.weights(progress.step))
    loop.optimiser.load_state_tensors(progress.tensors)


def _save(
    loop: _Loop, work: CampaignWork, progress: Progress, tables: dict[str, pl.DataFrame]
) -> Progress:
    weights = weights_of(loop.inputs.policy)
    return work.save(progress, weights, tables, num_steps=loop.plan.num_steps)


def _step(loop: _Loop, before: Progress, work: CampaignWork) -> Progress:
    """Take one gradient step, measure it, and store it."""
    step = before.step + 1
    keys = {**loop.settings.keys(), "step": step}
    state = before.scalars["objective"]
    groups = _sample(loop, step)
    metrics = _rollout_metrics(loop, groups)
    with loop.clock.phase("update"):
        result = update(
            loop.inputs.policy,
            groups,
            loop.objective,
            loop.optimiser,
            UpdateSettings(
                temperature=loop.settings.sampling.temperature,
                max_completion_length=loop.settings.sampling.max_completion_length,
                micro_batch_size=loop.settings.training.micro_batch_size,
            ),
            state=state,
            step=step,
            reference=loop.inputs.start,
        )
    monitored, watched = _watch(loop, step)
    metrics |= result.metrics | monitored
    curve = before.scalars["select_pass@1"]
    progress = Progress(
        step=step,
        tensors=loop.optimiser.state_tensors(),
        scalars={
            "select_pass@1": [*curve, monitored["select_pass@1"]],
            "objective": dict(result.state),
            "line": _line(metrics),
        },
    )
    with loop.clock.phase("writing"):
        tables = {
            "steps": step_table(keys, metrics, groups),
            "select": select_table(keys, watched),
            "rollouts": rollout_table(keys, groups, result.advantages),
        }
        return _save(loop, work, progress, tables)


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
