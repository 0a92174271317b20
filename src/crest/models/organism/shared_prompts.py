"""The forward pass of post-training: a prompt is computed once for all its completions.

Padding is kept small by cutting the rows, sorted by completion length, into segments that are
padded to their own longest row. The last token of a completion predicts nothing that is asked
for, so it is no input; logits exist for completion tokens alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from crest.models.organism.anatomy import Anatomy
from crest.models.organism.attention import (
    by_key_head,
    causal_biases,
    for_each_layer,
    mix,
    out_of_sight,
    pack,
)
from crest.models.organism.network import Organism
from crest.models.policy import TokenBatch

ROWS_PER_SEGMENT = 16


@dataclass(frozen=True, slots=True)
class Prompts:
    """The distinct prompts of a batch.

    Attributes:
        ids: Long[prompt, position], padded on the right.
        lengths: Long[prompt].
        of_row: Long[row], which prompt a row continues.
    """

    ids: Tensor
    lengths: Tensor
    of_row: Tensor


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows whose completions are padded to one length.

    Attributes:
        rows: Long[row], which rows of the batch.
        length: Input tokens a row: those of its longest completion but the last.
        prompts: Long[row * key head], where the rows' prompts lie in [prompt * key head].
        biases: For each layer [row * key head, group * position, prompt position + position], 0
            or -inf.
    """

    rows: Tensor
    length: int
    prompts: Tensor
    biases: list[Tensor]


