"""CARE and early stopping together: the smaller of their budgets, and the peak rolls forward.

Differences from the source (arXiv:2606.21090): it has no such arm; readers of it ask for one. CARE
decides whether a campaign runs and how long at most, early stopping caps that at the last peak step
+ `margin` and rolls the peak forward. Rejected campaigns roll the best earlier checkpoint forward,
as CARE's do. CARE's changes and ratios stay those of a campaign's last step, which no choice of a
peak has biased.
"""

from dataclasses import replace

import numpy as np
from pydantic import Field

from crest.control._experience import trained
from crest.control._options import CareOptions
from crest.control._peak import select_peak
from crest.control._plans import plan_by_care
from crest.control._restart import select_best_start
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = True


class Options(CareOptions):
    """Options of CARE and of early stopping."""

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
    """Return CARE's plan, at most the previous peak step plus the margin long."""
    care = plan_by_care(history, start, options, max_steps=max_steps)
    curves = trained(history)
    if not curves or curves[-1].peak_step + options.margin >= care.num_steps:
        return care
    limit = curves[-1].peak_step + options.margin
    reason = f"{care.reason}; early stopping allows {limit} steps"
    return replace(care, num_steps=limit, reason=reason)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the first step with the highest select pass@1, or the best earlier checkpoint."""
    return select_peak(curve) if curve.steps_run > 0 else select_best_start(history, curve)
