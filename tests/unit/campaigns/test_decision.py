import polars as pl

from crest.campaigns.decision import decision_to_json, decisions_of_chain, history_from_json
from crest.campaigns.decision_table import decision_rows
from crest.campaigns.run import CampaignResult
from crest.records import CampaignCurve, CampaignPlan, Decision, Estimate, Selection, Snapshot

KEYS = {"study": "collapse", "model": "organism", "method": "care", "seed": 3, "max_steps": 20}


def result(campaign: int, *values: float) -> CampaignResult:
    snapshots = tuple(
        Snapshot(
            {"pass@1": Estimate(value, 0.01)}, entropy=1.0 - value, num_correct=1, num_samples=2
        )
        for value in values
    )
    plan = CampaignPlan(20, 3, 0.5, "gate: reuse", beliefs={"r": campaign / 2})
    curve = CampaignCurve(campaign, plan, snapshots)
    return CampaignResult(curve, Selection(curve.peak_step, "peak", 0), {"steps": pl.DataFrame()})


def chain() -> dict:
    file = decision_to_json(result(1, 0.1, 0.3, 0.2), [])
    return decision_to_json(result(2, 0.3, 0.1), [file | {"stamp": {}}])


def test_a_chain_of_files_reads_back_as_the_chain_of_decisions() -> None:
    assert history_from_json([chain()]).decisions == tuple(
        Decision(each.curve, each.selection)
        for each in (result(1, 0.1, 0.3, 0.2), result(2, 0.3, 0.1))
    )


def test_the_first_campaign_has_no_history() -> None:
    assert history_from_json([]).decisions == ()


def test_the_last_file_of_a_chain_holds_every_campaign_once() -> None:
    assert [item["campaign"] for item in decisions_of_chain(chain())] == [1, 2]


def test_the_table_has_a_row_a_campaign_with_what_it_was_given_and_did() -> None:
    table = decision_rows(chain(), KEYS)
    assert table["campaign"].to_list() == [1, 2]
    assert table["seed"].to_list() == [3, 3]
    assert table["steps_run"].to_list() == [2, 1]
    assert table["peak_step"].to_list() == [1, 0]
    assert table["start_pass@1"].to_list() == [0.1, 0.3]
    assert table["end_pass@1"].to_list() == [0.2, 0.1]
    assert table["end_hard"].to_list() == [None, None]
    assert table["beliefs"].to_list() == ['{"r":0.5}', '{"r":1.0}']
    assert table["roll_forward_campaign"].to_list() == [0, 0]
