"""What a cure of collapse would be, and whether an arm is one: shared by A2 and A3.

A penalty cures if the chain regains at least half of what the collapsing rate costs it: it ends
half-way between naive and the same method at the healthy rate, or above [ours]. A policy that a
penalty merely freezes ends near the base model and is no cure by that.
"""

from collections.abc import Sequence
from dataclasses import replace

from crest.statistics.claims._evidence import (
    Judgement,
    beside,
    conclude,
    difference,
    gap,
    not_run,
    open_unless,
)
from crest.statistics.settings import Tables

TABLES = ("arms", "comparisons", "gaps")
NEEDED = ("naive", "healthy")
NO_COST = "healthy itself does not end above naive by both intervals"

RULE = (
    "Reproduced when four means of ARM over seeds lie above zero by both intervals: the fall "
    "within campaigns (peak minus end, fresh samples), the excess of the select curve's gap over "
    "the gap of a policy that never changes, the fall of each seed's select curve from the step "
    "where the mean curve of the other seeds of the same campaign is highest, and what its "
    "end-of-chain pass@1 lacks to a cure, paired by seed. A cure ends half-way between naive and "
    "naive at the healthy rate, or above; the fourth mean counts only where healthy itself ends "
    "above naive by both intervals, and is open elsewhere. Contradicted when one of the four lies "
    "below zero by both. Else inconclusive."
)


def rule_of(arm: str) -> str:
    """Return the rule in words."""
    return RULE.replace("ARM", arm)


def judge_penalty(tables: Tables, arm: str, *variants: str) -> Judgement:
    """Return the verdict on a penalty's arm, with naive and the variants that ran in its note."""
    plain = [difference(tables, arm, "naive", each) for each in ("end_pass@1", "fresh_gap")]
    judgement = beside(judge_cure(tables, arm), "against naive", plain)
    return replace(judgement, note=judgement.note + _told(tables, variants))


def judge_cure(tables: Tables, arm: str) -> Judgement:
    """Return the verdict on the claim that an arm does not cure collapse."""
    absent = not_run(tables, arm, *NEEDED)
    if absent:
        return absent
    cost = difference(tables, "healthy", "naive", "end_pass@1")
    costly = cost is not None and cost.side == 1
    return conclude(
        gap(tables, arm, "fresh_gap"),
        gap(tables, arm, "excess_gap"),
        gap(tables, arm, "shared_fall"),
        open_unless(costly, NO_COST, difference(tables, arm, "naive", "short_of_cure")),
    )


def _told(tables: Tables, variants: Sequence[str]) -> str:
    """Return the verdicts of an arm's variants by the same rule, as the end of a note."""
    ran = set(tables["arms"]["method"])
    return "".join(
        f"; {arm} by the same rule, not part of the verdict: {judge_cure(tables, arm).verdict}"
        for arm in variants
        if arm in ran
    )
