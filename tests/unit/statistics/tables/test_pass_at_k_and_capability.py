import pytest

from crest.statistics.pass_at_k import pass_at_k
from crest.statistics.tables.pass_at_k import pass_at_k_table


def test_a_budget_solves_the_mean_pass_at_k_of_its_problems(results, collected):
    samples = collected["samples"].filter(method="base")
    row = results["pass_at_k"].filter(method="base", k=8).row(0, named=True)
    expected = pass_at_k(samples["num_correct"], samples["num_samples"], 8).mean()
    assert row["estimate"] == pytest.approx(expected)
    assert (row["n_samples"], row["n_tasks"], row["n_seeds"]) == (64, 24, 3)


def test_every_arm_and_the_base_model_have_every_budget(results):
    counts = results["pass_at_k"].group_by("method").len()
    assert set(counts["method"]) == {"base", *results["chains"]["method"]}
    assert set(counts["len"]) == {7}


def test_a_budget_above_the_samples_is_refused(collected, settings):
    with pytest.raises(ValueError, match="k is 65, but a problem has only 64 samples"):
        pass_at_k_table(collected["samples"], [65], settings.resampling)


def test_capability_is_pass_at_1_of_a_family_before_and_after_the_chain(results, collected):
    evaluation = collected["evaluation"].filter(method="es", family="cond")
    for checkpoint, campaign, name in (("base", 1, "start"), ("end", 3, "next")):
        rows = evaluation.filter(campaign=campaign, checkpoint=name)
        found = results["capability"].filter(method="es", checkpoint=checkpoint, family="cond")
        expected = (rows["num_correct"] / rows["num_samples"]).mean()
        assert found["estimate"].item() == pytest.approx(expected)
        assert found.select("level", "n_tasks", "n_seeds").row(0) == (2, 3, 3)


def test_every_arm_has_every_family_at_both_checkpoints(results):
    assert len(results["capability"]) == 8 * 2 * 8
