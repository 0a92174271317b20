"""A4: CARE beats naive self-training where that is fragile.

The claim is about ends of chains, and so is our reading of fragile: the same method at the healthy
rate ends higher. What single campaigns lose may be small where a chain loses much.
"""

from dataclasses import replace

from crest.statistics.claims._evidence import (
    Judgement,
    conclude,
    difference,
    not_run,
    open_unless,
)
from crest.statistics.margin import SMALLEST_GAIN
from crest.statistics.settings import Tables

ID = "A4"
STUDY = "collapse"
SENTENCE = "Where naive self-training is fragile, CARE ends its chains above it."
SOURCE_FIGURE = "end pass@1 4.9% to 9.5%, better on 4 of 5 seeds [note]"
TABLES = ("arms", "comparisons")
ROBUST = "naive is not fragile: healthy does not end more than .05 above it by both intervals"
RULE = (
    "Reproduced when the end-of-chain pass@1 of care minus that of naive, paired by seed, lies "
    "above zero by both intervals; contradicted when it lies below zero by both. It counts only "
    "where naive is fragile, which is where naive at the healthy rate ends above it by more than "
    ".05, the smallest difference that matters, by both intervals, and is open elsewhere. Else "
    "inconclusive."
)
PLAIN = {
    "reproduced": "Where naive self-training is fragile, CARE ends its chains higher.",
    "contradicted": "CARE ends its chains lower than naive self-training, though that is fragile.",
    "inconclusive": "Whether CARE helps where naive self-training is fragile is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_run(tables, "care", "naive", "healthy")
    if absent:
        return absent
    cost = difference(tables, "healthy", "naive", "end_pass@1")
    fragile = cost is not None and cost.above(SMALLEST_GAIN)
    gain = difference(tables, "care", "naive", "end_pass@1")
    judgement = conclude(open_unless(fragile, ROBUST, gain))
    if gain is None:
        return judgement
    better = f"better on {gain.row['seeds_better']} of {gain.row['n_seeds']} seeds"
    return replace(judgement, note=f"{judgement.note}; {better}; {cost}")
