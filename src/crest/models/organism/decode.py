"""Sampling completions: prompts computed once, a static cache, finished rows dropped.

A prompt's keys and values are computed once and copied to its samples. Every draw is the inverse
of the cumulative distribution at a uniform number that depends on the row's seed and the token's
position alone (`seeds.uniforms`), so the order and the company of rows do not matter, up to the
rounding of matrix products.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from crest import seeds
from crest.models.organism.attention import CausalRows
from crest.models.organism.network import Block, NetworkShape, Organism

ROWS_PER_CHUNK = 256
"""Rows decoded at once: their activations fit in a core's second-level cache."""

KEEP_SHARE = 0.8
"""Below it, copying the cache without the finished rows costs less than carrying them along."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one row produced.

    Attributes:
        token_ids: The end-of-sequence token included when it was sampled.
        log_probs: Of each token, at the sampling temperature.
    """

    token_ids: list[int]
    log_probs: list[float]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row to decode: which prompt, and which place in the caller's order."""

    prompt: tuple[int, ...]
    place: int
    seed: int


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
    """
    longest = max((len(prompt) for prompt in prompts), default=0) + max_completion_length
    if longest > network.shape.max_position_embeddings:
        raise ValueError(
            f"prompt and completion may take {longest} tokens, but the network has "
            f"{network.shape.max_position_embeddings} positions: lower max_completion_length"
        )
    pairs = [
        (prompt, seed)
        for prompt, own_seeds in zip(prompts, row_seeds, strict=True)
        for seed in own_seeds
    ]
    rows = [_Row(prompt, place, seed) for place, (prompt, seed) in enumerate(pairs)]
    rows.sort(key=lambda row: (len(row.prompt), row.prompt))
    results: list[Sampled] = [Sampled([], [])] * len(rows)
    with torch.inference_mode():
        sampler = _Sampler(
            network,
            DecodingWeights(network, temperature),
            eos_id,
            max_completion_length,
            keep_share,
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
    weights: "DecodingWeights"
    eos_id: int
    max_completion_length: int
    keep_share: float

    def sample(self, rows: Sequence[_Row]) -> list[Sampled]:
        """Return the rows' completions, all decoded at once."""
        cache, logits = self._start(rows)
        draws = self._draws(rows)
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
        return _collect(token_ids, log_probs, self.eos_id)

    def _start(self, rows: Sequence[_Row]) -> tuple["Cache", Tensor]:
        """Return the cache and the logits of the rows' first tokens."""
        prompts = list(dict.fromkeys(row.prompt for row in rows))
        index = {prompt: number for number, prompt in enumerate(prompts)}
        of_row = torch.tensor([index[row.prompt] for row in rows])
        cache, hidden = prefill(self.network, prompts, of_row, self.max_completion_length)
        return cache, self.weights.logits(hidden)[of_row]

    def _draws(self, rows: Sequence[_Row]) -> Tensor:
        """Return Float[row, token], uniform in [0, 1)."""
        row_seeds = np.array([row.seed for row in rows], dtype=np.uint64)
        draws = seeds.uniforms(row_seeds, self.max_completion_length).astype(np.float32)
        return torch.from_numpy(draws).clamp_(max=1 - 2**-24)


def _collect(token_ids: Tensor, log_probs: Tensor, eos_id: int) -> list[Sampled]:
    """Cut each row after its first end-of-sequence token."""
    ended = (token_ids == eos_id).numpy()
    lengths = np.where(ended.any(1), ended.argmax(1) + 1, ended.shape[1]).tolist()
    return [
        Sampled(ids[:length], chosen[:length])
        for ids, chosen, length in zip(token_ids.tolist(), log_probs.tolist(), lengths, strict=True)
    ]


class Cache:
    """Keys and values of the rows in flight, in tensors of their final size.

    A row's prompt lies in the first slots, padded on the right; completions follow from one slot
    that all rows share. `bias` hides the padding.

    Attributes:
        keys: [layer][row * key head, slot, size].
        values: As `keys`.
        bias: [row * key head, 1, slot], 0 or -inf.
        positions: Long[row], where in its own text a row's next token stands.
        slot: Slots filled so far.
    """

    def __init__(
        self, keys: list[Tensor], values: list[Tensor], lengths: Tensor, num_slots: int
    ) -> None:
        slots = keys[0].shape[1]
        num_heads = keys[0].shape[0] // len(lengths)
        self.keys = [functional.pad(part, (0, 0, 0, num_slots - slots)) for part in keys]
        self.values = [functional.pad(part, (0, 0, 0, num_slots - slots)) for part in values]
        padding = torch.arange(num_slots) >= lengths[:, None]
        padding[:, slots:] = False
        bias = torch.zeros(padding.shape).masked_fill_(padding, -torch.inf)
        self.bias = bias.repeat_interleave(num_heads, 0).unsqueeze(1)
        self.positions = lengths
        self.slot = slots
        self._num_heads = num_heads

    def keep(self, rows: Tensor) -> None:
        """Drop all rows but these."""
        lines = (rows[:, None] * self._num_heads + torch.arange(self._num_heads)).flatten()
        self.keys = [part.index_select(0, lines) for part in self.keys]
        self.values = [part.index_select(0, lines) for part in self.values]
        self.bias = self.bias.index_select(0, lines)
        self.positions = self.positions[rows]


