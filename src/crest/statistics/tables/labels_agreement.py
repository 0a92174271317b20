"""The labels_agreement table: how often hidden tests and the exact label differ on rollouts."""

import polars as pl

from crest.statistics.resampling import Resampling
from crest.statistics.scores import seed_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("labels",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

_HIDDEN, _EXACT = pl.col("hidden_passed"), pl.col("oracle_passed")
_COUNTS = {
    "num_rollouts": pl.lit(value=True),
    "hidden_passed": _HIDDEN,
    "oracle_passed": _EXACT,
    "hidden_only": _HIDDEN & ~_EXACT,
    "oracle_only": ~_HIDDEN & _EXACT,
}

SCHEMA = {
    "method": pl.String,
    "campaign": pl.Int64,  # null: all campaigns together
    **dict.fromkeys(_COUNTS, pl.Int64),  # rollouts, by which label they pass
    "agreement": pl.Float64,  # share of rollouts with equal labels
    "false_pass_share": pl.Float64,  # of passes of hidden tests, those that fail the exact label
    **SUMMARY_SCHEMA,  # of the false pass share, as a mean over seeds
}
_SHARES = ("agreement", "false_pass_share")
_SUMMED = {name: kind for name, kind in SCHEMA.items() if name not in _SHARES}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return labels_agreement_table(tables["labels"], settings.resampling)


def labels_agreement_table(labels: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a method, and one a method and campaign; `SCHEMA` has the columns.

    Args:
        labels: Rollouts a seed, campaign and pair of labels.
        resampling: How intervals are made.
    """
    whole = labels.with_columns(campaign=pl.lit(None, dtype=pl.Int64))
    rows = []
    for (method,), mine in labels.group_by("method", maintain_order=True):
        parts = [whole.filter(pl.col("method") == method)]
        parts += [
            part for _, part in mine.sort("campaign").group_by("campaign", maintain_order=True)
        ]
        for part in parts:
            campaign = part["campaign"][0]
            shares = part.group_by("seed").agg(**_sums()).with_columns(share=_false_share())
            names = ("labels", str(method), "all" if campaign is None else campaign)
            rows.append(
                {
                    "method": method,
                    "campaign": campaign,
                    **part.select(**_sums()).row(0, named=True),
                    **summarise(seed_scores(shares, "share"), resampling, *names),
                }
            )
    return _with_shares(pl.DataFrame(rows, schema=_SUMMED))


def _sums() -> dict[str, pl.Expr]:
    return {name: pl.col("num_rollouts").filter(passed).sum() for name, passed in _COUNTS.items()}


def _false_share() -> pl.Expr:
    return pl.when(pl.col("hidden_passed") > 0).then(
        pl.col("hidden_only") / pl.col("hidden_passed")
    )


def _with_shares(table: pl.DataFrame) -> pl.DataFrame:
    equal = pl.col("num_rollouts") - pl.col("hidden_only") - pl.col("oracle_only")
    return table.with_columns(
        agreement=equal / pl.col("num_rollouts"), false_pass_share=_false_share()
    ).select(*SCHEMA)
