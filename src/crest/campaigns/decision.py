"""`decision.json`: what a campaign decided, and all that its chain decided before it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crest.campaigns.snapshot import snapshot_from_json, snapshot_to_json
from crest.records import CampaignCurve, CampaignPlan, Decision, History, Selection

if TYPE_CHECKING:
    from crest.campaigns.run import CampaignResult


def decision_to_json(result: "CampaignResult", earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a finished campaign as JSON, with the decisions before it under `history`.

    Args:
        result: The campaign.
        earlier: The previous campaign's file, or nothing for the first.
    """
    curve, plan, selection = result.curve, result.curve.plan, result.selection
    history = [past for file in earlier for past in decisions_of_chain(file)]
    return {
        "campaign": curve.campaign,
        "num_steps": plan.num_steps,
        "patience": plan.patience,
        "learning_rate_scale": plan.learning_rate_scale,
        "plan_reason": plan.reason,
        "beliefs": dict(plan.beliefs),
        "steps_run": curve.steps_run,
        "peak_step": curve.peak_step,
        "roll_forward_step": selection.step,
        "roll_forward_campaign": selection.campaign,
        "reason": selection.reason,
        "select_pass@1": list(curve.select_pass_at_1),
        "snapshots": [snapshot_to_json(snapshot) for snapshot in curve.snapshots],
        "history": history,
    }


def decisions_of_chain(file: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all decisions that a campaign's file holds, oldest first, its own last."""
    return [*file["history"], _own(file)]


def history_from_json(earlier: Sequence[dict[str, Any]]) -> History:
    """Return what the next campaign's controller sees, from the previous campaign's file."""
    past = [item for file in earlier for item in decisions_of_chain(file)]
    return History(tuple(_decision(item) for item in past))


def _own(file: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in file.items() if key not in {"history", "stamp"}}


def _decision(item: dict[str, Any]) -> Decision:
    plan = CampaignPlan(
        num_steps=item["num_steps"],
        patience=item["patience"],
        learning_rate_scale=item["learning_rate_scale"],
        reason=item["plan_reason"],
        beliefs=item["beliefs"],
    )
    snapshots = tuple(snapshot_from_json(snapshot) for snapshot in item["snapshots"])
    selection = Selection(
        step=item["roll_forward_step"],
        reason=item["reason"],
        campaign=item["roll_forward_campaign"],
    )
    return Decision(CampaignCurve(item["campaign"], plan, snapshots), selection)
