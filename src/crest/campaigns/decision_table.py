"""The decisions of a chain as a table: what each campaign was given, did and rolled forward."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from crest.campaigns.decision import decisions_of_chain
from crest.records import CAPABILITIES
from crest.spec import canonical

KEYS = {"study": pl.String, "model": pl.String, "method": pl.String, "seed": pl.Int64}
DECISIONS = {
    **KEYS,
    "campaign": pl.Int64,
    "num_steps": pl.Int64,  # budget
    "steps_run": pl.Int64,
    "peak_step": pl.Int64,
    "roll_forward_step": pl.Int64,
    "roll_forward_campaign": pl.Int64,  # an earlier one, 0 the chain's start; null: this one's step
    "learning_rate_scale": pl.Float64,
    "plan_reason": pl.String,
    "reason": pl.String,
    "start_entropy": pl.Float64,  # nats a token
    "end_entropy": pl.Float64,
    **{f"{when}_{name}": pl.Float64 for when in ("start", "end") for name in CAPABILITIES},
    "beliefs": pl.String,  # JSON
}


def decision_rows(file: dict[str, Any], keys: Mapping[str, Any]) -> pl.DataFrame:
    """Return a row for each campaign of a chain, from the decision file of its last.

    Args:
        file: The content of `decision.json`.
        keys: Values of the key columns, among others.
    """
    own = {name: keys[name] for name in KEYS}
    rows = [own | _row(decision) for decision in decisions_of_chain(file)]
    return pl.DataFrame(rows, schema=DECISIONS)


def _row(decision: dict[str, Any]) -> dict[str, Any]:
    snapshots = {"start": decision["snapshots"][0], "end": decision["snapshots"][-1]}
    measured = {
        f"{when}_{name}": snapshot["capability"].get(name, [None])[0]
        for when, snapshot in snapshots.items()
        for name in CAPABILITIES
    }
    entropies = {f"{when}_entropy": snapshot["entropy"] for when, snapshot in snapshots.items()}
    plain = {name: value for name, value in decision.items() if name in DECISIONS}
    return plain | measured | entropies | {"beliefs": canonical(decision["beliefs"])}
