"""B2: the critic gains only on tasks whose candidates disagree.

That nothing is gained where all candidates behave alike is true by construction: there every
selector is right or none is. The tables refuse picks that say otherwise, so that half of the claim
is a check and no finding; what can fail is the gain where candidates disagree.
"""

from dataclasses import replace

from crest.statistics.claims._crossover import on_banks
from crest.statistics.claims._evidence import Judgement, Verdict, conclude
from crest.statistics.settings import Tables

ID = "B2"
STUDY = "crossover"
SENTENCE = "The critic gains only on tasks whose candidates disagree on held-out inputs."
SOURCE_FIGURE = "no figure known to us [note]"
TABLES = ("selection_gains",)
RULE = (
    "Reproduced when on both banks the share of picks that generalise, critic minus the first "
    "candidate that fits, over the tasks whose candidates disagree on held-out inputs, paired by "
    "split seed and task, lies above zero by both intervals; contradicted when on one bank it lies "
    "below zero by both. That the difference is zero on the other tasks is true by construction, "
    "and checked. Else inconclusive."
)
PLAIN = {
    "reproduced": "Where candidates disagree the critic helps; where they agree nothing could, by "
    "construction.",
    "contradicted": "The critic does not even help where candidates disagree.",
    "inconclusive": "Whether the critic helps where candidates disagree is open.",
}
CHECKED = "on tasks whose candidates agree the difference is zero by construction (checked)"


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    if tables["selection_gains"].is_empty():
        return Judgement(Verdict.NOT_RUN, "no picks of a critic")
    parts = on_banks(
        tables,
        "selection_gains",
        "critic - first where candidates disagree",
        method="critic",
        reference="first",
        subset="divergent",
        primary=True,
    )
    judgement = conclude(*parts)
    return replace(judgement, note=f"{judgement.note}; {CHECKED}")
