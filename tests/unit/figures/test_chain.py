import polars as pl
import pytest

from crest.figures._chain import along_chain, campaign_borders, over_seeds


def steps(lengths, *, method="naive", seed=0, value=0.5, model="organism"):
    """Return a chain whose campaigns have the given numbers of steps."""
    rows = [
        {"model": model, "method": method, "seed": seed, "campaign": campaign, "step": step}
        for campaign, length in enumerate(lengths, 1)
        for step in range(length + 1)
    ]
    return pl.DataFrame(rows).with_columns(value=pl.lit(value))


def test_a_campaign_continues_the_count_of_its_predecessors():
    chain = along_chain(steps([3, 2]))
    assert chain["chain_step"].to_list() == [0, 1, 2, 3, 3, 4, 5]


def test_every_seed_counts_its_own_steps():
    chain = along_chain(pl.concat([steps([2, 2]), steps([4, 1], seed=1)]))
    starts = chain.filter(campaign=2, step=0)
    assert dict(zip(starts["seed"], starts["chain_step"], strict=True)) == {0: 2, 1: 4}


def test_the_mean_is_over_seeds_and_ends_with_the_shortest_chain():
    chains = pl.concat([steps([3], value=0.2), steps([5], seed=1, value=0.6)])
    mean = over_seeds(along_chain(chains), ["value"])
    assert mean["chain_step"].to_list() == [0, 1, 2, 3]
    assert mean["value"].to_list() == pytest.approx([0.4] * 4)
    assert mean.row(0, named=True)["value_low"] == 0.2
    assert mean.row(0, named=True)["value_high"] == 0.6
    assert set(mean["n_seeds"]) == {2}


def test_a_step_where_a_seed_has_no_value_has_no_mean():
    chains = along_chain(pl.concat([steps([1], value=0.2), steps([1], seed=1, value=0.6)]))
    gap = pl.when((pl.col("seed") == 0) & (pl.col("step") == 1)).then(None).otherwise("value")
    mean = over_seeds(chains.with_columns(value=gap), ["value"])
    assert mean["value"].to_list() == pytest.approx([0.4, None])


def test_where_a_campaign_starts_the_checkpoint_that_rolled_forward_counts():
    chain = along_chain(steps([2, 2])).with_columns(
        value=pl.when(pl.col("campaign") == 1).then(0.1).otherwise(0.9)
    )
    mean = over_seeds(chain, ["value"])
    assert mean["value"].to_list() == [0.1, 0.1, 0.9, 0.9, 0.9]


def test_a_border_is_the_mean_start_of_a_campaign():
    chains = along_chain(pl.concat([steps([2, 2]), steps([4, 2], seed=1)]))
    borders = campaign_borders(chains)
    assert borders.to_dicts() == [{"method": "naive", "campaign": 2, "chain_step": 3.0}]


def test_chains_of_two_models_are_not_averaged():
    mixed = pl.concat([steps([2]), steps([2], model="qwen")])
    with pytest.raises(ValueError, match="model is organism, qwen in one table"):
        along_chain(mixed)
