"""The architectures table: rise, fall and ends of chains on every further model."""

import polars as pl

from crest.statistics.fresh import CHAIN_METRICS, fresh_rates, fresh_scores
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import summarise
from crest.statistics.tables.campaigns import campaigns_table
from crest.statistics.tables.gaps import SCHEMA as GAPS
from crest.statistics.tables.gaps import gaps_table

TABLES = ("architectures/evaluation", "architectures/select")
SETTINGS = ("collapse_gap", "confidence_level", "num_resamples", "seed")

SCHEMA = {
    "model": pl.String,
    **GAPS,  # metrics of the gaps table, and start_pass@1, end_pass@1 and gain of the chain
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return architectures_table(
        tables["architectures/evaluation"],
        tables["architectures/select"],
        settings.resampling,
        collapse_gap=settings.collapse_gap,
    )


def architectures_table(
    evaluation: pl.DataFrame, select: pl.DataFrame, resampling: Resampling, *, collapse_gap: float
) -> pl.DataFrame:
    """Return one row a model, method and metric; `SCHEMA` has the columns.

    Args:
        evaluation: Fresh samples of the chains of all models.
        select: Passing samples a step and problem of the same chains.
        resampling: How intervals are made.
        collapse_gap: A campaign collapsed when its gap exceeds this.
    """
    parts = []
    for model in evaluation["model"].unique().sort():
        fresh, watched = (frame.filter(pl.col("model") == model) for frame in (evaluation, select))
        names = ("architectures", model)
        campaigns = campaigns_table(
            fresh, watched, collapse_gap=collapse_gap, quantile=resampling.confidence_level
        )
        rows = pl.concat(
            [
                _chain_rows(fresh, campaigns, resampling, names),
                gaps_table(campaigns, fresh, resampling, names),
            ]
        )
        parts.append(rows.select(pl.lit(model).alias("model"), *GAPS))
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def _chain_rows(
    evaluation: pl.DataFrame,
    campaigns: pl.DataFrame,
    resampling: Resampling,
    names: tuple[str, str],
) -> pl.DataFrame:
    rows = [
        {
            "method": method,
            "metric": metric,
            "n_campaigns": len(campaigns.filter(pl.col("method") == method)),
            **summarise(metrics[metric], resampling, *names, method, metric),
        }
        for method, metrics in fresh_scores(fresh_rates(evaluation)).items()
        for metric in CHAIN_METRICS
    ]
    return pl.DataFrame(rows, schema=GAPS)
