"""CARE's capability posterior alone: the largest budget that it does not refuse.

Differences from the source (arXiv:2606.21090, arm A1, an ablation): it does not say how its memory
sets a budget on its own. Here the largest of the three budgets runs at which neither pass@1 nor a
protected capability is believed to regress; where all are refused, the campaign is rejected [ours].
Beliefs are never revised.
"""

import numpy as np

from crest.control._foresight import foresee
from crest.control._gate import BUDGETED, steps_of
from crest.control._options import BudgetOptions, PosteriorOptions
from crest.control._plans import rejection
from crest.control._restart import select_end_or_restart
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = True


class Options(BudgetOptions, PosteriorOptions):
    """Options of the posterior, and its budgets."""


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the largest budget that the posterior does not refuse, or no step."""
    foresight = foresee(history, start, options, revision=None, max_steps=max_steps)
    reason = "the posterior refuses nothing"
    for verdict in BUDGETED:
        num_steps = steps_of(verdict, options.budgets, max_steps)
        refused = foresight.refusal(num_steps)
        if not refused:
            beliefs = foresight.to_json(verdict, num_steps)
            return CampaignPlan(num_steps, reason=f"{verdict}: {reason}", beliefs=beliefs)
        reason = f"at {num_steps} steps {refused}"
    return rejection(foresight, reason, num_steps)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step; of a rejected campaign, the best earlier checkpoint."""
    return select_end_or_restart(history, curve)
