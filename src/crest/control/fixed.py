"""The same budget for every campaign, and its last weights roll forward: the naive chain.

Differences from the source (arXiv:2606.21090, arm A0, 20 steps a campaign): none; the budget is an
option. With 5 steps it is the control of early stopping that takes about as many steps as early
stopping does and chooses none of them.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(BaseModel):
    """Options of the fixed budget."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_steps: int | None = Field(
        default=None,
        ge=1,
        description="Gradient steps of a campaign; null takes the study's number, which is also "
        "the most that is ever run.",
    )


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the fixed budget."""
    return CampaignPlan(num_steps=min(options.num_steps or max_steps, max_steps))


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step."""
    return Selection(step=curve.steps_run, reason="the last step rolls forward")
