"""CARE v2: capability posterior, transfer gate and belief revision set the budget.

Differences from the source (arXiv:2606.21090, arm A3): its thresholds, priors and update are not
published, so all of them are ours; the parts and their roles are the source's. As there, the budget
and the checkpoint that a campaign starts from are decided, and never the learning rate.

A campaign's end rolls forward. A campaign is rejected, whatever the gate says, when the posterior
refuses even the smallest budget: it then takes no step, and the best earlier checkpoint rolls
forward. A rejected campaign shows nothing, so beliefs and thresholds stay as they are.

Limits of the definition, seen on simulated chains (table `gate_errors`) and kept as they are:

- End over peak falls below .8 by noise alone where few samples pass, and foretells a fall only
  where falls persist; where ends scatter about a level, a rise follows a fall and it misleads.
- A first campaign that learns much makes the posterior expect as much again, so the second is a
  bad surprise in every such chain.
- A rejected campaign shows nothing, so the next is rejected too: few chains train again.
- With s = .08 a protected capability must be foreseen to fall by 15 points or more to be protected,
  which is about all of the share of distinct solutions that there is.
"""

import numpy as np

from crest.control._options import CareOptions
from crest.control._plans import plan_by_care
from crest.control._restart import select_end_or_restart
from crest.records import CampaignCurve, CampaignPlan, History, Selection, Snapshot

RESTARTS = True


class Options(CareOptions):
    """Options of CARE."""


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the gate's budget, or no step where the posterior refuses the smallest."""
    return plan_by_care(history, start, options, max_steps=max_steps)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step; of a rejected campaign, the best earlier checkpoint."""
    return select_end_or_restart(history, curve)
