"""CARE v1, the negative control: a fixed budget, and a learning rate that halves after each fall.

Differences from the source (arXiv:2606.21090; known from notes of it): what it counts as a
regression is not published. Here it is a campaign that ends more than `regression_margin` below its
start in pass@1 on the select split. The rate never recovers.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from crest.control._experience import changes, trained
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(BaseModel):
    """Options of CARE v1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regression_margin: float = Field(
        default=0.05, ge=0, description="A campaign regressed where pass@1 fell by more than this."
    )
    factor: float = Field(
        default=0.5, gt=0, le=1, description="On the learning rate, after each regression."
    )


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the whole budget at a rate that halved with every regression so far."""
    falls = [changes(curve)["pass@1"].value for curve in trained(history)]
    regressions = sum(fall < -options.regression_margin for fall in falls)
    scale = options.factor**regressions
    return CampaignPlan(
        max_steps,
        learning_rate_scale=scale,
        reason=f"{regressions} of {len(falls)} campaigns regressed",
        beliefs={"regressions": regressions},
    )


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step."""
    return Selection(step=curve.steps_run, reason="the last step rolls forward")
