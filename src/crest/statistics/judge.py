"""The claims table: every claim of the sources with its verdict, by rule and never by hand."""

from dataclasses import asdict
from types import ModuleType

import polars as pl

from crest.registry import Registry
from crest.statistics.claims._evidence import Judgement, Verdict
from crest.statistics.settings import Tables

CLAIMS = Registry("crest.statistics.claims")

SCHEMA = {
    "id": pl.String,
    "study": pl.String,
    "sentence": pl.String,  # what the source says
    "source_figure": pl.String,  # its number
    "quantity": pl.String,  # what the estimate is
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
    "plain": pl.String,  # the verdict as a sentence; empty where it was not run
}


def judge_claims(tables: Tables) -> pl.DataFrame:
    """Return one row a claim, in the order of their ids; `SCHEMA` has the columns.

    A claim that reads a table which was not given, since a smaller grid has none, is not run.

    Args:
        tables: Tables of results by name.
    """
    rows = []
    for name in CLAIMS.names():
        claim = CLAIMS[name]
        judgement = _judged(claim, tables)
        rows.append(
            {
                "id": claim.ID,
                "study": claim.STUDY,
                "sentence": claim.SENTENCE,
                "source_figure": claim.SOURCE_FIGURE,
                "rule": claim.RULE,
                **asdict(judgement),
                "verdict": judgement.verdict.value,
                "plain": claim.PLAIN.get(judgement.verdict.value, ""),
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA).sort(*_order())


def _order() -> tuple[pl.Expr, pl.Expr]:
    """Return what sorts A2 before A10, and both before B1."""
    name = pl.col("id")
    return name.str.extract(r"^(\D+)"), name.str.extract(r"(\d+)$").cast(pl.Int64)


def _judged(claim: ModuleType, tables: Tables) -> Judgement:
    absent = [name for name in claim.TABLES if name not in tables]
    if absent:
        return Judgement(Verdict.NOT_RUN, f"this grid has no table {', '.join(absent)}")
    judgement: Judgement = claim.judge({name: tables[name] for name in claim.TABLES})
    return judgement
