"""A5: CARE does no harm where naive self-training is not fragile."""

from dataclasses import replace

from crest.statistics.claims._evidence import (
    Judgement,
    Verdict,
    difference,
    gap,
    judged,
    not_run,
    open_unless,
)
from crest.statistics.margin import SMALLEST_GAIN
from crest.statistics.settings import Tables

ID = "A5"
STUDY = "collapse"
SENTENCE = "Where naive self-training is not fragile, CARE is on a par with it."
SOURCE_FIGURE = "parity; no figure known to us"
TABLES = ("arms", "comparisons", "gaps")
FRAGILE = "healthy may be fragile: its fresh gap is not below .05 by both intervals"
RULE = (
    "The end-of-chain pass@1 of care_healthy (CARE at the healthy rate) minus that of healthy, "
    "paired by seed. Reproduced when both intervals lie within .05, the smallest difference that "
    "matters, of zero; contradicted when both lie above .05, or both below -.05. It counts only "
    "where healthy is not fragile, which is where its campaigns lose less than .05 between peak "
    "and end (fresh samples, by both intervals), and is open elsewhere. Else inconclusive."
)
PLAIN = {
    "reproduced": "Where naive self-training is not fragile, CARE neither helps nor harms.",
    "contradicted": "CARE is not on a par with naive self-training where that is not fragile.",
    "inconclusive": "Whether CARE is on a par with naive self-training where that is not fragile "
    "is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_run(tables, "care_healthy", "healthy")
    if absent:
        return absent
    healthy = gap(tables, "healthy", "fresh_gap")
    robust = healthy is not None and healthy.below(SMALLEST_GAIN)
    part = difference(tables, "care_healthy", "healthy", "end_pass@1")
    verdict = Verdict.INCONCLUSIVE
    if part is not None and robust:
        if part.above(-SMALLEST_GAIN) and part.below(SMALLEST_GAIN):
            verdict = Verdict.REPRODUCED
        elif part.above(SMALLEST_GAIN) or part.below(-SMALLEST_GAIN):
            verdict = Verdict.CONTRADICTED
    judgement = judged(verdict, [open_unless(robust, FRAGILE, part)])
    return replace(judgement, note=f"{judgement.note}; {healthy}") if healthy else judgement
