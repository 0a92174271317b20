"""A8: GRPO falls within its campaigns as naive does, and gains between them.

We differ from the source in what is carried over. It takes the next campaign's start minus this
campaign's end, over problems that change between campaigns. On one report split the end that rolls
forward is the next start, so that this number is zero by construction, for both arms. What is
carried is measured by the starts themselves: every next start minus the chain's first start.
"""

from crest.statistics.claims._evidence import Judgement, conclude, difference, gap, not_run
from crest.statistics.settings import Tables

ID = "A8"
STUDY = "collapse"
SENTENCE = "GRPO keeps the peak-to-end gap; its gain over naive lies in what campaigns carry over."
SOURCE_FIGURE = "gap .165 against .176 [note]"
TABLES = ("arms", "comparisons", "gaps")
RULE = (
    "Reproduced when three means over seeds lie above zero by both 95% intervals: the fall of grpo "
    "(peak minus end, fresh samples); that fall minus half of naive's, paired by seed (more than "
    "half of the gap remains); and what campaigns of grpo carry over (every next start minus the "
    "chain's first start) minus the same of naive. Contradicted when one of them lies below zero "
    "by both. Else inconclusive."
)


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return not_run(tables, "grpo", "naive") or conclude(
        gap(tables, "grpo", "fresh_gap"),
        difference(tables, "grpo", "naive", "half_gap_kept"),
        difference(tables, "grpo", "naive", "carried_gain"),
    )
