"""A chain as one line: gradient steps counted over its campaigns, and means over its seeds."""

import polars as pl

CAMPAIGN = ["method", "seed", "campaign"]
STEPS_TITLE = "gradient steps run along the chain"


def along_chain(steps: pl.DataFrame) -> pl.DataFrame:
    """Add `chain_step`, the gradient steps run along the chain.

    Steps after a checkpoint that rolled forward count too, though their weights were dropped. Step
    0 of a campaign has the chain step of its predecessor's last step: no gradient lies between
    them, though another checkpoint may have rolled forward.

    Raises:
        ValueError: The rows mix models or studies, whose chains must not be averaged.
    """
    for column in ("model", "study"):
        values = sorted(steps[column].unique()) if column in steps.columns else []
        if len(values) > 1:
            raise ValueError(f"{column} is {', '.join(values)} in one table; draw one at a time")
    lengths = steps.group_by(CAMPAIGN).agg(length=pl.col("step").max()).sort(CAMPAIGN)
    before = pl.col("length").cum_sum() - pl.col("length")
    offsets = lengths.select(*CAMPAIGN, offset=before.over("method", "seed"))
    return (
        steps.join(offsets, on=CAMPAIGN)
        .with_columns(chain_step=pl.col("offset") + pl.col("step"))
        .sort(*CAMPAIGN, "step")
    )


def over_seeds(rows: pl.DataFrame, values: list[str]) -> pl.DataFrame:
    """Return mean, lowest and highest seed of each value at each chain step of each arm.

    Where a campaign ends and the next starts, the start counts: it is what rolled forward. The
    mean stops where the shortest of the arm's chains ends, and has no value where a seed has none,
    so that it is always over all seeds.

    Returns:
        Columns method, chain_step, campaign, n_seeds, and `{value}`, `{value}_low`,
        `{value}_high` of each value.
    """
    last = rows.group_by("method", "seed", "chain_step", maintain_order=True).last()
    ends = last.group_by("method", "seed").agg(end=pl.col("chain_step").max())
    shortest = ends.group_by("method").agg(shortest=pl.col("end").min())
    spread = [
        pl.when(pl.col(value).null_count() == 0).then(statistic).alias(f"{value}{suffix}")
        for value in values
        for statistic, suffix in (
            (pl.col(value).mean(), ""),
            (pl.col(value).min(), "_low"),
            (pl.col(value).max(), "_high"),
        )
    ]
    return (
        last.join(shortest, on="method")
        .filter(pl.col("chain_step") <= pl.col("shortest"))
        .group_by("method", "chain_step")
        .agg(pl.col("campaign").median().cast(pl.Int64), *spread, n_seeds=pl.len())
        .sort("method", "chain_step")
    )


def campaign_borders(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the chain step at which each campaign but the first starts, a mean over seeds."""
    return (
        rows.filter((pl.col("step") == 0) & (pl.col("campaign") > 1))
        .group_by("method", "campaign")
        .agg(pl.col("chain_step").mean())
        .sort("method", "campaign")
    )
