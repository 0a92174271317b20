"""A Qwen2-shaped language model small enough to pretrain and to post-train on a CPU."""

from crest.models.organism.network import NetworkShape, Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions

__all__ = ["NetworkShape", "Organism", "OrganismPolicy", "Tokenizer", "TokenizerOptions"]
