"""Selectors, critics and their scores, on picks made by hand and on tables of known truth."""

import numpy as np
import polars as pl
import pytest
from tests.synthetic.crossover import SMALL, scores_table

from crest.statistics.calibration import auc
from crest.statistics.picks import FREE, picks_of
from crest.statistics.resampling import Resampling
from crest.statistics.tables.critic_calibration import critic_calibration_table
from crest.statistics.tables.critic_curve import critic_curve_table
from crest.statistics.tables.selection import selection_table
from crest.statistics.tables.selection_gains import selection_gains_table

FEW = Resampling(num_resamples=300)
# Three tasks: nothing fits; candidates agree and are right; candidates disagree.
FITS, DIVERGENT = (0, 2, 3), (False, False, True)


def picks(*selectors, seeds=2):
    """Return picks of (selector, critic_tasks, correct on the three tasks) by every seed."""
    rows = [
        {"seed": seed, "bank": "easy", "task_id": f"t{task}", "k": 8}
        | {"selector": name, "critic_tasks": size, "correct": float(correct[task])}
        | {"num_visible_fit": FITS[task], "divergent": DIVERGENT[task]}
        for seed in range(seeds)
        for name, size, correct in selectors
        for task in range(3)
    ]
    return pl.DataFrame(rows)


def only(table, **keys):
    rows = table.filter(*(pl.col(name) == value for name, value in keys.items()))
    return rows.row(0, named=True)


HAND = picks(
    ("first", 0, (0, 1, 0)),
    ("random", 0, (0, 1, 0.5)),
    ("critic", 100, (0, 1, 0)),
    ("critic", 200, (0, 1, 1)),
    ("critic_vote", 200, (0, 1, 0.5)),
    ("one_sample", 0, (0, 0.3, 0.2)),
)


def test_a_subset_is_a_mean_over_its_tasks():
    table = selection_table(HAND, FEW, pick_budget=8)
    found = {
        subset: only(table, subset=subset, selector="random")
        for subset in ("all", "fitting", "divergent", "agreeing")
    }
    estimates = {subset: row["estimate"] for subset, row in found.items()}
    shares = {subset: row["tasks_share"] for subset, row in found.items()}
    assert estimates == pytest.approx(
        {"all": 0.5, "fitting": 0.75, "divergent": 0.5, "agreeing": 1.0}
    )
    assert shares == pytest.approx(
        {"all": 1, "fitting": 2 / 3, "divergent": 1 / 3, "agreeing": 1 / 3}
    )


def test_the_claims_rest_on_the_pick_budget_and_the_critic_trained_on_most_tasks():
    table = selection_table(HAND, FEW, pick_budget=8).filter("primary", subset="all")
    assert set(table["selector"]) == {"first", "random", "critic", "critic_vote", "one_sample"}
    assert table.filter(selector="critic")["critic_tasks"].to_list() == [200]
    assert not selection_table(HAND, FEW, pick_budget=4)["primary"].any()


def test_a_gain_is_the_difference_of_the_best_trained_critic_task_by_task():
    table = selection_gains_table(HAND, FEW, pick_budget=8)
    gains = {
        (row["method"], row["reference"]): row["estimate"]
        for row in table.filter(subset="divergent").to_dicts()
    }
    assert gains == pytest.approx(
        {
            ("critic", "first"): 1,
            ("critic", "random"): 0.5,
            ("critic", "one_sample"): 0.8,
            ("critic_vote", "first"): 0.5,
            ("critic_vote", "random"): 0,
            ("critic_vote", "one_sample"): 0.3,
            ("critic_vote", "critic"): -0.5,
        }
    )
    assert only(table, subset="all", method="critic", reference="first")[
        "estimate"
    ] == pytest.approx(1 / 3)


def test_where_candidates_agree_nothing_is_gained_but_over_a_blind_sample():
    table = selection_gains_table(HAND, FEW, pick_budget=8).filter(subset="agreeing")
    free = table.filter(pl.col("reference") != "one_sample")
    assert set(free["estimate"]) == {0}
    assert set(free["p_value"]) == set(free["p_tasks"]) == {1}
    assert only(table, reference="one_sample", method="critic")["estimate"] == pytest.approx(0.7)


def test_picks_that_differ_where_candidates_agree_are_refused():
    wrong = picks(("first", 0, (0, 1, 0)), ("critic", 100, (0, 0, 1)))
    with pytest.raises(ValueError, match="on 2 tasks whose candidates behave alike"):
        picks_of(wrong, "easy", 8)


def test_selectors_that_picked_from_other_candidates_are_refused():
    wrong = HAND.with_columns(
        divergent=pl.when(selector="first").then(statement=False).otherwise("divergent")
    )
    with pytest.raises(ValueError, match="disagree on which tasks have candidates"):
        picks_of(wrong, "easy", 8)


