"""The rule that chooses the study's two learning rates from pilot chains, fixed beforehand [ours].

Fresh pass@1 is taken at every position of a chain (campaign, then start, peak, end, next), as the
mean over problems and then over the pilot seeds, so that noise is averaged before a maximum is
taken. Along these positions

- *start* is the first position, *end* the last (what rolls out of the last campaign);
- *peak* is the highest position;
- *rise* = peak - start; *fall* = peak - end.

*Collapsing* is the smallest rate with rise >= `min_rise` and fall >= `min_fall`. Where none has
both, it is the one with the largest fall among those that rise, and `rule_met` is false.
*Healthy* is the largest rate with rise >= `min_rise` and fall < `max_healthy_fall`. Where there is
none, it is the one with the smallest fall among those that rise, and `healthy_rule_met` is
false. Ties go to the smaller rate for collapsing, to the larger for healthy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

_POSITIONS = pl.Enum(["start", "peak", "end", "next"])
_ROUNDING = 1e-9  # a rise of exactly the minimum meets it, whatever the last bit says


@dataclass(frozen=True, slots=True)
class PilotRow:
    """What the pilot chains of one learning rate did; fresh pass@1, means over pilot seeds."""

    method: str
    learning_rate: float
    n_seeds: int
    start: float
    peak: float
    end: float

    @property
    def rise(self) -> float:
        """Return peak minus start."""
        return self.peak - self.start

    @property
    def fall(self) -> float:
        """Return peak minus end."""
        return self.peak - self.end


def choose_learning_rates(
    evaluation: pl.DataFrame,
    learning_rates: Mapping[str, float],
    *,
    min_rise: float,
    min_fall: float,
    max_healthy_fall: float,
) -> dict[str, Any]:
    """Apply the rule of this module.

    Args:
        evaluation: Fresh samples of all pilot chains; one `method` a learning rate.
        learning_rates: The rate of each method.
        min_rise: In pass@1, as all thresholds.
        min_fall: Least fall of the collapsing rate.
        max_healthy_fall: The healthy rate falls by less.

    Returns:
        `collapsing`, `healthy` (rates), `rule_met`, `healthy_rule_met`, and `table`: a list of one
        dictionary a rate, ascending, with method, learning_rate, n_seeds, start, peak, end, rise,
        fall, chosen and role (null, or which of the two the rate was chosen for).

    Raises:
        ValueError: No rate rises, a rate has no chains, or its seeds differ in positions.
    """
    rows = sorted(
        (_pilot_row(evaluation, method, rate) for method, rate in learning_rates.items()),
        key=lambda row: row.learning_rate,
    )
    rising = [row for row in rows if row.rise >= min_rise - _ROUNDING]
    if not rising:
        best = max(rows, key=lambda row: row.rise)
        raise ValueError(
            f"no pilot learning rate rises by {min_rise}; the best, {best.learning_rate:g}, rises "
            f"by {best.rise:.3f}: give pilot.learning_rates other values, or pilot.campaigns more"
        )
    falling = [row for row in rising if row.fall >= min_fall - _ROUNDING]
    staying = [row for row in rising if row.fall < max_healthy_fall - _ROUNDING]
    collapsing = falling[0] if falling else max(rising, key=lambda row: row.fall)
    healthy = staying[-1] if staying else min(reversed(rising), key=lambda row: row.fall)
    return {
        "collapsing": collapsing.learning_rate,
        "healthy": healthy.learning_rate,
        "rule_met": bool(falling),
        "healthy_rule_met": bool(staying),
        "table": [_as_dict(row, _role(row, collapsing, healthy)) for row in rows],
    }


def _role(row: PilotRow, collapsing: PilotRow, healthy: PilotRow) -> str | None:
    roles = {"collapsing": collapsing, "healthy": healthy}
    return ", ".join(name for name, chosen in roles.items() if chosen is row) or None


def _pilot_row(evaluation: pl.DataFrame, method: str, rate: float) -> PilotRow:
    mine = evaluation.filter(pl.col("method") == method)
    if not len(mine):
        raise ValueError(f"pilot {method} has no evaluation; run its chains")
    position = ["campaign", "checkpoint"]
    chains = (
        mine.with_columns(
            pl.col("checkpoint").cast(_POSITIONS),
            rate=pl.col("num_correct") / pl.col("num_samples"),
        )
        .group_by("seed", *position)
        .agg(pl.col("rate").mean())
        .sort(*position, "seed")
    )
    means = chains.group_by(position, maintain_order=True).agg(pl.col("rate").mean(), pl.len())
    num_seeds = chains["seed"].n_unique()
    if means["len"].min() != num_seeds:
        raise ValueError(
            f"pilot {method}: its {num_seeds} seeds were not evaluated at the same checkpoints; "
            "run all of its chains to the end"
        )
    rates = means["rate"].to_list()
    return PilotRow(method, rate, num_seeds, rates[0], max(rates), rates[-1])


def _as_dict(row: PilotRow, role: str | None) -> dict[str, Any]:
    return {
        "method": row.method,
        "learning_rate": row.learning_rate,
        "n_seeds": row.n_seeds,
        "start": row.start,
        "peak": row.peak,
        "end": row.end,
        "rise": row.rise,
        "fall": row.fall,
        "chosen": role is not None,
        "role": role,
    }
