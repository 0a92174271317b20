import polars as pl

from crest.campaigns.decision import decision_to_json, history_from_json
from crest.campaigns.run import CampaignResult
from crest.records import CampaignCurve, CampaignPlan, Decision, Selection


def result(campaign: int, *values: float) -> CampaignResult:
    curve = CampaignCurve(campaign, CampaignPlan(num_steps=20, patience=3), values)
    return CampaignResult(curve, Selection(curve.peak_step, "peak"), {"steps": pl.DataFrame()})


def test_a_chain_of_files_reads_back_as_the_chain_of_decisions() -> None:
    first, second = result(1, 0.1, 0.3, 0.2), result(2, 0.3, 0.1)
    file = decision_to_json(first, [])
    file = decision_to_json(second, [file | {"stamp": {}}])
    assert history_from_json([file]).decisions == (
        Decision(first.curve, first.selection),
        Decision(second.curve, second.selection),
    )


def test_the_first_campaign_has_no_history() -> None:
    assert history_from_json([]).decisions == ()
