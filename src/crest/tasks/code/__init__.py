"""Short Python functions asked for by composed primitives, in eight families."""

from crest.tasks.code.corpus import make_corpus
from crest.tasks.code.splits import Splits, check_disjoint, make_splits

__all__ = ["Splits", "check_disjoint", "make_corpus", "make_splits"]
