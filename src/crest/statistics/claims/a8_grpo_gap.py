"""A8: GRPO falls within its campaigns as naive does, and gains between them.

What is carried over is read off the select curves, as the source reads it: the first value of the
next campaign, on its own problems, minus the last of this one. Its meaning is narrower here. The
end that rolls forward is the next start, and both campaigns draw the problems that they watch from
one split that nothing trains on, so that the number differs from zero by that draw and by noise
alone, in every arm that rolls its end forward. The difference between two such arms has a mean of
zero: noise aside, this part neither reproduces nor contradicts the claim, it leaves it open.
"""

from dataclasses import replace

from crest.statistics.claims._evidence import (
    Judgement,
    conclude,
    difference,
    gap,
    not_run,
    open_unless,
)
from crest.statistics.settings import Tables

ID = "A8"
STUDY = "collapse"
SENTENCE = "GRPO keeps the peak-to-end gap; its gain over naive lies in what campaigns carry over."
SOURCE_FIGURE = "gap .165 against .176 [note]"
TABLES = ("arms", "comparisons", "gaps")
NO_GAP = "naive's own fresh gap is not above zero by both intervals"
RULE = (
    "Reproduced when three means over seeds lie above zero by both intervals: the fall of grpo "
    "(peak minus end, fresh samples); that fall minus half of naive's, paired by seed (more than "
    "half of the gap remains); and what campaigns of grpo carry over on select (first value of the "
    "next campaign minus last of this one) minus the same of naive, paired by seed. The second "
    "counts only where the fall of naive itself lies above zero by both, and is open elsewhere. "
    "Contradicted when one of the three lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "GRPO falls within its campaigns nearly as naive self-training does, and gains "
    "between them.",
    "contradicted": "GRPO does not both keep the fall within campaigns and gain between them: it "
    "falls less than half as far, or carries less over.",
    "inconclusive": "Whether GRPO keeps the fall within campaigns and gains between them is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_run(tables, "grpo", "naive")
    if absent:
        return absent
    naive = gap(tables, "naive", "fresh_gap")
    kept = difference(tables, "grpo", "naive", "half_gap_kept")
    judgement = conclude(
        gap(tables, "grpo", "fresh_gap"),
        open_unless(naive is not None and naive.side == 1, NO_GAP, kept),
        difference(tables, "grpo", "naive", "select_carry_over"),
    )
    return replace(judgement, note=f"{judgement.note}; {naive}") if naive else judgement
