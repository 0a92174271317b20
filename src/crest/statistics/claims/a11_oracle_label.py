"""A11: the gap remains where the label is exact, so that it is no artefact of weak tests.

The arm `oracle` learns from, and is measured by, a comparison with the reference program on all
inputs of the problem's domain. The note says how often the two labels differ on the rollouts.
"""

from dataclasses import replace

import polars as pl

from crest.statistics.claims._evidence import (
    Judgement,
    conclude,
    difference,
    gap,
    not_run,
    open_unless,
)
from crest.statistics.settings import Tables

ID = "A11"
STUDY = "collapse"
SENTENCE = "The peak-to-end gap remains when the label is exact."
SOURCE_FIGURE = "none: named as the experiment that would settle it [note]"
TABLES = ("arms", "comparisons", "gaps", "labels_agreement")
NO_GAP = "naive's own fresh gap is not above zero by both intervals"
RULE = (
    "Reproduced when four means over seeds lie above zero by both intervals: of arm oracle the "
    "fall within campaigns (peak minus end, fresh samples, judged by the exact label), the excess "
    "of the select curve's gap over the gap of a policy that never changes, and the fall of each "
    "seed's select curve from the step where the mean curve of the other seeds of the same "
    "campaign is highest; and that first fall minus half of naive's, paired by seed (more than "
    "half of the gap remains). The last counts only where the fall of naive itself lies above zero "
    "by both, and is open elsewhere. Contradicted when one of the four lies below zero by both. "
    "Else inconclusive."
)
PLAIN = {
    "reproduced": "An exact label does not prevent the fall, so that it is no exploit of weak "
    "tests.",
    "contradicted": "With an exact label the fall is gone, or less than half of it remains: weak "
    "tests have a part in it.",
    "inconclusive": "Whether the fall would remain under an exact label is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_run(tables, "oracle", "naive")
    if absent:
        return absent
    naive = gap(tables, "naive", "fresh_gap")
    kept = difference(tables, "oracle", "naive", "half_gap_kept")
    judgement = conclude(
        gap(tables, "oracle", "fresh_gap"),
        gap(tables, "oracle", "excess_gap"),
        gap(tables, "oracle", "shared_fall"),
        open_unless(naive is not None and naive.side == 1, NO_GAP, kept),
    )
    return replace(judgement, note=f"{judgement.note}{_agreement(tables)}")


def _agreement(tables: Tables) -> str:
    """Return how often the labels differ, over all rollouts of the two arms."""
    whole = tables["labels_agreement"].filter(pl.col("campaign").is_null())
    rows = whole.filter(pl.col("method").is_in(["naive", "oracle"])).to_dicts()
    told = [
        f"{row['method']}: the labels agree on {row['agreement']:.4f} of {row['num_rollouts']} "
        f"rollouts, {row['hidden_only']} of {row['hidden_passed']} passes fail the exact label"
        for row in rows
    ]
    return "".join(f"; {text}" for text in told)
