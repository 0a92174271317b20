"""CARE with a hypervolume gate: a trust region over the capability vector sets the budget.

Differences from the source (arXiv:2606.21090): it has no such arm; the gate is the structural
analogue of MORBO (arXiv:2109.10964) [ours]. Posterior, belief revision and rejection are CARE's; in
place of end over peak of pass@1 stands the hypervolume that the last campaigns gained in all
capabilities at once. A region that has shrunk too far restarts: its campaign is rejected, and the
best earlier checkpoint rolls forward.
"""

import numpy as np
from pydantic import Field

from crest.control._foresight import foresee
from crest.control._gate import Verdict, share_of
from crest.control._options import PosteriorOptions, RevisionOptions, Share
from crest.control._plans import rejection
from crest.control._restart import select_end_or_restart
from crest.control._trust_region import hypervolume_gain, region_after
from crest.records import CampaignCurve, CampaignPlan, Estimate, History, Selection, Snapshot

RESTARTS = True


class Options(PosteriorOptions, RevisionOptions):
    """Options of CARE's posterior and revision, and of the trust region."""

    caution: float = Field(
        default=2.0,
        ge=0,
        description="Standard errors beyond which a loss of hypervolume is a failure.",
    )
    smallest: Share = Field(
        default=0.25, description="Share of the study's budget below which the region restarts."
    )


def plan(
    history: History,
    start: Snapshot,
    options: Options,
    *,
    max_steps: int,
) -> CampaignPlan:
    """Return the trust region's budget, or no step where it restarts or the posterior refuses."""
    foresight = foresee(history, start, options, revision=options, max_steps=max_steps)
    length, restarts = region_after(
        _outcomes(history), caution=options.caution, smallest=options.smallest
    )
    smallest, num_steps = share_of(options.smallest, max_steps), share_of(length, max_steps)
    refused = foresight.refusal(smallest)
    if restarts or refused:
        reason = f"at {smallest} steps {refused}" if refused else "the region shrank too far"
        return rejection(foresight, reason, smallest)
    verdict = Verdict.REUSE if length == 1 else Verdict.ADAPT
    beliefs = foresight.to_json(verdict, num_steps) | {"region": length}
    reason = f"{verdict}: the trust region holds {length:g} of the budget"
    return CampaignPlan(num_steps, reason=reason, beliefs=beliefs)


def select(
    history: History,
    curve: CampaignCurve,
    options: Options,
    *,
    rng: np.random.Generator,
) -> Selection:
    """Return the last step; of a rejected campaign, the best earlier checkpoint."""
    return select_end_or_restart(history, curve)


def _outcomes(history: History) -> list[Estimate | None]:
    curves = [past.curve for past in history.decisions]
    return [hypervolume_gain(curve) if curve.steps_run > 0 else None for curve in curves]
