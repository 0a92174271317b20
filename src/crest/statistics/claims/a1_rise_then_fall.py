"""A1: within a campaign of naive self-training pass@1 rises, then falls."""

from crest.statistics.claims._evidence import Judgement, conclude, gap, not_run
from crest.statistics.settings import Tables

ID = "A1"
STUDY = "collapse"
SENTENCE = "Within a campaign of naive self-training pass@1 rises, then falls."
SOURCE_FIGURE = "peak-to-end gap .176; 25% to 81% in about 50 steps, then about 0 (7B) [note]"
TABLES = ("arms", "gaps")
RULE = (
    "Reproduced when five means of naive over seeds lie above zero by both intervals: the fall "
    "(peak minus end, fresh samples), the rise (peak minus start, fresh samples), the excess of "
    "the select curve's gap over the gap of a policy that never changes, and the rise and fall of "
    "each seed's select curve at the step where the mean curve of the other seeds of the same "
    "campaign is highest, which a policy that only jitters does not show. Contradicted when one of "
    "them lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "Within a campaign naive self-training first gets better, then worse again, by "
    "more than noise could show.",
    "contradicted": "Naive self-training does not rise and then fall within a campaign.",
    "inconclusive": "Whether naive self-training rises and then falls within a campaign is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return not_run(tables, "naive") or conclude(
        gap(tables, "naive", "fresh_gap"),
        gap(tables, "naive", "rise"),
        gap(tables, "naive", "excess_gap"),
        gap(tables, "naive", "shared_rise"),
        gap(tables, "naive", "shared_fall"),
    )