def test_a_missing_pick_is_refused():
    with pytest.raises(ValueError, match="6 selectors, 2 split seeds and 3 tasks make 35 picks"):
        picks_of(HAND.tail(35), "easy", 8)


def test_holms_family_is_the_selectors_without_a_critic(results):
    rows = results["selection_gains"].filter(bank="easy", k=8, subset="all", method="critic_vote")
    assert set(rows.filter("free")["reference"]) == set(FREE)
    assert set(rows.filter(~pl.col("free"))["reference"]) == {"one_sample", "oracle", "critic"}
    for plain, corrected in (("p_value", "p_holm"), ("p_tasks", "p_tasks_holm")):
        known = rows.drop_nulls(corrected)
        assert set(known["reference"]) == set(FREE)
        smallest = known.sort(plain).row(0, named=True)
        assert smallest[corrected] == pytest.approx(min(1, 7 * smallest[plain]))


def test_a_critic_that_helps_where_candidates_disagree_is_found_to(results):
    gains = results["selection_gains"].filter(
        "primary", bank="easy", method="critic", reference="random"
    )
    for subset in ("all", "divergent"):
        assert only(gains, subset=subset)["ci_low"] > 0
    assert only(gains, subset="divergent")["p_tasks"] < 0.05


def test_the_learning_curve_has_its_sizes_gains_and_slope():
    table = critic_curve_table(HAND, FEW, pick_budget=8).filter(selector="critic")
    correct = table.filter(metric="correct")
    assert dict(correct.select("critic_tasks", "estimate").iter_rows()) == pytest.approx(
        {100: 1 / 3, 200: 2 / 3}
    )
    gains = table.filter(metric="gain", reference="first")
    assert gains["estimate"].to_list() == pytest.approx([0, 1 / 3])
    assert only(table, metric="slope")["estimate"] == pytest.approx(1 / 3)  # one doubling


def test_a_slope_is_that_of_the_line_through_all_sizes(results):
    table = results["critic_curve"].filter(bank="hard", k=8, selector="critic")
    points = table.filter(metric="correct").select("critic_tasks", "estimate").to_numpy()
    slope = np.polyfit(np.log2(points[:, 0]), points[:, 1], 1)[0]
    assert only(table, metric="slope")["estimate"] == pytest.approx(slope)


def test_a_critic_of_one_size_has_no_slope():
    one = HAND.filter(pl.col("critic_tasks") != 100)
    assert "slope" not in set(critic_curve_table(one, FEW, pick_budget=8)["metric"])


def test_bins_of_a_calibrated_critic_cover_the_diagonal(results):
    bins = results["critic_calibration"].filter(metric="observed", bank="easy")
    assert bins["bin"].to_list() == list(range(10))
    inside = bins.filter(pl.col("predicted").is_between("ci_low", "ci_high"))
    assert len(inside) >= 8
    scores = results["crossover/scores"].filter(bank="easy", critic_tasks=1000)
    assert bins["n_candidates"].sum() == len(scores)


def test_a_bin_is_the_share_right_of_its_candidates_mean_over_seeds():
    frame = pl.DataFrame(
        {
            "bank": "easy",
            "seed": [0, 0, 0, 1],
            "task_id": ["a", "a", "b", "a"],
            "sample_id": [0, 1, 0, 0],
            "critic_tasks": 100,
            "score": [0.1, 0.2, 0.1, 0.1],
            "log_prob": [-1.0, -2.0, -1.0, -1.0],
            "correct": [True, False, True, True],
        }
    )
    row = only(critic_calibration_table(frame, FEW), metric="observed")
    assert (row["bin"], row["n_candidates"]) == (5, 4)
    assert row["estimate"] == pytest.approx((2 / 3 + 1) / 2)
    within = only(critic_calibration_table(frame, FEW), metric="auc_within")
    assert (within["estimate"], within["n_seeds"]) == (0, 1)
    blind = only(critic_calibration_table(frame, FEW), metric="auc_within_log_prob")
    assert blind["estimate"] == 1


def test_order_within_a_task_is_the_mean_auc_of_tasks_with_both_kinds(results):
    scores = results["crossover/scores"].filter(bank="hard", critic_tasks=1000)
    found = only(results["critic_calibration"], bank="hard", critic_tasks=1000, metric="auc_within")
    by_seed = []
    for _, rows in scores.group_by("seed", maintain_order=True):
        areas = [
            auc(task["score"].to_numpy(), task["correct"].to_numpy().astype(float))
            for _, task in rows.group_by("task_id")
        ]
        by_seed.append(np.mean([area for area in areas if area is not None]))
    assert found["estimate"] == pytest.approx(np.mean(by_seed))


def test_a_critic_that_is_too_sure_is_off_by_more_than_its_null():
    table = critic_calibration_table(scores_table(SMALL, slope=0.4), FEW)
    error, null = (only(table, bank="easy", metric=name) for name in ("ece", "ece_null"))
    assert error["t_low"] > 1.5 * null["estimate"]
