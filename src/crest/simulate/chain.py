"""One simulated chain under one controller."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crest.records import CampaignCurve, Decision, History, Selection
from crest.seeds import generator
from crest.simulate.scenarios import BASE, Scenario, draw_fates, jittered, true_curve
from crest.simulate.watched import Monitor, draw_difficulties, watch

MARGIN = 0.05
"""A campaign regresses where true pass@1 falls by more than this."""


@dataclass(frozen=True, slots=True)
class Design:
    """The size of a simulated chain.

    Attributes:
        num_campaigns: Campaigns in it.
        max_steps: Budget of a full campaign.
        monitor: What a controller sees.
    """

    num_campaigns: int
    max_steps: int
    monitor: Monitor


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a controller decided about one campaign, and whether it had reason to.

    Attributes:
        regresses: Whether the campaign would have regressed at the full budget.
        decision: What the controller saw, granted and rolled forward.
        start: True pass@1 before it.
        end: True pass@1 that rolled forward from it.
    """

    regresses: bool
    decision: Decision
    start: float
    end: float

    @property
    def num_steps(self) -> int:
        """Return what the controller granted."""
        return self.decision.curve.plan.num_steps


@dataclass(frozen=True, slots=True)
class Arm:
    """A controller and its options."""

    controller: ModuleType
    options: Any


def run_chain(scenario: Scenario, design: Design, arm: Arm, *seeds: int) -> list[Ruling]:
    """Return a controller's rulings on the campaigns of one chain.

    Fates, watched problems and noise depend on the scenario, the seeds and the campaign alone, so
    that controllers meet the same chains.
    """
    names = ("simulated chain", scenario.kind.value, str(scenario.size), *seeds)
    fates = draw_fates(scenario, design.num_campaigns, generator(*names))
    history = History()
    rolled = [BASE]  # true pass@1 of what rolled out of each campaign; first the base
    rulings = []
    for campaign, fate in enumerate(fates, start=1):
        rng = generator(*names, campaign)
        trend = true_curve(fate, rolled[-1], design.max_steps)
        truth = jittered(trend, rng) if fate.moves else trend
        decision = _decide(truth, history, design, arm, rng)
        history = History((*history.decisions, decision))
        rolled.append(_rolled(decision.selection, truth, rolled))
        regresses = bool(truth[-1] < truth[0] - MARGIN)
        rulings.append(Ruling(regresses, decision, float(truth[0]), rolled[-1]))
    return rulings


def _decide(
    truth: NDArray[np.float64],
    history: History,
    design: Design,
    arm: Arm,
    rng: np.random.Generator,
) -> Decision:
    """Return what the controller makes of a campaign whose full course is known."""
    problems = draw_difficulties(design.monitor, rng)
    seen = watch(truth, *problems, design.monitor.num_generations, rng)
    plan = arm.controller.plan(history, seen[0], arm.options, max_steps=design.max_steps)
    curve = CampaignCurve(len(history.decisions) + 1, plan, seen[: plan.num_steps + 1])
    return Decision(curve, arm.controller.select(history, curve, arm.options, rng=rng))


def _rolled(selection: Selection, truth: NDArray[np.float64], rolled: list[float]) -> float:
    if selection.campaign is not None:
        return rolled[selection.campaign]
    return float(truth[selection.step])
