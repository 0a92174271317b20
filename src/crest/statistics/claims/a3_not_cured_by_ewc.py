"""A3: elastic weight consolidation does not cure collapse.

The source's arm is "EWC-style", a strong KL penalty [note]; ours are two. The verdict is on `ewc`,
with the true Fisher information. `ewc_style`, the source's, and `ewc_strong`, the true one ten
times as strong, are judged by the same rule in the note where they ran.
"""

from crest.statistics.claims._cure import judge_penalty, rule_of
from crest.statistics.claims._evidence import Judgement
from crest.statistics.settings import Tables

ID = "A3"
STUDY = "collapse"
SENTENCE = "Elastic weight consolidation (EWC) does not cure the collapse."
SOURCE_FIGURE = "no figure known to us; its arm is a strong KL penalty [note]"
TABLES = ("arms", "comparisons", "gaps")
RULE = rule_of("ewc")
PLAIN = {
    "reproduced": "Guarding the weights that earlier problems needed (EWC) does not cure the "
    "collapse: campaigns still fall, and the chain ends nearer to naive than to the healthy "
    "setting.",
    "contradicted": "Guarding the weights that earlier problems needed (EWC) does cure the "
    "collapse here: campaigns no longer fall, or the chain ends nearer to the healthy setting "
    "than to naive.",
    "inconclusive": "Whether EWC cures the collapse is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return judge_penalty(tables, "ewc", "ewc_style", "ewc_strong")
