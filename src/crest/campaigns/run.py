"""One campaign: measure, plan, step after step, select; resumable after every step."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from crest.campaigns.clock import Clock
from crest.campaigns.problems import campaign_problems, training_pool
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.snapshot import snapshot_from_json
from crest.campaigns.step import CampaignInputs, Loop, Training, measure_start, take_step
from crest.campaigns.tables import TABLES
from crest.campaigns.work import CampaignWork, Progress, set_weights
from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import Penalty, PenaltyContext, load_penalty
from crest.records import CampaignCurve, CampaignPlan, Problem, Selection, Snapshot
from crest.registry import Registry
from crest.seeds import generator

CONTROLLERS = Registry("crest.control")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What a campaign leaves behind, beside the weights in its work folder."""

    curve: CampaignCurve
    selection: Selection
    tables: dict[str, pl.DataFrame]


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
    progress = work.load() or measure_start(loop, work)
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


def _prepare(settings: CampaignSettings, inputs: CampaignInputs, clock: Clock) -> Loop:
    return Loop(
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


def _training(loop: Loop, plan: CampaignPlan) -> Training:
    inputs, training = loop.inputs, loop.settings.training
    optimiser = Optimiser(
        inputs.policy.parameters(),
        learning_rate=inputs.learning_rate * plan.learning_rate_scale,
        warmup_steps=training.warmup_steps,
        max_grad_norm=training.max_grad_norm,
        betas=(training.adam_beta1, training.adam_beta2),
    )
    with loop.clock.phase("penalty"):
        return Training(plan, optimiser, _penalty(loop))


def _penalty(loop: Loop) -> Penalty:
    settings, inputs = loop.settings, loop.inputs
    before = settings.campaign - 1
    context = PenaltyContext(
        start=inputs.start,
        base=inputs.base,
        problems=_pool(settings, inputs.train, before) if before else [],
        stream=("penalty", settings.seed, settings.campaign),
        temperature=settings.sampling.temperature,
        max_completion_length=settings.sampling.max_completion_length,
    )
    return load_penalty(settings.penalty.kind, settings.penalty.options).prepare(context)


def _run_steps(
    loop: Loop, plan: CampaignPlan, progress: Progress, work: CampaignWork
) -> CampaignCurve:
    curve = _curve(loop, plan, progress)
    if _finished(curve):
        return curve
    training = _training(loop, plan)
    if progress.step > 0:
        set_weights(loop.inputs.policy, work.weights(progress.step))
        training.optimiser.load_state_tensors(progress.tensors)
    while not _finished(curve):
        progress = take_step(loop, training, progress, work)
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


def _curve(loop: Loop, plan: CampaignPlan, progress: Progress) -> CampaignCurve:
    return CampaignCurve(loop.settings.campaign, plan, _snapshots(progress))


def _snapshots(progress: Progress) -> tuple[Snapshot, ...]:
    return tuple(snapshot_from_json(item) for item in progress.scalars["snapshots"])
