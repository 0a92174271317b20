import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crest.statistics.bands import (
    Draws,
    Measured,
    draw,
    intervals,
    quantiles,
    resampled,
    summaries,
)
from crest.statistics.bootstrap import bootstrap_interval
from crest.statistics.resampling import Resampling
from crest.statistics.summary import SUMMARY_SCHEMA

FEW = Resampling(num_resamples=400)


def measured(values, weights=None):
    values = np.asarray(values, dtype=float)
    names = tuple(range(len(values))), tuple(map(str, range(values.shape[1])))
    return Measured(*names, values, None if weights is None else np.asarray(weights, dtype=float))


def crossed(rng, shape, seed_sd=0.1, task_sd=0.3, noise=0.2):
    """Return values of seeds and tasks that are both random: [seed, task, column]."""
    seeds, tasks, columns = shape
    effects = rng.normal(0, seed_sd, (seeds, 1, columns)) + rng.normal(
        0, task_sd, (1, tasks, columns)
    )
    return effects + rng.normal(0, noise, shape)


def test_a_draw_is_the_weighted_mean_of_the_units_that_were_drawn():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=(3, 4, 2)), rng.integers(0, 3, (3, 4, 2)).astype(float)
    weights[2, :, 1], weights[1] = 0, [[1, 1]]
    weights[0, [0, 2]] = 0
    seeds, tasks = [[0, 0, 2], [1, 1, 0]], [[3, 3, 0, 1], [2, 0, 0, 0]]
    counted = [np.array([np.bincount(row, minlength=n) for row in rows], dtype=float)
               for rows, n in ((seeds, 3), (tasks, 4))]  # fmt: skip
    found = resampled(measured(values, weights), Draws(*counted))
    for resample in range(2):
        for column in range(2):
            means = []
            for seed in seeds[resample]:
                own = weights[seed, tasks[resample], column]
                if own.sum():
                    means.append(np.average(values[seed, tasks[resample], column], weights=own))
            expected = np.mean(means) if means else np.nan
            assert found[resample, column] == pytest.approx(expected, nan_ok=True)


def test_ends_are_those_of_the_bootstrap_of_one_number_up_to_its_draws():
    values = crossed(np.random.default_rng(1), (5, 40, 2)) ** 2
    many = Resampling(num_resamples=8000)
    for column, row in enumerate(summaries(measured(values), many, "x")):
        known = bootstrap_interval(
            values[..., column],
            rng=np.random.default_rng(2),
            confidence_level=0.95,
            num_resamples=8000,
        )
        width = known.high - known.low
        assert row["ci_method"] == known.method == "bca"
        assert row["ci_low"] == pytest.approx(known.low, abs=0.06 * width)
        assert row["ci_high"] == pytest.approx(known.high, abs=0.06 * width)


def test_nine_in_ten_intervals_cover_the_truth_when_seeds_and_tasks_are_both_random():
    values = 0.5 + crossed(np.random.default_rng(3), (12, 40, 300))
    found = intervals(measured(values), draw(12, 40, FEW, "x"), 0.9)
    hits = [each.low <= 0.5 <= each.high for each in found]
    assert np.mean(hits) == pytest.approx(0.9, abs=0.06)


def test_nine_in_ten_intervals_cover_a_mean_over_the_tasks_that_count():
    rng = np.random.default_rng(4)
    values = 0.5 + crossed(rng, (12, 60, 200))
    weights = rng.random(values.shape) < 0.4
    found = intervals(measured(values, weights), draw(12, 60, FEW, "x"), 0.9)
    hits = [each.low <= 0.5 <= each.high for each in found]
    assert np.mean(hits) == pytest.approx(0.9, abs=0.07)


def test_what_does_not_count_moves_nothing():
    values = crossed(np.random.default_rng(5), (4, 10, 1))
    weights = np.ones_like(values)
    weights[:, 7:] = 0
    spoiled = values.copy()
    spoiled[:, 7:] = 1e6
    first, second = (summaries(measured(each, weights), FEW, "x")[0] for each in (values, spoiled))
    assert first == second
    assert first["estimate"] == pytest.approx(values[:, :7].mean())


def test_a_seed_without_a_value_is_left_out_and_none_at_all_gives_no_number():
    values = np.arange(12.0).reshape(3, 4, 1)
    weights = np.ones_like(values)
    weights[1] = 0
    row = summaries(measured(values, weights), FEW, "x")[0]
    assert (row["n_seeds"], row["estimate"]) == (2, pytest.approx((1.5 + 9.5) / 2))
    nothing = summaries(measured(values, 0 * weights), FEW, "x")[0]
    assert (nothing["n_seeds"], nothing["estimate"], nothing["ci_method"]) == (0, None, "none")


def test_a_column_is_the_same_beside_others_and_draws_follow_names_alone():
    values = crossed(np.random.default_rng(6), (4, 12, 3))
    together = summaries(measured(values), FEW, "x")
    alone = summaries(measured(values[..., 1:2]), FEW, "x")[0]
    assert together[1] == alone
    assert together[1] != summaries(measured(values[..., 1:2]), FEW, "y")[0]


def test_tasks_are_drawn_alike_however_many_seeds_there_are():
    few, many = draw(2, 9, FEW, "x"), draw(5, 9, FEW, "x")
    assert np.array_equal(few.tasks, many.tasks)
    assert few.seeds.shape == (400, 2)
    assert set(few.seeds.sum(axis=1)) == {2}


def test_rows_have_the_columns_of_every_summary_and_say_what_was_drawn():
    row = summaries(measured(crossed(np.random.default_rng(7), (3, 5, 1))), FEW, "x")[0]
    assert set(row) == set(SUMMARY_SCHEMA)
    assert (row["resampled"], row["n_tasks"]) == ("seed, problem", 5)
    by_seed = Measured((0, 1), (), np.array([[[0.1]], [[0.4]]]))
    assert summaries(by_seed, FEW, "x")[0]["resampled"] == "seed"


def test_equal_values_are_their_interval_and_one_seed_has_none():
    same = summaries(measured(np.full((3, 4, 1), 0.3)), FEW, "x")[0]
    assert (same["ci_low"], same["ci_high"], same["ci_method"]) == (0.3, 0.3, "constant")
    one = summaries(measured(np.ones((1, 4, 1))), FEW, "x")[0]
    assert (one["ci_low"], one["ci_method"], one["t_low"]) == (None, "none", None)


def test_values_that_count_must_be_finite():
    values = np.ones((2, 3, 1))
    values[0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        summaries(measured(values), FEW, "x")
    weights = np.isfinite(values).astype(float)
    assert summaries(measured(np.nan_to_num(values), weights), FEW, "x")[0]["estimate"] == 1


@given(
    arrays(float, (2, 3, 1), elements=st.floats(-10, 10)),
    arrays(float, (2, 3, 1), elements=st.integers(0, 4).map(float)),
)
def test_a_seeds_value_is_its_weighted_mean(values, weights):
    found = measured(values, weights).per_seed
    for seed in range(2):
        own = weights[seed, :, 0]
        expected = np.average(values[seed, :, 0], weights=own) if own.any() else np.nan
        assert found[seed, 0] == pytest.approx(expected, nan_ok=True)


def test_quantiles_may_lie_beyond_all_numbers():
    values = np.array([-np.inf, 1.0, 2.0, 3.0, np.inf])
    assert quantiles(values, [0.0, 0.25, 0.5, 1.0]) == [-np.inf, 1.0, 2.0, np.inf]
