"""Campaigns that never ran, as controllers see them."""

import numpy as np

from crest.records import (
    CAPABILITIES,
    CampaignCurve,
    CampaignPlan,
    Decision,
    Estimate,
    History,
    Selection,
    Snapshot,
)

NUM_SAMPLES = 256


def snapshot(value, *, entropy=0.3, variance=0.0005, **others):
    """Return what samples at a pass@1 show; the other capabilities follow it unless given."""
    values = {
        "pass@1": value,
        "pass@k": min(2 * value, 1.0),
        "distinct": value / 3,
        "hard": value / 2,
    }
    values |= others
    capability = {name: Estimate(values[name], variance) for name in CAPABILITIES}
    return Snapshot(capability, entropy, round(NUM_SAMPLES * value), NUM_SAMPLES)


def curve(values, campaign=1, **others):
    """Return a campaign whose select pass@1 took the given values."""
    plan = CampaignPlan(num_steps=len(values) - 1)
    return CampaignCurve(campaign, plan, tuple(snapshot(value, **others) for value in values))


def history(*curves_of_values, selections=None):
    """Return a chain of campaigns; the end rolls forward unless a selection is given."""
    decisions = []
    for campaign, values in enumerate(curves_of_values, start=1):
        run = curve(values, campaign)
        chosen = (selections or {}).get(campaign, Selection(run.steps_run, "the end"))
        decisions.append(Decision(run, chosen))
    return History(tuple(decisions))


def rng(seed=0):
    """Return a generator for a controller that draws nothing."""
    return np.random.default_rng(seed)