def prefill(
    network: Organism, prompts: Sequence[tuple[int, ...]], of_row: Tensor, num_new: int
) -> tuple[Cache, Tensor]:
    """Return the rows' cache and Float[prompt, hidden], the state after each prompt.

    Args:
        network: The network.
        prompts: Distinct prompts.
        of_row: Long[row], which prompt a row continues.
        num_new: Slots to leave for the completion.
    """
    lengths = torch.tensor([len(prompt) for prompt in prompts])
    width = int(lengths.max())
    ids = torch.tensor([[*prompt, *[0] * (width - len(prompt))] for prompt in prompts])
    attend = CausalRows(len(prompts), width, network.shape, remember=True)
    positions = torch.arange(width).repeat(len(prompts))
    hidden = network.hidden(ids.flatten(), positions, attend)
    heads = network.shape.num_key_value_heads
    lines = (of_row[:, None] * heads + torch.arange(heads)).flatten()
    keys = [part.index_select(0, lines) for part in attend.keys]
    values = [part.index_select(0, lines) for part in attend.values]
    last = hidden.view(len(prompts), width, -1)[torch.arange(len(prompts)), lengths - 1]
    return Cache(keys, values, lengths[of_row], width + num_new), last


class _BlockWeights:
    """One block's matrices, with the norms' scales and the attention's scale multiplied in."""

    def __init__(self, block: Block, shape: NetworkShape) -> None:
        scale = torch.ones(shape.num_key_value_heads, shape.group_size + 2, shape.head_size)
        scale[:, : shape.group_size] = shape.head_size**-0.5
        qkv = block.qkv_weight * block.attention_norm * scale.view(-1, 1)
        self.qkv = qkv.T.contiguous()
        self.bias = block.qkv_bias * scale.flatten()
        self.output = block.output_weight.T.contiguous()
        self.gate_up = (block.gate_up_weight * block.mlp_norm).T.contiguous()
        self.down = block.down_weight.T.contiguous()


class DecodingWeights:
    """A copy of the weights in the form that a decoding step wants."""

    def __init__(self, network: Organism, temperature: float) -> None:
        if temperature < 0:
            raise ValueError(f"temperature is {temperature}: give 0 (greedy) or a positive number")
        self._shape = network.shape
        self._greedy = temperature == 0
        self._blocks = [_BlockWeights(block, network.shape) for block in network.layers()]
        self._embedding = network.embedding
        self._rotations = network.rotations
        self._final_norm = network.final_norm
        self._head = (network.embedding / (temperature or 1.0)).T.contiguous()

    def logits(self, hidden: Tensor) -> Tensor:
        """Return Float[row, vocab], already divided by the temperature."""
        return torch.mm(hidden, self._head)

    def choose(self, logits: Tensor, draws: Tensor) -> tuple[Tensor, Tensor]:
        """Return each row's next token and its log-probability.

        Args:
            logits: Float[row, vocab], divided by the temperature.
            draws: Float[row], uniform in [0, 1).
        """
        probabilities = logits.softmax(-1)
        if self._greedy:
            tokens = probabilities.argmax(-1)
        else:
            cumulative = probabilities.cumsum(-1)
            targets = draws[:, None] * cumulative[:, -1:]
            tokens = torch.searchsorted(cumulative, targets, right=True).squeeze(1)
        return tokens, probabilities.gather(1, tokens[:, None]).squeeze(1).log()

    def step(self, tokens: Tensor, cache: Cache) -> Tensor:
        """Append one token a row to the cache and return the next logits, Float[row, vocab]."""
        shape = self._shape
        size, group, width = shape.head_size, shape.group_size, (shape.hidden_size,)
        num_rows, slot = len(tokens), cache.slot
        seen = slot + 1
        x = self._embedding[tokens]
        rotations = self._rotations[cache.positions]
        bias = cache.bias[:, :, :seen]
        for layer, weights in enumerate(self._blocks):
            qkv = torch.addmm(
                weights.bias, functional.rms_norm(x, width, eps=shape.rms_norm_eps), weights.qkv
            )
            pairs = torch.view_as_complex(qkv.view(num_rows, -1, group + 2, size // 2, 2))
            heads = torch.view_as_real(pairs.mul_(rotations)).view(-1, group + 2, size)
            keys, values = cache.keys[layer], cache.values[layer]
            keys[:, slot] = heads[:, group]
            values[:, slot] = heads[:, group + 1]
            scores = torch.baddbmm(bias, heads[:, :group], keys[:, :seen].transpose(1, 2))
            context = torch.bmm(scores.softmax(-1), values[:, :seen])
            x.addmm_(context.view(num_rows, -1), weights.output)
            gate, up = torch.mm(
                functional.rms_norm(x, width, eps=shape.rms_norm_eps), weights.gate_up
            ).chunk(2, dim=-1)
            x.addmm_(functional.silu(gate).mul_(up), weights.down)
        cache.slot = seen
        cache.positions = cache.positions + 1
        return self.logits(functional.rms_norm(x, width, self._final_norm, eps=shape.rms_norm_eps))
