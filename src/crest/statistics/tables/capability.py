"""The capability table: pass@1 by family of problems, before the first campaign and at the end."""

import polars as pl

from crest.statistics.fresh import CHAIN_METRICS, fresh_rates
from crest.statistics.resampling import Resampling
from crest.statistics.scores import methods_of, problem_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("evaluation",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

SCHEMA = {
    "method": pl.String,
    "checkpoint": pl.String,  # base: the chain's first start; end: what rolls out of it
    "family": pl.String,
    "level": pl.Int64,  # difficulty of the family, from 1
    **SUMMARY_SCHEMA,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return capability_table(tables["evaluation"], settings.resampling)


def capability_table(evaluation: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a method, checkpoint and family; `SCHEMA` has the columns.

    Both checkpoints of a chain are fresh samples on the same problems.
    """
    chains = (
        fresh_rates(evaluation)
        .group_by("method", "seed", "task_id", "family", "level", maintain_order=True)
        .agg(
            base=CHAIN_METRICS["start_pass@1"],
            end=CHAIN_METRICS["end_pass@1"],
        )
    )
    families = chains.select("family", "level").unique().sort("level", "family").rows()
    rows = []
    for method in methods_of(chains):
        for checkpoint in ("base", "end"):
            for family, level in families:
                mine = chains.filter(method=method, family=family, level=level)
                names = ("capability", method, checkpoint, family, level)
                summary = summarise(problem_scores(mine, checkpoint), resampling, *names)
                rows.append(
                    {
                        "method": method,
                        "checkpoint": checkpoint,
                        "family": family,
                        "level": level,
                        **summary,
                    }
                )
    return pl.DataFrame(rows, schema=SCHEMA)
