import polars as pl
import pytest

from crest.statistics.fresh import fresh_rates, fresh_scores

# One chain, one problem, four samples a checkpoint: passes out of 4 at
# start, peak, end and next of two campaigns. The peak rolls forward.
PASSES = {1: (1, 3, 0, 3), 2: (3, 4, 2, 4)}


def evaluation(passes=PASSES, **changes):
    rows = [
        {
            "method": "es",
            "seed": 0,
            "campaign": campaign,
            "checkpoint": checkpoint,
            "step": 0,
            "task_id": "t",
            "family": "string",
            "level": 1,
            "num_samples": 4,
            "num_correct": num_correct,
        }
        for campaign, counts in passes.items()
        for checkpoint, num_correct in zip(("start", "peak", "end", "next"), counts, strict=True)
    ]
    return pl.DataFrame(rows).with_columns(**changes)


def test_rates_stand_beside_those_of_the_next_campaign():
    found = fresh_rates(evaluation()).sort("campaign")
    columns = ["start", "peak", "end", "successor", "first_start"]
    assert found.select(columns).rows() == [
        (0.25, 0.75, 0.0, 0.75, 0.25),
        (0.75, 1.0, 0.5, 1.0, 0.25),
    ]


def test_metrics_by_hand():
    scores = fresh_scores(fresh_rates(evaluation()))["es"]
    found = {metric: score.values.item() for metric, score in scores.items()}
    assert found == {
        "start_pass@1": 0.25,
        "end_pass@1": 1.0,
        "gain": 0.75,
        "rise": (0.5 + 0.25) / 2,
        "fresh_gap": (0.75 + 0.5) / 2,
        "carry_over": (0.75 + 0.5) / 2,
        "carried_gain": (0.5 + 0.75) / 2,
    }


def test_the_order_of_campaigns_in_the_table_does_not_matter():
    shuffled = evaluation().reverse()
    assert fresh_rates(shuffled).sort("campaign").equals(fresh_rates(evaluation()).sort("campaign"))


def test_a_checkpoint_that_was_not_evaluated_is_named():
    missing = evaluation().filter((pl.col("campaign") != 2) | (pl.col("checkpoint") != "peak"))
    with pytest.raises(ValueError, match="es seed 0 campaign 2: no peak on t"):
        fresh_rates(missing)
    with pytest.raises(ValueError, match="no checkpoint 'next'"):
        fresh_rates(evaluation().filter(pl.col("checkpoint") != "next"))


def test_a_chain_that_was_collected_twice_is_refused():
    with pytest.raises(ValueError, match="collect each chain once"):
        fresh_rates(pl.concat([evaluation(), evaluation()]))
