import numpy as np
import polars as pl
import pytest
from tests.synthetic.crossover import KS, MAIN, TINY, samples_table

from crest.statistics.checkpoints import BASE, checkpoints, recipes, trajectories
from crest.statistics.pass_at_k import pass_at_k


@pytest.fixture(scope="module")
def samples():
    return samples_table(TINY)


def found(samples, **keys):
    (each,) = [
        one
        for one in checkpoints(samples, KS)
        if all(getattr(one, name) == value for name, value in keys.items())
    ]
    return each


def test_every_checkpoint_has_pass_at_k_of_each_trajectory_and_task(samples):
    each = found(samples, method=MAIN, round=2, bank="hard")
    rows = samples.filter(method=MAIN, round=2, bank="hard", seed=1).sort("task_id")
    for column, k in enumerate(KS):
        expected = pass_at_k(rows["num_correct"], rows["num_samples"], k)
        assert each.curve.values[1, :, column] == pytest.approx(expected)
    assert (each.curve.seeds, each.n_samples) == ((0, 1), 128)


def test_a_trajectory_is_paired_with_its_own_base(samples):
    better = samples.with_columns(
        num_correct=pl.when(method=BASE, seed=1).then(128).otherwise("num_correct")
    )
    gain = found(better, method=MAIN, round=1, bank="easy").gain.per_seed
    plain = found(samples, method=MAIN, round=1, bank="easy").gain.per_seed
    assert gain[0] == pytest.approx(plain[0])
    assert (gain[1] < 0).all()


def test_the_base_comes_first_and_recipes_follow_the_table(samples):
    other = samples.filter(method=MAIN).with_columns(method=pl.lit("another"))
    both = pl.concat([other, samples])
    assert recipes(both) == ["another", MAIN]
    order = [each.method for each in checkpoints(both, KS)]
    assert order == [BASE] * 2 + ["another"] * 4 + [MAIN] * 4


def test_budgets_above_half_the_samples_are_refused(samples):
    with pytest.raises(ValueError, match="k is 128, but a task has only 128 samples"):
        checkpoints(samples, (1, 128))


def test_a_row_that_occurs_twice_is_named(samples):
    with pytest.raises(ValueError, match="2 rows share their keys"):
        checkpoints(pl.concat([samples, samples.head(1)]), KS)


def test_a_trajectory_on_other_tasks_is_named(samples):
    part = samples.filter(~((pl.col("seed") == 1) & (pl.col("task_id") == "easy-003")))
    with pytest.raises(ValueError, match="base seed 1 round 0: 11 tasks of bank easy"):
        checkpoints(part, KS)


def test_a_trajectory_without_its_base_is_named(samples):
    part = samples.filter(~((pl.col("method") == BASE) & (pl.col("seed") == 1)))
    with pytest.raises(ValueError, match=f"{MAIN} seed 1: its base 1 has no samples on bank easy"):
        checkpoints(part, KS)
    with pytest.raises(ValueError, match="sample every round of each, and its base"):
        trajectories(part, MAIN)


def test_the_base_is_round_0_of_each_of_its_trajectories(samples):
    rows = trajectories(samples, MAIN)
    assert len(rows) == 2 * 2 * 3 * 12
    for seed in (0, 1):
        first = rows.filter(round=0, seed=seed, bank="easy")["num_correct"]
        base = samples.filter(method=BASE, seed=seed, bank="easy").sort("task_id")
        assert np.array_equal(first, base["num_correct"])
