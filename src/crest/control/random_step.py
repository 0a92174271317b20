"""A random step of the campaign rolls forward: the control of early stopping's choice.

Differences from the source: arXiv:2606.21090 has no such arm. It runs the full budget and keeps, on
average, half of it without looking at the curve; what early stopping gains beyond it comes from
choosing by pass@1. The start is never drawn, as a campaign that changes nothing is no control.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict

from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(BaseModel):
    """A random step has no options."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the study's budget."""
    return CampaignPlan(num_steps=max_steps)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return a step drawn uniformly from those after the start."""
    step = int(rng.integers(1, curve.steps_run + 1))
    return Selection(step=step, reason=f"drawn uniformly from steps 1 to {curve.steps_run}")
