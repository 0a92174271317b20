"""CARE's transfer gate alone: end over peak of the last campaign sets the budget.

Differences from the source (arXiv:2606.21090, arm A2, an ablation): its thresholds are not
published, so they are ours. Without a posterior nothing can be foreseen, so no campaign is
rejected, and the thresholds never tighten.
"""

import numpy as np

from crest.control._experience import latest_ratio
from crest.control._gate import steps_of
from crest.control._options import GateOptions
from crest.control._plans import gate_of, thresholds
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = False


class Options(GateOptions):
    """Options of the gate."""


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the gate's budget; the first campaign has nothing to fall from, and reuses."""
    verdict, reason = gate_of(history, options)
    beliefs = {
        "verdict": verdict.value,
        "ratio": latest_ratio(history),
        **thresholds(options, 0.0),
    }
    num_steps = steps_of(verdict, options.budgets, max_steps)
    return CampaignPlan(num_steps, reason=f"{verdict}: {reason}", beliefs=beliefs)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step."""
    return Selection(step=curve.steps_run, reason="the last step rolls forward")
