"""B6: with 64 samples a task the base is ahead of the model trained from it."""

from crest.statistics.claims._crossover import (
    not_trained,
    of_recipe,
    turned,
    with_bases,
    with_crossings,
)
from crest.statistics.claims._evidence import Judgement, conclude
from crest.statistics.settings import Tables

ID = "B6"
STUDY = "crossover"
SENTENCE = "With 64 samples a task the base solves more than the model trained from it."
SOURCE_FIGURE = "pass@64 68.0% against 61.5% (easy), 57.5% against 52.5% (hard) [note]"
TABLES = ("crossing", "crossover_pass_at_k")
BUDGET = 64
RULE = (
    "Reproduced when on both banks pass@64 of the trajectory's base minus that of the last round "
    "of the study's own recipe lies above zero by both intervals; contradicted when on one bank it "
    "lies below zero by both. Else inconclusive."
)
PLAIN = {
    "reproduced": "With many samples a task, the model before self-training solves more: the "
    "training narrowed it.",
    "contradicted": "Even with many samples a task, the trained model is ahead: it is not narrower "
    "than the model it came from.",
    "inconclusive": "Whether the base is ahead with many samples a task is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    absent = not_trained(tables, "crossover_pass_at_k")
    if absent:
        return absent
    gains = of_recipe(tables, "crossover_pass_at_k", "", metric="gain", last=True, k=BUDGET)
    parts = [
        turned(part, f"base - trained at k = {BUDGET}{part.label}") if part else None
        for part in gains
    ]
    judgement = with_bases(conclude(*parts), tables, "crossover_pass_at_k")
    return with_crossings(judgement, tables)
