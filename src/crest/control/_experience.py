"""What the campaigns of a chain have shown: changes, contexts, falls from the peak.

Campaigns that took no step show nothing and are passed over. Readings of what the definition of
CARE v2 leaves open [all ours]: end over peak is that of the last campaign that took steps, and 1
where there is none; a failure is a campaign whose pass@1 ended more than the regression margin
below its start, counted among the last campaigns of the window that took steps; the budget is a
share of the study's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crest.control._posterior import Vector
from crest.records import CampaignCurve, Estimate, History, Snapshot

FEATURES = ("constant", "start", "entropy", "ratio", "budget", "failures")
"""The context x of a campaign: 1, pass@1 and entropy at its start, end over peak of the campaign
before, its budget, and failures in the window."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What scales contexts: the study's budget, and what counts as a failure.

    Attributes:
        max_steps: Budgets are divided by it.
        margin: Fall of pass@1 beyond which a campaign failed.
        window: Campaigns looked back upon.
    """

    max_steps: int
    margin: float
    window: int


@dataclass(frozen=True, slots=True)
class Experience:
    """One campaign that took steps.

    Attributes:
        context: float64[feature], as known before its first step.
        changes: End minus start of each capability, with its sampling variance v.
    """

    context: Vector
    changes: Mapping[str, Estimate]


def trained(history: History) -> list[CampaignCurve]:
    """Return the campaigns that took steps, oldest first."""
    return [past.curve for past in history.decisions if past.curve.steps_run > 0]


def end_to_peak(curve: CampaignCurve) -> float:
    """Return r: pass@1 at the end over that at the peak, each shrunk as (c + 1)/(n + 2).

    Shrinking keeps r finite and near 1 where next to nothing passes. The peak is the highest of
    noisy values, so r lies below 1 for a policy that never changes: at 256 samples of equally hard
    problems and 21 evaluations by 0.08 on average where 60% pass, by 0.19 where 20% do.
    """
    end, peak = (_shrunk(curve.snapshots[step]) for step in (-1, curve.peak_step))
    return end / peak


def latest_ratio(history: History) -> float:
    """Return r of the last campaign that took steps; 1, nothing having fallen, if there is none."""
    curves = trained(history)
    return end_to_peak(curves[-1]) if curves else 1.0


def changes(curve: CampaignCurve) -> dict[str, Estimate]:
    """Return end minus start of each capability; their samples are independent."""
    start, end = curve.snapshots[0].capability, curve.snapshots[-1].capability
    return {
        name: Estimate(
            end[name].value - start[name].value, end[name].variance + start[name].variance
        )
        for name in start
        if name in end
    }


def context_of(history: History, start: Snapshot, num_steps: int, setting: Setting) -> Vector:
    """Return the context of the campaign after a history: float64[feature].

    Args:
        history: The campaigns before it.
        start: Measured before its first step.
        num_steps: Its budget.
        setting: What scales contexts.
    """
    recent = trained(history)[-setting.window :]
    failures = sum(changes(curve)["pass@1"].value < -setting.margin for curve in recent)
    start_rate = start.capability["pass@1"].value
    budget = num_steps / setting.max_steps
    return np.array([1.0, start_rate, start.entropy, latest_ratio(history), budget, failures])


def experiences(history: History, setting: Setting) -> list[Experience]:
    """Return what each campaign that took steps has shown, oldest first."""
    found = []
    for position, past in enumerate(history.decisions):
        curve = past.curve
        if curve.steps_run > 0:
            before = History(history.decisions[:position])
            context = context_of(before, curve.snapshots[0], curve.steps_run, setting)
            found.append(Experience(context, changes(curve)))
    return found


def _shrunk(snapshot: Snapshot) -> float:
    return (snapshot.num_correct + 1) / (snapshot.num_samples + 2)
