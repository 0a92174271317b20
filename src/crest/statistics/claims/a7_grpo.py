"""A7: GRPO beats naive REINFORCE."""

from crest.statistics.claims._evidence import Judgement, conclude, difference, not_run
from crest.statistics.settings import Tables

ID = "A7"
STUDY = "collapse"
SENTENCE = "GRPO ends its chains above naive self-training."
SOURCE_FIGURE = "end pass@1 20.7% against 11.8% [note]"
TABLES = ("arms", "comparisons")
RULE = (
    "Reproduced when the end-of-chain pass@1 of grpo minus that of naive, paired by seed, lies "
    "above zero by both intervals; contradicted when it lies below zero by both. Else "
    "inconclusive."
)
PLAIN = {
    "reproduced": "Measuring each reward against its group (GRPO) ends the chains higher.",
    "contradicted": "Measuring each reward against its group (GRPO) ends the chains lower.",
    "inconclusive": "Whether measuring each reward against its group (GRPO) helps is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return not_run(tables, "grpo", "naive") or conclude(
        difference(tables, "grpo", "naive", "end_pass@1")
    )
