"""The chains and arms tables: where chains began, how high they came, what rolled out of them."""

import polars as pl

from crest.statistics.bootstrap import Resampling
from crest.statistics.fresh import CHAIN_METRICS, fresh_rates, fresh_scores, merged
from crest.statistics.robust import interquartile_mean
from crest.statistics.scores import Scores, methods_of, seed_scores
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

CHAINS_SCHEMA = {
    "method": pl.String,
    "seed": pl.Int64,
    "n_campaigns": pl.Int64,
    "start_pass@1": pl.Float64,  # fresh, before the first campaign
    "end_pass@1": pl.Float64,  # fresh, of what rolls out of the last campaign
    "best_pass@1": pl.Float64,  # highest fresh value along the chain; biased upwards by noise
    "total_steps": pl.Int64,  # gradient steps over all campaigns
}
ARMS_SCHEMA = {
    "method": pl.String,
    "metric": pl.String,
    **SUMMARY_SCHEMA,
    "iqm": pl.Float64,  # interquartile mean over seeds
}


def chains_table(evaluation: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return one row a method and seed; `CHAINS_SCHEMA` has the columns.

    Args:
        evaluation: Fresh samples of the checkpoints.
        steps: One row a step and campaign.
    """
    keys = ["method", "seed"]
    means = fresh_rates(evaluation).group_by([*keys, "campaign"], maintain_order=True)
    chains = (
        means.agg(pl.col("start", "peak", "end", "successor").mean())
        .group_by(keys, maintain_order=True)
        .agg(
            n_campaigns=pl.len(),
            best=pl.max_horizontal(pl.col("start", "peak", "end", "successor").max()),
            **CHAIN_METRICS,
        )
        .rename({"best": "best_pass@1"})
    )
    run = steps.group_by([*keys, "campaign"]).agg(pl.col("step").max())
    totals = run.group_by(keys).agg(total_steps=pl.col("step").sum())
    table = chains.join(totals, on=keys, how="left", maintain_order="left")
    if table["total_steps"].null_count():
        row = table.filter(pl.col("total_steps").is_null()).row(0, named=True)
        raise ValueError(
            f"{row['method']} seed {row['seed']} has no steps; collect steps of the same chains"
        )
    return table.select(pl.col(name).cast(kind) for name, kind in CHAINS_SCHEMA.items())


def arms_table(
    chains: pl.DataFrame, evaluation: pl.DataFrame, resampling: Resampling
) -> pl.DataFrame:
    """Return one row a method and metric; `ARMS_SCHEMA` has the columns.

    Metrics: start_pass@1, end_pass@1, gain (end minus start), best_pass@1, total_steps.

    Args:
        chains: From `chains_table`.
        evaluation: Fresh samples of the same chains.
        resampling: How intervals are made.
    """
    rows = [
        {
            "method": method,
            "metric": metric,
            **summarise(scores, resampling, "arms", method, metric),
            "iqm": float(interquartile_mean(scores.per_seed)),
        }
        for method, metrics in chain_scores(chains, evaluation).items()
        for metric, scores in metrics.items()
    ]
    return pl.DataFrame(rows, schema=ARMS_SCHEMA)


def chain_scores(chains: pl.DataFrame, evaluation: pl.DataFrame) -> dict[str, dict[str, Scores]]:
    """Return all metrics of chains by arm."""
    fresh = {
        method: {metric: scores[metric] for metric in CHAIN_METRICS}
        for method, scores in fresh_scores(fresh_rates(evaluation)).items()
    }
    whole = {
        method: {
            metric: seed_scores(chains.filter(pl.col("method") == method), metric)
            for metric in ("best_pass@1", "total_steps")
        }
        for method in methods_of(chains)
    }
    return merged(fresh, whole)
