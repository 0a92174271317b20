"""Who sees whom: the attention patterns of whole rows and of completions that share prompts."""

from collections.abc import Callable

import torch
from torch import Tensor

from crest.models.organism.anatomy import Anatomy


def by_key_head(qkv: Tensor, num_rows: int, anatomy: Anatomy) -> tuple[Tensor, Tensor, Tensor]:
    """Return queries [row * key head, group * position, size], keys and values [.., position, ..].

    Args:
        qkv: Packed projections of `num_rows` rows of equal length.
        num_rows: How many rows lie in the packed axis.
        anatomy: Of the network.
    """
    heads, group, size = anatomy.num_key_value_heads, anatomy.group_size, anatomy.head_size
    length = qkv.shape[0] // num_rows
    rows = qkv.view(num_rows, length, heads, group + 2, size).permute(0, 2, 3, 1, 4)
    stacked = rows.reshape(num_rows * heads, (group + 2) * length, size)
    queries, keys, values = stacked.split([group * length, length, length], dim=1)
    return queries, keys, values


def mix(queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor, scale: float) -> Tensor:
    """Return softmax(scale * queries keys^T + bias) values, for each row and key head.

    Args:
        queries: [row * key head, group * position, size].
        keys: [row * key head, seen position, size].
        values: As `keys`.
        bias: Broadcastable to the scores; 0 where a query may look, else -inf.
        scale: Of the products of queries and keys.
    """
    scores = torch.baddbmm(bias, queries, keys.transpose(1, 2), alpha=scale)
    return torch.bmm(scores.softmax(-1), values)


def pack(context: Tensor, num_rows: int, anatomy: Anatomy) -> Tensor:
    """Return [token, query head * size] from contexts as `mix` gives them."""
    heads, group, size = anatomy.num_key_value_heads, anatomy.group_size, anatomy.head_size
    split = context.view(num_rows, heads, group, -1, size)
    return split.permute(0, 3, 1, 2, 4).reshape(-1, heads * group * size)


def out_of_sight(queries: Tensor, keys: Tensor, window: int | None) -> Tensor:
    """Return Bool[..., query, key]: whether a key comes later, or before the query's window.

    Args:
        queries: Positions Long[..., query] in their own text.
        keys: Positions Long[..., key].
        window: Tokens that a query sees, itself included; None sees all before it.
    """
    distances = queries[..., :, None] - keys[..., None, :]
    later = distances < 0
    return later if window is None else later | (distances >= window)


def for_each_layer(anatomy: Anatomy, make: Callable[[int | None], Tensor]) -> list[Tensor]:
    """Return a tensor a layer, made once for each distinct window."""
    made = {window: make(window) for window in anatomy.windows}
    return [made[layer.window] for layer in anatomy.layers]


class CausalRows:
    """Attention inside rows of equal length, each token looking at itself and backwards.

    Padding on the right needs no mask: no real token looks to its right.

    Attributes:
        keys: With `remember`, one tensor a layer, [row * key head, position, size].
        values: As `keys`.
    """

    def __init__(self, num_rows: int, length: int, anatomy: Anatomy, *, remember: bool) -> None:
        self._num_rows = num_rows
        self._anatomy = anatomy
        self._biases = causal_biases(length, anatomy)
        self._remember = remember
        self.keys: list[Tensor] = []
        self.values: list[Tensor] = []

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        """Return [token, query head * size], as `network.Attend` asks."""
        queries, keys, values = by_key_head(qkv, self._num_rows, self._anatomy)
        if self._remember:
            self.keys.append(keys)
            self.values.append(values)
        mixed = mix(queries, keys, values, self._biases[layer], self._anatomy.query_scale)
        return pack(mixed, self._num_rows, self._anatomy)


def causal_biases(length: int, anatomy: Anatomy) -> list[Tensor]:
    """Return for each layer [group * position, position], 0 where a query may look, else -inf."""
    positions = torch.arange(length)

    def bias(window: int | None) -> Tensor:
        hidden = out_of_sight(positions, positions, window)
        zeros = torch.zeros(length, length)
        return zeros.masked_fill(hidden, -torch.inf).repeat(anatomy.group_size, 1)

    return for_each_layer(anatomy, bias)
