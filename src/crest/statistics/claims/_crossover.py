"""What the claims about the crossover study share: both banks must hold."""

from dataclasses import replace

import polars as pl

from crest.statistics.claims._evidence import Judgement, Part, Verdict, row_part
from crest.statistics.settings import Tables

BANKS = ("easy", "hard")


def on_banks(tables: Tables, table: str, label: str, **keys: object) -> list[Part | None]:
    """Return a number on each bank as a part; None where it was not measured."""
    return [row_part(tables, table, f"{label}, {bank} bank", bank=bank, **keys) for bank in BANKS]


def of_recipe(tables: Tables, table: str, label: str, **keys: object) -> list[Part | None]:
    """Return a number of the study's own recipe on each bank as a part."""
    return on_banks(tables, table, label, main=True, **keys)


def not_trained(tables: Tables, table: str) -> Judgement | None:
    """Return the judgement of a claim where the study's own recipe was not run."""
    if tables[table].filter(pl.col("main")).is_empty():
        return Judgement(Verdict.NOT_RUN, "no trajectories of the study's own recipe")
    return None


def with_bases(judgement: Judgement, tables: Tables, table: str) -> Judgement:
    """Return the judgement with how many base models its trajectories started from in its note."""
    counts = tables[table].filter(pl.col("main"))["n_bases"].to_list()
    if not counts or judgement.n <= 1:
        return judgement
    bases = "1 base model" if max(counts) == 1 else f"{max(counts)} base models"
    told = f"{judgement.n} trajectories from {bases}"
    return replace(judgement, note=f"{judgement.note}; {told}")


def turned(part: Part | None, label: str) -> Part | None:
    """Return a part with the other sign: what lay below zero lies above."""
    if part is None:
        return None
    row = dict(part.row)
    row["estimate"] = -row["estimate"]
    for low, high in (("ci_low", "ci_high"), ("t_low", "t_high")):
        lower, upper = part.row[high], part.row[low]
        row[low], row[high] = (None if each is None else -each for each in (lower, upper))
    return replace(part, label=label, row=row)


def with_crossings(judgement: Judgement, tables: Tables) -> Judgement:
    """Return the judgement with K* of the mean curve on each bank in its note."""
    rows = tables["crossing"].filter(pl.col("main"), pl.col("last"), pl.col("seed").is_null())
    told = [
        f"{row['bank']} bank: K* {_budget(row['crossing_k'], row['state'])} "
        f"({row['interval']}), P(crossing) {row['probability']:.2f}"
        for row in rows.sort("bank").to_dicts()
    ]
    return replace(judgement, note="; ".join([judgement.note, *told]))


def _budget(crossing_k: float | None, state: str) -> str:
    return f"none, {state}" if crossing_k is None else f"{crossing_k:.1f}"
