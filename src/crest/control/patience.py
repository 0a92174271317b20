"""Early stopping within a campaign: it ends some steps after its best step, which rolls forward.

Differences from the source (arXiv:2606.21090, the variant of ES that stops 3 steps after the peak):
the peak is chosen on a split that nothing else is measured on, and of equal peaks the first counts,
so a plateau uses up patience. Every campaign may run the study's full budget. If no step beats the
start, the campaign ends after `patience` steps and the start rolls forward unchanged.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from crest.control._peak import select_peak
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(BaseModel):
    """Options of patience."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    patience: int = Field(
        default=3,
        ge=1,
        description="Steps after the best step so far at which a campaign ends.",
    )


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the whole budget, to be cut short by patience."""
    return CampaignPlan(num_steps=max_steps, patience=options.patience)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the first step with the highest select pass@1; 0 keeps the campaign's start."""
    return select_peak(curve)
