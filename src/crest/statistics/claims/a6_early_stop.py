"""A6: rolling the peak checkpoint forward beats rolling the end forward."""

from crest.statistics.claims._evidence import Judgement, conclude, difference, not_run
from crest.statistics.settings import Tables

ID = "A6"
STUDY = "collapse"
SENTENCE = "Early stopping ends its chains above naive self-training."
SOURCE_FIGURE = "end pass@1 22.2% against 11.8% [note]"
TABLES = ("arms", "comparisons")
RULE = (
    "Reproduced when the end-of-chain pass@1 of es minus that of naive, paired by seed, lies above "
    "zero by both 95% intervals; contradicted when it lies below zero by both. Else inconclusive."
)


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return not_run(tables, "es", "naive") or conclude(
        difference(tables, "es", "naive", "end_pass@1")
    )
