"""How CARE plans a campaign: the gate's budget, unless what is foreseen forbids any."""

from crest.control._experience import latest_ratio
from crest.control._foresight import Foresight, foresee
from crest.control._gate import Verdict, steps_of, transfer_verdict
from crest.control._options import CareOptions, GateOptions
from crest.records import CampaignPlan, History, Snapshot


def plan_by_care(
    history: History, start: Snapshot, options: CareOptions, *, max_steps: int
) -> CampaignPlan:
    """Return the budget of posterior, transfer gate and belief revision together."""
    foresight = foresee(history, start, options, revision=options, max_steps=max_steps)
    tightening = foresight.beliefs.tightening
    verdict, reason = gate_of(history, options, tightening)
    num_steps = steps_of(verdict, options.budgets, max_steps)
    smallest = steps_of(Verdict.PILOT, options.budgets, max_steps)
    refused = foresight.refusal(smallest)
    if refused and _may_reject(history, options.max_rejections):
        return rejection(foresight, f"at {smallest} steps {refused}", smallest)
    if refused:
        verdict, num_steps = Verdict.PILOT, smallest
        reason = f"{refused}, but so many campaigns in a row were rejected"
    beliefs = foresight.to_json(verdict, num_steps) | thresholds(options, tightening)
    return CampaignPlan(num_steps, reason=f"{verdict}: {reason}", beliefs=beliefs)


def rejection(foresight: Foresight, reason: str, smallest: int) -> CampaignPlan:
    """Return the plan of a campaign that takes no step.

    Args:
        foresight: Of the campaign.
        reason: Why, in words.
        smallest: The smallest budget there was, at which changes are foreseen for the record.
    """
    verdict = Verdict.REJECT
    beliefs = foresight.to_json(verdict, smallest)
    return CampaignPlan(0, reason=f"{verdict}: {reason}", beliefs=beliefs)


def gate_of(history: History, options: GateOptions, tightening: float = 0.0) -> tuple[Verdict, str]:
    """Return the transfer gate's verdict on the campaigns so far, and its reason in words."""
    ratio = latest_ratio(history)
    verdict = transfer_verdict(
        ratio,
        reuse_ratio=options.reuse_ratio,
        adapt_ratio=options.adapt_ratio,
        tightening=tightening,
    )
    limits = thresholds(options, tightening)
    return verdict, (
        f"end over peak {ratio:.2f}, where {limits['reuse_ratio']:.2f} reuses "
        f"and {limits['adapt_ratio']:.2f} adapts"
    )


def thresholds(options: GateOptions, tightening: float) -> dict[str, float]:
    """Return the gate's two ratios as they stand."""
    return {
        "reuse_ratio": options.reuse_ratio + tightening,
        "adapt_ratio": options.adapt_ratio + tightening,
    }


def _may_reject(history: History, limit: int | None) -> bool:
    """Return whether fewer campaigns in a row were rejected than may be."""
    if limit is None:
        return True
    last = history.decisions[-limit:]
    return len(last) < limit or any(past.curve.steps_run > 0 for past in last)
