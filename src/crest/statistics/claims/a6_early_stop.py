"""A6: rolling the peak checkpoint forward beats rolling the end forward.

The note adds early stopping's controls, which the source lacks: a random step of each campaign, and
campaigns that are short without looking. They show what the choice by pass@1 gains beyond running
fewer steps, and do not change the verdict.
"""

from crest.statistics.claims._evidence import Judgement, beside, conclude, difference, not_run
from crest.statistics.settings import Tables

ID = "A6"
STUDY = "collapse"
SENTENCE = "Early stopping ends its chains above naive self-training."
SOURCE_FIGURE = "end pass@1 22.2% against 11.8% [note]"
TABLES = ("arms", "comparisons")
CONTROLS = ("random_step", "short")
RULE = (
    "Reproduced when the end-of-chain pass@1 of es minus that of naive, paired by seed, lies above "
    "zero by both intervals; contradicted when it lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "Going on from the best checkpoint of each campaign, not from its last, ends the "
    "chains higher.",
    "contradicted": "Going on from the best checkpoint of each campaign ends the chains lower.",
    "inconclusive": "Whether going on from the best checkpoint of each campaign helps is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    judgement = not_run(tables, "es", "naive") or conclude(
        difference(tables, "es", "naive", "end_pass@1")
    )
    controls = [difference(tables, "es", control, "end_pass@1") for control in CONTROLS]
    return beside(judgement, "controls", controls)
