"""A10: what campaigns lose is no forgetting: the campaign's own problems are lost too.

Forgetting would show on the pools of earlier campaigns and spare the pool that the campaign
trains on. So would over-fitting of that pool, which differs in that problems that nothing ever
trained on, those of the report split, are lost as well: the map of the regime looks at that. Both
pools are sampled afresh at the peak, which was chosen on other problems, and at the end.
"""

from crest.statistics.claims._evidence import Judgement, beside, conclude, not_run, number
from crest.statistics.settings import Tables

ID = "A10"
STUDY = "collapse"
SENTENCE = "The drop is no forgetting: it is on the campaign's own distribution."
SOURCE_FIGURE = "no figure known to us"
TABLES = ("arms", "forgetting")
RULE = (
    "Over the campaigns of naive that have earlier ones, reproduced when two means over seeds lie "
    "above zero by both intervals: the drop from peak to end on the campaign's own pool (fresh "
    "samples), and that drop minus half of the drop on the pools of earlier campaigns. "
    "Contradicted when one of the two lies below zero by both: the own pool is spared, or loses "
    "less than half of what earlier pools lose. Else inconclusive."
)
PLAIN = {
    "reproduced": "The fall is no forgetting of earlier problems: the model gets worse on the very "
    "problems that it is training on.",
    "contradicted": "The fall spares the problems in training: others are lost, those of earlier "
    "campaigns among them, which forgetting and over-fitting of the pool have in common.",
    "inconclusive": "Whether the fall is forgetting of earlier problems is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    judgement = not_run(tables, "naive") or conclude(
        number(tables, "forgetting", method="naive", metric="own_drop"),
        number(tables, "forgetting", method="naive", metric="own_beyond_half"),
    )
    earlier = number(tables, "forgetting", method="naive", metric="earlier_drop")
    return beside(judgement, "beside it", [earlier])
