"""Language models behind one protocol, `Policy`."""

from pathlib import Path

from crest.models.organism.policy import OrganismPolicy
from crest.models.policy import Policy, TokenBatch

__all__ = ["OrganismPolicy", "Policy", "TokenBatch", "load_policy"]


def load_policy(folder: Path) -> Policy:
    """Return the policy of a checkpoint folder."""
    return OrganismPolicy.load(folder)
