"""B5: with 8 samples a task the trained model is ahead of its base."""

from crest.statistics.claims._crossover import not_trained, of_recipe, with_bases, with_crossings
from crest.statistics.claims._evidence import Judgement, conclude
from crest.statistics.settings import Tables

ID = "B5"
STUDY = "crossover"
SENTENCE = "With 8 samples a task the trained model solves more than its base."
SOURCE_FIGURE = "pass@8 53.0% against 46.0% (easy), 46.0% against 38.0% (hard) [note]"
TABLES = ("crossing", "crossover_pass_at_k")
BUDGET = 8
RULE = (
    "Reproduced when on both banks pass@8 of the last round of the study's own recipe minus that "
    "of the trajectory's base lies above zero by both intervals; contradicted when on one bank it "
    "lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "With few samples a task, the trained model beats the model it came from.",
    "contradicted": "With few samples a task already, the trained model is behind the model it "
    "came from.",
    "inconclusive": "Whether the trained model is ahead with few samples a task is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_trained(tables, "crossover_pass_at_k")
    if absent:
        return absent
    gains = of_recipe(
        tables,
        "crossover_pass_at_k",
        f"trained - base at k = {BUDGET}",
        metric="gain",
        last=True,
        k=BUDGET,
    )
    judgement = with_bases(conclude(*gains), tables, "crossover_pass_at_k")
    return with_crossings(judgement, tables)
