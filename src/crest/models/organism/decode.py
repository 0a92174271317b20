"""Sampling completions: prompts computed once, a static cache, finished rows dropped.

A prompt's keys and values are computed once and copied to its samples. Every draw is the inverse
of the cumulative distribution at a uniform number that depends on the row's seed and the token's
position alone (`seeds.uniforms`), so the order and the company of rows do not matter, up to the
rounding of matrix products.

Samples of one prompt may share what they have in common so far, see `shared_prefixes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from crest.models.organism.cache import Cache, prefill
from crest.models.organism.decode_rows import Row, Sampled, collect, draws_of
from crest.models.organism.decode_step import DecodingWeights
from crest.models.organism.network import Organism
from crest.models.organism.shared_prefixes import PrefixSampler

ROWS_PER_CHUNK = 256
"""Rows decoded at once: their activations fit in a core's second-level cache."""

KEEP_SHARE = 0.9
"""Below it, copying the cache without the finished rows costs less than carrying them along."""


def sample(
    network: Organism,
    prompts: Sequence[tuple[int, ...]],
    row_seeds: Sequence[Sequence[int]],
    *,
    eos_id: int,
    temperature: float,
    max_completion_length: int,
    rows_per_chunk: int = ROWS_PER_CHUNK,
    keep_share: float = KEEP_SHARE,
    share_prefixes: bool = False,
) -> list[Sampled]:
    """Return one sampled completion a seed, prompt by prompt.

    Args:
        network: Frozen while this runs.
        prompts: Token ids of each prompt.
        row_seeds: Seeds of each prompt's samples.
        eos_id: The token that ends a completion.
        temperature: Divides the logits; 0 is greedy, with log-probabilities at temperature 1.
        max_completion_length: Cap on the tokens of a completion.
        rows_per_chunk: Rows decoded at once.
        keep_share: Finished rows are dropped once a smaller share of the rows is unfinished.
        share_prefixes: Compute equal beginnings of completions once: fewer products of matrices,
            so faster for many samples of short completions, and equal up to rounding.
    """
    longest = max((len(prompt) for prompt in prompts), default=0) + max_completion_length
    if longest > network.anatomy.max_position_embeddings:
        raise ValueError(
            f"prompt and completion may take {longest} tokens, but the network has "
            f"{network.anatomy.max_position_embeddings} positions: lower max_completion_length"
        )
    pairs = [
        (prompt, seed)
        for prompt, own_seeds in zip(prompts, row_seeds, strict=True)
        for seed in own_seeds
    ]
    rows = [Row(prompt, place, seed) for place, (prompt, seed) in enumerate(pairs)]
    rows.sort(key=lambda row: (len(row.prompt), row.prompt))
    results: list[Sampled] = [Sampled([], [])] * len(rows)
    with torch.inference_mode():
        weights = DecodingWeights(network, temperature)
        limits = (eos_id, max_completion_length)
        sampler = (
            PrefixSampler(network, weights, *limits)
            if share_prefixes
            else _Sampler(network, weights, *limits, keep_share)
        )
        for start in range(0, len(rows), rows_per_chunk):
            chunk = rows[start : start + rows_per_chunk]
            for row, result in zip(chunk, sampler.sample(chunk), strict=True):
                results[row.place] = result
    return results


@dataclass(frozen=True, slots=True)
class _Sampler:
    """What all chunks have in common; see `sample`."""

    network: Organism
    weights: DecodingWeights
    eos_id: int
    max_completion_length: int
    keep_share: float

    def sample(self, rows: Sequence[Row]) -> list[Sampled]:
        """Return the rows' completions, all decoded at once."""
        cache, logits = self._start(rows)
        draws = draws_of(rows, self.max_completion_length)
        token_ids = torch.full(draws.shape, self.eos_id)
        log_probs = torch.zeros(draws.shape)
        alive = torch.arange(len(rows))
        running = torch.ones(len(rows), dtype=torch.bool)
        for position in range(self.max_completion_length):
            tokens, chosen = self.weights.choose(logits, draws[:, position])
            token_ids[alive, position] = tokens
            log_probs[alive, position] = chosen
            running &= tokens != self.eos_id
            num_running = int(running.count_nonzero())
            if num_running == 0 or position + 1 == self.max_completion_length:
                break
            if num_running < self.keep_share * len(alive):
                kept = running.nonzero().squeeze(1)
                cache.keep(kept)
                alive, tokens, draws = alive[kept], tokens[kept], draws[kept]
                running = running[kept]
            logits = self.weights.step(tokens, cache)
        return collect(token_ids, log_probs, self.eos_id)

    def _start(self, rows: Sequence[Row]) -> tuple[Cache, Tensor]:
        """Return the cache and the logits of the rows' first tokens."""
        prompts = list(dict.fromkeys(row.prompt for row in rows))
        index = {prompt: number for number, prompt in enumerate(prompts)}
        of_row = torch.tensor([index[row.prompt] for row in rows])
        cache, hidden = prefill(self.network, prompts, of_row, self.max_completion_length)
        return cache, self.weights.first_logits(hidden)[of_row]
