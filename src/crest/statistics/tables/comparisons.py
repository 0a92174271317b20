"""The comparisons table: arms against a reference, paired by seed, corrected by Holm."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest.statistics.holm import holm
from crest.statistics.metrics import campaign_scores, chain_scores, merged
from crest.statistics.resampling import Resampling
from crest.statistics.robust import probability_of_improvement
from crest.statistics.scores import ArmScores, Scores, paired
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("chains", "campaigns", "evaluation")
SETTINGS = ("confidence_level", "num_resamples", "reference_arm", "seed")

HIGHER_IS_BETTER = {
    "end_pass@1": True,
    "best_pass@1": True,
    "rise": True,
    "carried_gain": True,
    "carry_over": True,
    "select_carry_over": True,
    "total_steps": False,
    "fresh_gap": False,
    "curve_gap": False,
    "excess_gap": False,
    "collapse_rate": False,
}
"""Metrics that are compared, and which side counts as better."""

HALF_GAP_KEPT = "half_gap_kept"
"""The fresh gap minus half of the reference's: above zero, more than half of the gap remains."""

SHORT_OF_CURE = "short_of_cure"
"""The middle between the ends of the reference and of `HEALTHY` minus the end of the method: above
zero, the method regains less than half of what the reference's learning rate costs."""

HEALTHY = "healthy"
"""The arm that shows what the reference would reach if it did not collapse."""

DESCRIPTIVE = ("best_pass@1",)
"""Metrics without a p: a chain's highest value is biased upwards, by more in arms whose
checkpoints differ more or jump about more, so that zero is no null value of a difference."""

EXTRA_PAIRS = (
    ("grpo_es", "es"),
    ("grpo_es", "grpo"),
    ("es", "random_step"),
    ("es", "short"),
    ("es_patience", "random_step"),
    ("es_patience", "es"),
    ("care", "memory"),
    ("care", "gate"),
    ("care_es", "care"),
    ("care_es", "es"),
    ("grpo_care", "grpo"),
    ("grpo_care", "care"),
    ("grpo_care_es", "grpo_es"),
    ("grpo_care_es", "grpo_care"),
    ("care_healthy", "healthy"),
)
"""Comparisons beside those with the reference arm: combinations with their parts, CARE with its
modules and with the same rate without it, and early stopping with its controls, which stop as early
without looking at the curve."""

SCHEMA = {
    "method": pl.String,
    "reference": pl.String,
    "metric": pl.String,
    "effect": pl.Float64,  # mean over shared seeds of method minus reference
    **{name: kind for name, kind in SUMMARY_SCHEMA.items() if name != "estimate"},
    "p_value": pl.Float64,  # null where the metric is descriptive
    "test": pl.String,
    "p_holm": pl.Float64,  # over all pairs with a p of the metric
    "seeds_better": pl.Int64,  # shared seeds on which the method is better
    "probability_of_improvement": pl.Float64,  # chance that a seed of it beats one of the reference
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return comparisons_table(
        tables["chains"],
        tables["campaigns"],
        tables["evaluation"],
        settings.resampling,
        reference=settings.reference_arm,
    )


def comparisons_table(
    chains: pl.DataFrame,
    campaigns: pl.DataFrame,
    evaluation: pl.DataFrame,
    resampling: Resampling,
    *,
    reference: str = "naive",
    extra_pairs: Sequence[tuple[str, str]] = EXTRA_PAIRS,
) -> pl.DataFrame:
    """Return one row a pair of arms and metric; `SCHEMA` has the columns.

    Every arm is compared with `reference`, and the extra pairs whose arms both ran. A pair without
    a shared seed has no row.

    Args:
        chains: From `chains_table`.
        campaigns: From `campaigns_table`.
        evaluation: Fresh samples of the same chains.
        resampling: How intervals are made.
        reference: The arm that the others are compared with.
        extra_pairs: Method and reference of further comparisons.
    """
    scores = merged(chain_scores(chains, evaluation), campaign_scores(campaigns, evaluation))
    pairs = [(method, reference) for method in scores if method != reference]
    pairs += [pair for pair in extra_pairs if pair not in pairs]
    rows = [
        row
        for method, other in pairs
        if method in scores and other in scores
        for row in _pair_rows(scores, method, other, resampling)
    ]
    return _corrected(pl.DataFrame(rows, schema=SCHEMA))


def _corrected(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with Holm's p: one family a metric, of all pairs that have a p."""
    tested = pl.col("p_value").is_not_null()
    families = [
        family.with_columns(p_holm=pl.Series(holm(family["p_value"].to_numpy())))
        for _, family in table.filter(tested).group_by("metric", maintain_order=True)
    ]
    keys = ["method", "reference", "metric"]
    corrected = pl.concat([table.clear(), *families]).select(*keys, "p_holm")
    joined = table.drop("p_holm").join(corrected, on=keys, how="left", maintain_order="left")
    return joined.select(*SCHEMA)


def _pair_rows(
    scores: ArmScores, method: str, reference: str, resampling: Resampling
) -> list[dict[str, Any]]:
    rows = []
    for metric, difference in _differences(scores, method, reference).items():
        if not difference.seeds:
            continue
        summary = summarise(difference, resampling, "comparisons", method, reference, metric)
        row = {
            "method": method,
            "reference": reference,
            "metric": metric,
            "effect": summary.pop("estimate"),
            **summary,
            "p_value": None if metric in DESCRIPTIVE else sign_flip_p(difference.per_seed),
            "test": None if metric in DESCRIPTIVE else TEST,
        }
        if metric in HIGHER_IS_BETTER:
            mine, other = scores[method][metric], scores[reference][metric]
            row |= _improvement(difference, mine, other, higher=HIGHER_IS_BETTER[metric])
        rows.append(row)
    return rows


def _differences(scores: ArmScores, method: str, reference: str) -> dict[str, Scores]:
    """Return every compared metric of a pair, paired by seed."""
    mine, other = scores[method], scores[reference]
    pairs = {metric: paired(mine[metric], other[metric]) for metric in HIGHER_IS_BETTER}
    pairs[HALF_GAP_KEPT] = paired(mine["fresh_gap"], other["fresh_gap"], weight=0.5)
    if HEALTHY in scores and HEALTHY not in (method, reference):
        end = "end_pass@1"
        beyond = paired(mine[end], other[end], weight=0.5)
        beyond = paired(beyond, scores[HEALTHY][end], weight=0.5)
        pairs[SHORT_OF_CURE] = Scores(beyond.seeds, beyond.tasks, -beyond.values)
    return pairs


def _improvement(
    difference: Scores, mine: Scores, other: Scores, *, higher: bool
) -> dict[str, Any]:
    sign = 1 if higher else -1

    def shared(scores: Scores) -> NDArray[np.float64]:
        return sign * scores.per_seed[[seed in difference.seeds for seed in scores.seeds]]

    return {
        "seeds_better": int((sign * difference.per_seed > 0).sum()),
        "probability_of_improvement": probability_of_improvement(shared(mine), shared(other)),
    }
