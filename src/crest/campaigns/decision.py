"""`decision.json`: what a campaign decided, and all that its chain decided before it."""

from collections.abc import Sequence
from typing import Any

from crest.campaigns.run import CampaignResult
from crest.records import CampaignCurve, CampaignPlan, Decision, History, Selection


def decision_to_json(result: CampaignResult, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a finished campaign as JSON, with the decisions before it under `history`.

    Args:
        result: The campaign.
        earlier: The previous campaign's file, or nothing for the first.
    """
    curve = result.curve
    history = [past for file in earlier for past in (*file["history"], _own(file))]
    return {
        "campaign": curve.campaign,
        "num_steps": curve.plan.num_steps,
        "patience": curve.plan.patience,
        "steps_run": curve.steps_run,
        "peak_step": curve.peak_step,
        "roll_forward_step": result.selection.step,
        "reason": result.selection.reason,
        "select_pass@1": list(curve.select_pass_at_1),
        "history": history,
    }


def history_from_json(earlier: Sequence[dict[str, Any]]) -> History:
    """Return what the next campaign's controller sees, from the previous campaign's file."""
    past = [item for file in earlier for item in (*file["history"], file)]
    return History(tuple(_decision(item) for item in past))


def _own(file: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in file.items() if key not in {"history", "stamp"}}


def _decision(item: dict[str, Any]) -> Decision:
    plan = CampaignPlan(num_steps=item["num_steps"], patience=item["patience"])
    curve = CampaignCurve(item["campaign"], plan, tuple(item["select_pass@1"]))
    return Decision(curve, Selection(step=item["roll_forward_step"], reason=item["reason"]))
