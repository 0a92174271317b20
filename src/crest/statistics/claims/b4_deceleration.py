"""B4: gains of self-training decelerate from round to round: it amplifies, it does not compound."""

from crest.statistics.claims._crossover import not_trained, of_recipe, with_bases
from crest.statistics.claims._evidence import Judgement, beside, conclude, open_unless
from crest.statistics.settings import Tables

ID = "B4"
STUDY = "crossover"
SENTENCE = "Gains of self-training decelerate: the first round gains more than later ones."
SOURCE_FIGURE = "no figure known to us [note]"
TABLES = ("star_rounds",)
NO_GAIN = "the first round itself does not gain by both intervals"
RULE = (
    "Reproduced when on both banks the pass@1 that the first round of the study's own recipe adds "
    "minus the mean of what later rounds add, paired by trajectory, lies above zero by both "
    "intervals; contradicted when on one bank it lies below zero by both. It counts only where the "
    "first round gains by both intervals, and is open elsewhere. Else inconclusive."
)
PLAIN = {
    "reproduced": "The first round of self-training brings most; later rounds add less each.",
    "contradicted": "Later rounds of self-training add more than the first one: gains compound.",
    "inconclusive": "Whether gains of self-training decelerate is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_trained(tables, "star_rounds")
    if absent:
        return absent
    first = of_recipe(tables, "star_rounds", "round 1", metric="pass@1_increment", round=1)
    slower = of_recipe(
        tables, "star_rounds", "round 1 - mean of later rounds", metric="pass@1_deceleration"
    )
    parts = [
        open_unless(gained is not None and gained.side == 1, NO_GAIN, part)
        for gained, part in zip(first, slower, strict=True)
    ]
    later = of_recipe(tables, "star_rounds", "mean of later rounds", metric="pass@1_later")
    ceiling = of_recipe(
        tables, "star_rounds", "the same of the ceiling", metric="ceiling_deceleration"
    )
    judgement = beside(conclude(*parts), "beside it", [*first, *later, *ceiling])
    return with_bases(judgement, tables, "star_rounds")
