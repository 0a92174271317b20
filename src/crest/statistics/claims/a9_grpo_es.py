"""A9: GRPO and early stopping together are a mixed affair.

The source says no more than "mixed". Our reading, fixed beforehand: together they add nothing that
matters to at least one of the two alone.
"""

from crest.statistics.claims._evidence import (
    Judgement,
    Verdict,
    difference,
    judged,
    not_run,
)
from crest.statistics.margin import SMALLEST_GAIN
from crest.statistics.settings import Tables

ID = "A9"
STUDY = "collapse"
SENTENCE = "GRPO with early stopping is mixed: no clear gain over each of the two alone."
SOURCE_FIGURE = "mixed [note]"
TABLES = ("arms", "comparisons")
RULE = (
    "Two differences of end-of-chain pass@1, paired by seed: grpo_es minus es, and minus grpo. "
    "Contradicted when both lie above zero by both intervals (better than each alone), or both "
    "below (worse than each alone). Reproduced when at least one is not above zero and lies below "
    ".05, the smallest gain that matters, by both intervals. Else inconclusive."
)
PLAIN = {
    "reproduced": "GRPO and early stopping together add nothing that matters to at least one of "
    "the two alone.",
    "contradicted": "GRPO and early stopping together are no mixed affair: they end on one side of "
    "each of the two alone.",
    "inconclusive": "Whether GRPO and early stopping add to one another is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_run(tables, "grpo_es", "es", "grpo")
    if absent:
        return absent
    parts = [difference(tables, "grpo_es", alone, "end_pass@1") for alone in ("es", "grpo")]
    found = [part for part in parts if part is not None]
    sides = {part.side for part in found}
    if sides in ({1}, {-1}):
        return judged(Verdict.CONTRADICTED, parts)
    if any(part.side != 1 and part.below(SMALLEST_GAIN) for part in found):
        return judged(Verdict.REPRODUCED, parts)
    return judged(Verdict.INCONCLUSIVE, parts)
