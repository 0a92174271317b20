"""B1: the critic's pick generalises more often than the first candidate that fits.

The source compares with the first candidate alone. Selectors that need no critic take part of the
same gain, so the note has the critic's gain over each of them.
"""

from dataclasses import replace

from crest.statistics.claims._crossover import BANKS, on_banks
from crest.statistics.claims._evidence import Judgement, Verdict, conclude
from crest.statistics.picks import FREE
from crest.statistics.settings import Tables

ID = "B1"
STUDY = "crossover"
SENTENCE = "The critic's pick generalises more often than the first candidate that fits."
SOURCE_FIGURE = "+9.1 points, on 6 of 6 split seeds [note]"
TABLES = ("selection_gains",)
RULE = (
    "Reproduced when on both banks the share of picks that generalise, critic minus the first "
    "candidate that fits the visible pairs, paired by split seed and task, lies above zero by both "
    "intervals; contradicted when on one bank it lies below zero by both. The critic is the one "
    "trained on most tasks. Else inconclusive."
)
PLAIN = {
    "reproduced": "The critic picks a program that generalises more often than taking the first "
    "one that fits.",
    "contradicted": "The critic picks no better than taking the first program that fits, or worse.",
    "inconclusive": "Whether the critic picks better than the first program that fits is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    if tables["selection_gains"].is_empty():
        return Judgement(Verdict.NOT_RUN, "no picks of a critic")
    parts = on_banks(
        tables,
        "selection_gains",
        "critic - first",
        method="critic",
        reference="first",
        subset="all",
        primary=True,
    )
    judgement = conclude(*parts)
    better = [
        f"better on {part.row['seeds_better']} of {part.row['n_seeds']} seeds ({bank})"
        for bank, part in zip(BANKS, parts, strict=True)
        if part is not None
    ]
    return replace(judgement, note="; ".join([judgement.note, *better, *_others(tables)]))


def _others(tables: Tables) -> list[str]:
    """Return the critic's gains over the other selectors without a critic, bank by bank."""
    told = []
    for bank in BANKS:
        rows = tables["selection_gains"].filter(
            bank=bank, method="critic", subset="all", primary=True
        )
        gains = [
            f"{row['reference']} {row['estimate']:+.3f} ({row['ci_low']:+.3f} to "
            f"{row['ci_high']:+.3f}, Holm's p over tasks {row['p_tasks_holm']:.3f})"
            for row in rows.drop_nulls(["estimate", "ci_low", "p_tasks_holm"]).to_dicts()
            if row["reference"] in FREE and row["reference"] != "first"
        ]
        if gains:
            told.append(
                f"over the other free selectors, not part of the verdict, {bank} bank: "
                + ", ".join(gains)
            )
    return told
