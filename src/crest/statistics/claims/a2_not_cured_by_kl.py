"""A2: a KL penalty does not cure collapse.

The verdict is on `kl`, whose reference is the start of the campaign. Variants that ran
(`kl_base`, `adaptive_kl`) are judged by the same rule in the note.
"""

from crest.statistics.claims._cure import judge_penalty, rule_of
from crest.statistics.claims._evidence import Judgement
from crest.statistics.settings import Tables

ID = "A2"
STUDY = "collapse"
SENTENCE = "A KL penalty does not cure the collapse."
SOURCE_FIGURE = "no figure known to us"
TABLES = ("arms", "comparisons", "gaps")
RULE = rule_of("kl")
PLAIN = {
    "reproduced": "Holding the model near its start with a KL penalty does not cure the collapse: "
    "campaigns still fall, and the chain ends nearer to naive than to the healthy setting.",
    "contradicted": "A KL penalty does cure the collapse here: campaigns no longer fall, or the "
    "chain ends nearer to the healthy setting than to naive.",
    "inconclusive": "Whether a KL penalty cures the collapse is open.",
}


def judge(tables: Tables) -> Judgement:
    """Return the verdict by `RULE`."""
    return judge_penalty(tables, "kl", "kl_base", "adaptive_kl")
