import polars as pl
import pytest

from crest.statistics.tables.architectures import SCHEMA, architectures_table
from crest.statistics.tables.diagnostic import BLOCK, diagnostic_table


def test_a_further_model_has_the_numbers_of_gaps_and_chains(results):
    table = results["architectures"]
    assert dict(table.schema) == SCHEMA
    assert set(table["model"]) == {"organism_gemma3"}
    metrics = set(table.filter(method="naive")["metric"])
    assert {"rise", "fresh_gap", "null_gap", "shared_fall", "start_pass@1", "gain"} <= metrics


def test_models_are_kept_apart(results, settings):
    evaluation, select = (results[f"architectures/{name}"] for name in ("evaluation", "select"))
    both = [
        pl.concat([frame, frame.with_columns(model=pl.lit("third"))])
        for frame in (evaluation, select)
    ]
    table = architectures_table(*both, settings.resampling, collapse_gap=0.2)
    first, second = (table.filter(model=name) for name in ("organism_gemma3", "third"))
    assert first["estimate"].to_list() == second["estimate"].to_list()
    assert first["estimate"].to_list() == results["architectures"]["estimate"].to_list()


def long_run(curves, train=0.5):
    rows = [
        ("naive", seed, step, value, None if step == 0 else train)
        for seed, curve in enumerate(curves)
        for step, value in enumerate(curve)
    ]
    columns = ["method", "seed", "step", "select_pass@1", "train_pass@1"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def values(table):
    return dict(table.select("metric", "estimate").iter_rows())


def test_a_long_run_is_read_off_blocks_of_steps_at_the_peak_of_the_other_seeds(settings):
    curve = [0.2] + [0.4] * BLOCK + [0.8] * BLOCK + [0.1] * BLOCK
    table = diagnostic_table(long_run([curve, curve]), settings.resampling)
    found = values(table)
    assert found["start"] == pytest.approx(0.2)
    assert found["peak"] == pytest.approx(0.8)
    assert found["rise"] == pytest.approx(0.6)
    assert found["fall"] == pytest.approx(0.7)
    assert found["peak_step"] == 2 * BLOCK
    assert found["train_fall"] == pytest.approx(0.0)
    assert set(table["num_steps"]) == {3 * BLOCK}


def test_a_peak_of_one_seed_alone_is_no_rise(settings):
    flat = [0.2] * (2 * BLOCK + 1)
    lucky = [0.2] + [0.2] * BLOCK + [0.9] * BLOCK
    found = values(diagnostic_table(long_run([flat, lucky]), settings.resampling))
    assert found["rise"] == pytest.approx(0.0)


def test_a_single_seed_has_ends_and_no_peak(settings):
    found = values(diagnostic_table(long_run([[0.2] * 21]), settings.resampling))
    assert set(found) == {"start", "end", "train_end"}


def test_runs_of_other_lengths_are_refused(settings):
    with pytest.raises(ValueError, match="naive: its seeds ran campaigns of other lengths"):
        diagnostic_table(long_run([[0.2] * 21, [0.2] * 11]), settings.resampling)
