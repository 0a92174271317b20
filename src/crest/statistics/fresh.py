"""Fresh pass rates of every campaign's checkpoints, and the metrics that are means over problems.

Fresh: sampled anew on the report split, which no method ever sees, so that what chose a
checkpoint does not measure it.
"""

import polars as pl

from crest.statistics.scores import Scores, methods_of, problem_scores

CHECKPOINTS = ("start", "peak", "end")
CAMPAIGN_KEYS = ["method", "seed", "campaign"]

CHAIN_METRICS = {
    "start_pass@1": pl.col("first_start").first(),
    "end_pass@1": pl.col("successor").sort_by("campaign").last(),
    "gain": pl.col("successor").sort_by("campaign").last() - pl.col("first_start").first(),
}
"""Of a chain: its first start; what rolls out of its last campaign; the second minus the first."""

CAMPAIGN_METRICS = {
    "rise": pl.col("peak") - pl.col("start"),
    "fresh_gap": pl.col("peak") - pl.col("end"),
    "carry_over": pl.col("successor") - pl.col("end"),
    "carried_gain": pl.col("successor") - pl.col("first_start"),
}
"""Of a campaign. `carry_over` is the next start minus this end: zero where the end rolls forward.
`carried_gain`, the next start minus the chain's first start, is what has been carried so far
[ours]."""


def fresh_rates(evaluation: pl.DataFrame) -> pl.DataFrame:
    """Return pass rates by checkpoint: one row a method, seed, campaign and problem.

    Columns: the keys, `family`, `level`, then `start`, `peak`, `end`, `successor` and
    `first_start` as the share of samples that pass. The successor is the start of the next
    campaign, or after the last one the checkpoint `next`; the first start is the chain's.

    Raises:
        ValueError: A checkpoint of a campaign was not evaluated, or twice.
    """
    rates = evaluation.with_columns(rate=pl.col("num_correct") / pl.col("num_samples"))
    index = [*CAMPAIGN_KEYS, "task_id", "family", "level"]
    _refuse_repeats(rates, [*index, "checkpoint"])
    wide = rates.pivot(on="checkpoint", index=index, values="rate", maintain_order=True)
    for checkpoint in (*CHECKPOINTS, "next"):
        if checkpoint not in wide.columns:
            raise ValueError(f"no checkpoint {checkpoint!r} in the evaluation; evaluate it")
    following = wide.select(
        "method", "seed", pl.col("campaign") - 1, "task_id", successor=pl.col("start")
    )
    joined = wide.join(
        following, on=[*CAMPAIGN_KEYS, "task_id"], how="left", maintain_order="left"
    ).with_columns(pl.col("successor").fill_null(pl.col("next")))
    columns = [*CHECKPOINTS, "successor"]
    _refuse_gaps(joined, columns)
    first = pl.col("start").sort_by("campaign").first().over("method", "seed", "task_id")
    return joined.select(*index, *columns, first_start=first)


def fresh_scores(rates: pl.DataFrame) -> dict[str, dict[str, Scores]]:
    """Return every chain and campaign metric by arm, one number a seed and problem.

    Args:
        rates: From `fresh_rates`. Campaign metrics are means over a chain's campaigns.
    """
    chain = rates.group_by("method", "seed", "task_id", maintain_order=True).agg(
        **CHAIN_METRICS, **{name: value.mean() for name, value in CAMPAIGN_METRICS.items()}
    )
    metrics = (*CHAIN_METRICS, *CAMPAIGN_METRICS)
    return {
        method: {metric: problem_scores(rows, metric) for metric in metrics}
        for method in methods_of(chain)
        for rows in [chain.filter(pl.col("method") == method)]
    }


def _refuse_repeats(rates: pl.DataFrame, keys: list[str]) -> None:
    repeated = rates.filter(pl.struct(keys).is_duplicated())
    if len(repeated):
        raise ValueError(
            f"{len(repeated)} evaluation rows share their keys, the first {repeated.row(0)[:8]}; "
            "collect each chain once"
        )


def _refuse_gaps(rates: pl.DataFrame, columns: list[str]) -> None:
    gaps = rates.filter(pl.any_horizontal(pl.col(columns).is_null()))
    if len(gaps):
        row = gaps.row(0, named=True)
        missing = [name for name in columns if row[name] is None]
        raise ValueError(
            f"{row['method']} seed {row['seed']} campaign {row['campaign']}: no {missing[0]} on "
            f"{row['task_id']}; evaluate every checkpoint of the chain on the same problems"
        )
