"""The claims table: every claim of the sources with its verdict, by rule and never by hand."""

from dataclasses import asdict

import polars as pl

from crest.registry import Registry
from crest.statistics.settings import Tables

CLAIMS = Registry("crest.statistics.claims")

SCHEMA = {
    "id": pl.String,
    "study": pl.String,
    "sentence": pl.String,  # what the source says
    "source_figure": pl.String,  # its number
    "estimate": pl.Float64,  # ours; of the claim's first part, as the interval
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Int64,  # seeds
    "test": pl.String,
    "p_value": pl.Float64,  # largest of the claim's parts
    "verdict": pl.String,  # reproduced, contradicted, inconclusive or not run
    "table": pl.String,  # where the estimate stands
    "rule": pl.String,  # how the verdict follows from the tables
    "note": pl.String,  # all parts, and what limits the verdict
}


def judge_claims(tables: Tables) -> pl.DataFrame:
    """Return one row a claim, in the order of their ids; `SCHEMA` has the columns.

    Args:
        tables: Tables of results by name: all that the claims' `TABLES` list.
    """
    rows = []
    for name in CLAIMS.names():
        claim = CLAIMS[name]
        judgement = claim.judge(tables)
        rows.append(
            {
                "id": claim.ID,
                "study": claim.STUDY,
                "sentence": claim.SENTENCE,
                "source_figure": claim.SOURCE_FIGURE,
                "rule": claim.RULE,
                **asdict(judgement),
                "verdict": judgement.verdict.value,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA).sort("id")
