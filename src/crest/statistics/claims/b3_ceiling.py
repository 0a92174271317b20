"""B3: self-training on own verified programs raises the ceiling, pass@8.

The source gives the same two numbers for the ceiling and for the trained model's lead at 8 samples.
We judge the ceiling by the mean over all rounds [ours], and the lead (B5) by the last round.
"""

from crest.statistics.claims._crossover import not_trained, of_recipe, with_bases
from crest.statistics.claims._evidence import Judgement, beside, conclude
from crest.statistics.settings import Tables

ID = "B3"
STUDY = "crossover"
SENTENCE = "Self-training on own verified programs raises the ceiling: pass@8."
SOURCE_FIGURE = "pass@8 46.0% to 53.0% (easy), 38.0% to 46.0% (hard) [note]"
TABLES = ("star_rounds",)
RULE = (
    "Reproduced when on both banks pass@k at the pick budget, mean over all rounds of the study's "
    "own recipe, minus that of the trajectory's base, lies above zero by both intervals; "
    "contradicted when on one bank it lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "Self-training raises what a handful of samples can reach.",
    "contradicted": "Self-training lowers what a handful of samples can reach.",
    "inconclusive": "Whether self-training raises what a handful of samples can reach is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    judgement = not_trained(tables, "star_rounds") or conclude(
        *of_recipe(tables, "star_rounds", "ceiling over base", metric="ceiling_mean_gain")
    )
    distinct = of_recipe(
        tables,
        "star_rounds",
        "distinct right programs after round 1",
        metric="distinct_correct",
        round=1,
    )
    return with_bases(beside(judgement, "a task", distinct), tables, "star_rounds")
