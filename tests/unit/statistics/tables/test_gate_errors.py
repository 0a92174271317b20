import polars as pl
import pytest

from crest.statistics.cluster_ratio import ratio_interval
from crest.statistics.tables.gate_errors import RATES, SCHEMA, gate_errors_table

CHAIN = {
    "num_sound": 6,
    "num_sound_cut": 2,
    "num_sound_rejected": 1,
    "num_regressing": 3,
    "num_regressing_full": 1,
    "num_regressing_rejected": 1,
    "num_rejected": 2,
    "num_after_rejection": 4,
    "num_trained_after_rejection": 3,
    "total_steps": 120,
    "end_pass@1": 0.4,
}


def table(*changes, level=0.95, **keys):
    """Return the table of chains that differ from `CHAIN` as given."""
    shared = {"scenario": "sporadic", "size": 0.2, "method": "care", **keys}
    rows = [{**shared, "chain": index, **CHAIN, **change} for index, change in enumerate(changes)]
    return gate_errors_table(pl.DataFrame(rows), level)


def row(frame, metric):
    return frame.row(by_predicate=pl.col("metric") == metric, named=True)


def test_rates_are_over_all_campaigns_of_all_chains():
    frame = table({}, {"num_sound": 2, "num_sound_cut": 0, "num_regressing_full": 3})
    assert frame.schema == SCHEMA
    alarm, miss = row(frame, "false_alarm"), row(frame, "miss")
    assert (alarm["estimate"], alarm["n_trials"], alarm["n_chains"]) == (2 / 8, 8, 2)
    assert miss["estimate"] == pytest.approx(4 / 6)
    assert row(frame, "trained_after_rejection")["estimate"] == pytest.approx(6 / 8)


def test_intervals_go_over_chains():
    changes = [{"num_sound_cut": cut} for cut in (0, 1, 2, 5)]
    frame = table(*changes, level=0.9)
    chains = pl.DataFrame([{**CHAIN, **change} for change in changes])
    for metric, columns in RATES.items():
        events, trials = (chains[name].cast(pl.Float64).to_numpy() for name in columns)
        found = row(frame, metric)
        low_high = ratio_interval(events, trials, 0.9)
        assert (found["ci_low"], found["ci_high"]) == pytest.approx(low_high)
        assert found["ci_level"] == 0.9


def test_dice_are_not_informed_and_a_perfect_gate_is():
    dice = {"num_sound_cut": 3, "num_regressing": 4, "num_regressing_full": 2}
    assert row(table(dice, dice), "informedness")["estimate"] == pytest.approx(0)
    perfect = {"num_sound_cut": 0, "num_regressing_full": 0}
    assert row(table(perfect, perfect), "informedness")["estimate"] == 1
    wrong = {"num_sound_cut": 6, "num_regressing_full": 3}
    assert row(table(wrong, wrong), "informedness")["estimate"] == -1


def test_where_no_campaign_regresses_there_is_no_miss_and_no_informedness():
    frame = table(*[{"num_regressing": 0, "num_regressing_full": 0}] * 3)
    for metric in ("miss", "informedness"):
        found = row(frame, metric)
        assert (found["estimate"], found["ci_low"], found["ci_high"]) == (None, None, None)
    assert row(frame, "false_alarm")["estimate"] == pytest.approx(1 / 3)


def test_the_end_of_chains_is_a_mean_over_chains():
    found = row(table(*[{"end_pass@1": end} for end in (0.2, 0.4, 0.6)]), "end_pass@1")
    assert found["estimate"] == pytest.approx(0.4)
    assert found["ci_low"] < 0.2
    assert found["ci_high"] > 0.6


def test_scenarios_sizes_and_arms_have_rows_of_their_own():
    parts = [
        {"scenario": scenario, "size": size, "method": method, "chain": 0, **CHAIN}
        for scenario, size in (("healthy", 0.0), ("sporadic", 0.1), ("sporadic", 0.2))
        for method in ("care", "gate")
    ]
    frame = gate_errors_table(pl.DataFrame(parts * 2), 0.95)
    cells = frame.select("scenario", "size", "method").unique()
    assert len(cells) == 6
    assert frame.height == 6 * (len(RATES) + 2)
