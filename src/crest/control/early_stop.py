"""Early stopping between campaigns: the peak rolls forward and sets the next budget.

Differences from the source (arXiv:2606.21090, ES: the peak checkpoint, then a budget of peak step
+ 3): the peak is chosen on a split that nothing else is measured on, and of equal peaks the first
counts; the budget is capped at the study's. The source has no rule for a campaign whose best step
is its start (peak step 0): here the start rolls forward unchanged, and the next campaign tries
`margin` steps.

The budget follows one peak alone, so it can shrink to `margin` and grow by at most `margin` a
campaign from there.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from crest.control._peak import select_peak
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(BaseModel):
    """Options of early stopping."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    margin: int = Field(
        default=3,
        ge=1,
        description="Steps that the next campaign may run beyond the previous peak step.",
    )


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the previous peak step plus the margin; the first campaign gets `max_steps`."""
    if not history.decisions:
        return CampaignPlan(num_steps=max_steps)
    peak_step = history.decisions[-1].curve.peak_step
    return CampaignPlan(num_steps=min(peak_step + options.margin, max_steps))


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the first step with the highest select pass@1; 0 keeps the campaign's start."""
    return select_peak(curve)