class SharedPrompts:
    """Attention of prompts to themselves and of completions to their prompt and themselves."""

    def __init__(self, prompts: Prompts, segments: list[Segment], anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._segments = segments
        num_prompts, length = prompts.ids.shape
        self._num_prompts = num_prompts
        self._biases = causal_biases(length, anatomy)
        self._sizes = [prompts.ids.numel(), *(len(part.rows) * part.length for part in segments)]

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        """Return [token, query head * size], as `network.Attend` asks."""
        anatomy = self._anatomy
        prompt_part, *parts = qkv.split(self._sizes)
        queries, keys, values = by_key_head(prompt_part, self._num_prompts, anatomy)
        mixed = mix(queries, keys, values, self._biases[layer], anatomy.query_scale)
        contexts = [pack(mixed, self._num_prompts, anatomy)]
        for segment, part in zip(self._segments, parts, strict=True):
            queries, own_keys, own_values = by_key_head(part, len(segment.rows), anatomy)
            seen_keys = torch.cat([keys.index_select(0, segment.prompts), own_keys], dim=1)
            seen_values = torch.cat([values.index_select(0, segment.prompts), own_values], dim=1)
            bias = segment.biases[layer]
            mixed = mix(queries, seen_keys, seen_values, bias, anatomy.query_scale)
            contexts.append(pack(mixed, len(segment.rows), anatomy))
        return torch.cat(contexts)


@dataclass(frozen=True, slots=True)
class Packing:
    """A batch as the network takes it.

    Attributes:
        token_ids: Long[packed token].
        positions: Long[packed token], as `Organism.hidden` asks.
        attend: Who sees whom.
        sources: Long[token]: where the state lies that predicts each token of `completion_mask`,
            row by row.
    """

    token_ids: Tensor
    positions: Tensor
    attend: SharedPrompts
    sources: Tensor


def packing(network: Organism, batch: TokenBatch) -> Packing:
    """Return a batch packed: the distinct prompts, then the completions in segments."""
    prompts = distinct_prompts(batch)
    lengths = batch.completion_mask.sum(1)
    segments = cut_segments(prompts, lengths, network.anatomy)
    token_ids = [prompts.ids.flatten()]
    steps = torch.arange(max(batch.input_ids.shape[1], 1))
    positions = [steps[: prompts.ids.shape[1]].repeat(len(prompts.ids))]
    for segment in segments:
        token_ids.append(batch.completion_ids[segment.rows, : segment.length].flatten())
        start = batch.prompt_lengths[segment.rows, None]
        positions.append((start + steps[: segment.length]).flatten())
    return Packing(
        token_ids=torch.cat(token_ids),
        positions=torch.cat(positions),
        attend=SharedPrompts(prompts, segments, network.anatomy),
        sources=predicting_positions(prompts, segments, batch.completion_mask),
    )


def packed_logits(network: Organism, batch: TokenBatch) -> Tensor:
    """Return Float[token, vocab]: logits behind each token of `completion_mask`, row by row."""
    whole = packing(network, batch)
    hidden = network.hidden(whole.token_ids, whole.positions, whole.attend)
    return network.logits(hidden.index_select(0, whole.sources))


def last_states(network: Organism, batch: TokenBatch) -> Tensor:
    """Return Float[row, hidden]: the normalised state that predicts each row's last token."""
    whole = packing(network, batch)
    last = whole.sources.index_select(0, batch.completion_mask.sum(1).cumsum(0) - 1)
    return network.hidden(whole.token_ids, whole.positions, whole.attend, last)


def completion_logits(network: Organism, batch: TokenBatch) -> Tensor:
    """Return Float[row, token, vocab], zero at padding; see `Policy.completion_logits`."""
    packed = packed_logits(network, batch)
    mask = batch.completion_mask
    padded = packed.new_zeros(mask.numel(), packed.shape[-1])
    return padded.index_copy_(0, mask.flatten().nonzero().squeeze(1), packed).view(*mask.shape, -1)


def distinct_prompts(batch: TokenBatch) -> Prompts:
    """Return the distinct prompts of a batch, in order of first appearance in sorted order."""
    longest = int(batch.prompt_lengths.max())
    inside = torch.arange(longest) < batch.prompt_lengths[:, None]
    padded = batch.input_ids[:, :longest].masked_fill(~inside, -1)
    ids, of_row = torch.unique(padded, dim=0, return_inverse=True)
    return Prompts(ids=ids.clamp(min=0), lengths=(ids >= 0).sum(1), of_row=of_row)


def cut_segments(prompts: Prompts, lengths: Tensor, anatomy: Anatomy) -> list[Segment]:
    """Return the rows in segments of similar completion length; rows without input are left out.

    Args:
        prompts: The batch's distinct prompts.
        lengths: Long[row], completion tokens.
        anatomy: Of the network.
    """
    order = lengths.argsort(stable=True)
    order = order[lengths[order] > 1]
    return [
        _segment(rows, prompts, lengths, anatomy)
        for rows in order.split(ROWS_PER_SEGMENT)
        if len(rows)
    ]


def _segment(rows: Tensor, prompts: Prompts, lengths: Tensor, anatomy: Anatomy) -> Segment:
    heads = anatomy.num_key_value_heads
    of_row = prompts.of_row[rows]
    length = int(lengths[rows].max()) - 1
    return Segment(
        rows=rows,
        length=length,
        prompts=(of_row[:, None] * heads + torch.arange(heads)).flatten(),
        biases=_segment_biases(prompts.lengths[of_row], prompts.ids.shape[1], length, anatomy),
    )


def _segment_biases(
    starts: Tensor, prompt_size: int, length: int, anatomy: Anatomy
) -> list[Tensor]:
    """Return `Segment.biases`.

    Args:
        starts: Long[row], where in its own text a row's completion begins.
        prompt_size: Positions of the padded prompts.
        length: Positions of the segment.
        anatomy: Of the network.
    """
    in_prompt = torch.arange(prompt_size).expand(len(starts), -1)
    own = starts[:, None] + torch.arange(length)
    positions = torch.cat([in_prompt, own], dim=1)
    padding = in_prompt >= starts[:, None]

    def bias(window: int | None) -> Tensor:
        hidden = out_of_sight(own, positions, window)
        hidden[..., :prompt_size] |= padding[:, None]
        zeros = torch.zeros(hidden.shape).masked_fill_(hidden, -torch.inf)
        heads, group = anatomy.num_key_value_heads, anatomy.group_size
        every_head = zeros[:, None, None].expand(-1, heads, group, -1, -1)
        return every_head.reshape(-1, group * length, prompt_size + length)

    return for_each_layer(anatomy, bias)


def predicting_positions(prompts: Prompts, segments: list[Segment], mask: Tensor) -> Tensor:
    """Return Long[token]: where in the packed axis lies the state that predicts each token."""
    sources = torch.zeros(mask.shape, dtype=torch.long)
    width = prompts.ids.shape[1]
    sources[:, 0] = prompts.of_row * width + prompts.lengths[prompts.of_row] - 1
    offset = prompts.ids.numel()
    for segment in segments:
        size = len(segment.rows) * segment.length
        inside = torch.arange(offset, offset + size).view(len(segment.rows), segment.length)
        sources[segment.rows, 1 : segment.length + 1] = inside
        offset += size
    return sources[mask]
