"""A12: another architecture rises and falls too.

The source's second family was Gemma-3-4B, in a pilot [paper]; ours is the organism in Gemma-3's
shape, with a pilot of its own that chose its learning rates.
"""

from crest.statistics.claims._evidence import Judgement, Verdict, conclude, number
from crest.statistics.settings import Tables

ID = "A12"
STUDY = "architectures"
SENTENCE = "A model of another architecture rises and falls too."
SOURCE_FIGURE = "a pilot with Gemma-3-4B; no figure known to us"
TABLES = ("architectures",)
METRICS = ("fresh_gap", "rise", "excess_gap", "shared_rise", "shared_fall")
RULE = (
    "The rule of A1 for naive on every further model: reproduced when five means over seeds lie "
    "above zero by both intervals for each of them: the fall (peak minus end, fresh samples), the "
    "rise (peak minus start, fresh samples), the excess of the select curve's gap over the gap of "
    "a policy that never changes, and the rise and fall of each seed's select curve at the step "
    "where the mean curve of the other seeds of the same campaign is highest. Contradicted when "
    "one of them lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "It is not this one architecture: another one rises and falls too.",
    "contradicted": "Another architecture does not rise and fall as the first one does.",
    "inconclusive": "Whether another architecture rises and falls as well is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    naive = tables["architectures"].filter(method="naive")
    models = naive["model"].unique().sort().to_list()
    if not models:
        return Judgement(Verdict.NOT_RUN, "no chains of naive on a further model")
    return conclude(
        *(
            number(tables, "architectures", model=model, method="naive", metric=metric)
            for model in models
            for metric in METRICS
        )
    )
