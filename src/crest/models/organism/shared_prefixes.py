"""Sampling in which rows with equal prompts and equal tokens so far are one row of the network.

Each row draws with its own numbers, as it does alone. So what is drawn is the same, up to the
rounding of matrix products; what is computed is one row for each node of the tree of beginnings.
Measured on string programs of 7 tokens: 3.5 times fewer rows at 256 samples of a prompt, 1.7 at 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from crest.models.organism.cache import prefill
from crest.models.organism.decode_rows import Row, Sampled, collect, draws_of
from crest.models.organism.decode_step import DecodingWeights
from crest.models.organism.network import Organism


@dataclass(frozen=True, slots=True)
class PrefixSampler:
    """What all chunks have in common; see `decode.sample`."""

    network: Organism
    weights: DecodingWeights
    eos_id: int
    max_completion_length: int

    def sample(self, rows: Sequence[Row]) -> list[Sampled]:
        """Return the rows' completions, all decoded at once."""
        prompts = list(dict.fromkeys(row.prompt for row in rows))
        index = {prompt: number for number, prompt in enumerate(prompts)}
        nodes = torch.tensor([index[row.prompt] for row in rows])
        each_once = torch.arange(len(prompts))
        cache, hidden = prefill(self.network, prompts, each_once, self.max_completion_length)
        logits = self.weights.first_logits(hidden)
        draws = draws_of(rows, self.max_completion_length)
        token_ids = torch.full(draws.shape, self.eos_id)
        log_probs = torch.zeros(draws.shape)
        alive = torch.arange(len(rows))
        for position in range(self.max_completion_length):
            tokens, chosen = self.weights.choose(logits[nodes], draws[alive, position])
            token_ids[alive, position] = tokens
            log_probs[alive, position] = chosen
            running = (tokens != self.eos_id).nonzero()[:, 0]
            if len(running) == 0 or position + 1 == self.max_completion_length:
                break
            alive = alive[running]
            parents, last, nodes = _branches(nodes[running], tokens[running], logits.shape[1])
            if not _is_each_once(parents, len(logits)):
                cache.keep(parents)
            logits = self.weights.step(last, cache)
        return collect(token_ids, log_probs, self.eos_id)


def _branches(nodes: Tensor, tokens: Tensor, vocab_size: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return each new node's parent and last token, and each row's new node.

    Args:
        nodes: Long[row], where a row stands.
        tokens: Long[row], the token with which it goes on.
        vocab_size: More than any token.
    """
    keys, new_nodes = torch.unique(nodes * vocab_size + tokens, return_inverse=True)
    return keys // vocab_size, keys % vocab_size, new_nodes


def _is_each_once(parents: Tensor, num_nodes: int) -> bool:
    """Return whether every node goes on with one token, so that the cache stays as it is."""
    return len(parents) == num_nodes and torch.equal(parents, torch.arange(num_nodes))
