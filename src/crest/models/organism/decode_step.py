"""One step of decoding: a token a row in, the next token's distribution out.

Where it differs from the network's forward pass: the scales of the norms, of the attention and of
the temperature are multiplied into the matrices once, as far as a matrix follows; a norm divides by
the length of the vector instead of its root mean square, the factor between them being in the
scales, too.
"""

import torch
from torch import Tensor
from torch.nn import functional

from crest.models.organism.anatomy import Anatomy
from crest.models.organism.cache import Cache
from crest.models.organism.network import ACTIVATIONS, Block, Organism


class _BlockWeights:
    """One block's matrices, transposed, with all scales multiplied in that fit there.

    Attributes:
        head_scales: [group + 1, size], of normalised queries and key; None without such norms.
        attention_scale: [hidden], of the normalised output; None without that norm.
        mlp_scale: As `attention_scale`.
    """

    def __init__(self, block: Block, anatomy: Anatomy) -> None:
        root = anatomy.hidden_size**0.5
        offset = anatomy.norm_offset
        scale = _projection_scale(anatomy)
        qkv = block.qkv_weight * ((block.attention_norm + offset) * root) * scale.view(-1, 1)
        self.qkv = qkv.T.contiguous()
        self.bias = None if block.qkv_bias is None else block.qkv_bias * scale.flatten()
        self.head_scales = _head_scales(block, anatomy)
        self.output = block.output_weight.T.contiguous()
        self.attention_scale = _output_scale(block.attention_output_norm, anatomy)
        self.gate_up = (block.gate_up_weight * ((block.mlp_norm + offset) * root)).T.contiguous()
        self.down = block.down_weight.T.contiguous()
        self.mlp_scale = _output_scale(block.mlp_output_norm, anatomy)


def _projection_scale(anatomy: Anatomy) -> Tensor:
    """Return [key head, group + 2, size]: the scale of queries, unless a norm undoes it."""
    group = anatomy.group_size
    scale = torch.ones(anatomy.num_key_value_heads, group + 2, anatomy.head_size)
    if not anatomy.query_key_norm:
        scale[:, :group] = anatomy.query_scale
    return scale


def _head_scales(block: Block, anatomy: Anatomy) -> Tensor | None:
    if block.query_norm is None or block.key_norm is None:
        return None
    root = anatomy.head_size**0.5
    query = (block.query_norm + anatomy.norm_offset) * (root * anatomy.query_scale)
    key = (block.key_norm + anatomy.norm_offset) * root
    return torch.stack([query] * anatomy.group_size + [key])


def _output_scale(norm: Tensor | None, anatomy: Anatomy) -> Tensor | None:
    return None if norm is None else (norm + anatomy.norm_offset) * anatomy.hidden_size**0.5


def _direction(x: Tensor, floor: Tensor) -> Tensor:
    """Return x / sqrt(|x|^2 + floor^2) along the last axis: a norm without its constant factor."""
    return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True).hypot_(floor)


class DecodingWeights:
    """A copy of the weights in the form that a decoding step wants."""

    def __init__(self, network: Organism, temperature: float) -> None:
        """Copy the weights.

        Args:
            network: Frozen while the copy is used.
            temperature: Divides the logits; 0 is greedy at temperature 1.

        Raises:
            ValueError: The temperature is negative.
        """
        if temperature < 0:
            raise ValueError(f"temperature is {temperature}: give 0 (greedy) or a positive number")
        self._network = network
        anatomy = self._anatomy = network.anatomy
        self._greedy = temperature == 0
        self._temperature = temperature or 1.0
        self._activation = ACTIVATIONS[anatomy.activation]
        self._floor = torch.tensor((anatomy.hidden_size * anatomy.rms_norm_eps) ** 0.5)
        self._head_floor = torch.tensor((anatomy.head_size * anatomy.rms_norm_eps) ** 0.5)
        self._blocks = [_BlockWeights(block, anatomy) for block in network.layers()]
        self._entering = network.embedding * anatomy.embedding_scale
        final_norm = network.final_norm + anatomy.norm_offset
        scale = final_norm * (anatomy.hidden_size**0.5 / self._temperature)
        self._head = (network.embedding * scale).T.contiguous()

    def first_logits(self, hidden: Tensor) -> Tensor:
        """Return Float[row, vocab] from normalised states, divided by the temperature."""
        return functional.linear(hidden, self._network.embedding) / self._temperature

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
        x = self._entering[tokens]
        rotations = self._network.rotations_at(cache.positions)
        biases = cache.biases()
        for layer, weights in enumerate(self._blocks):
            qkv = self._projections(x, weights)
            context = self._attend(qkv, rotations[layer], biases[layer], layer, cache)
            self._add(x, context, weights.output, weights.attention_scale)
            gate, up = torch.mm(_direction(x, self._floor), weights.gate_up).chunk(2, dim=1)
            self._add(x, self._activation(gate).mul_(up), weights.down, weights.mlp_scale)
        cache.advance()
        return torch.mm(_direction(x, self._floor), self._head)

    def _projections(self, x: Tensor, weights: _BlockWeights) -> Tensor:
        """Return Float[row, key head * (group + 2) * size], before the rotation."""
        direction = _direction(x, self._floor)
        if weights.bias is None:
            qkv = torch.mm(direction, weights.qkv)
        else:
            qkv = torch.addmm(weights.bias, direction, weights.qkv)
        if weights.head_scales is not None:
            group, size = self._anatomy.group_size, self._anatomy.head_size
            heads = qkv.view(-1, group + 2, size)[:, : group + 1]
            heads.copy_(_direction(heads, self._head_floor).mul_(weights.head_scales))
        return qkv

    def _add(self, x: Tensor, part: Tensor, matrix: Tensor, scale: Tensor | None) -> None:
        """Add part times matrix to the residual stream, normalised where there is a scale."""
        if scale is None:
            x.addmm_(part, matrix)
        else:
            x.addcmul_(_direction(torch.mm(part, matrix), self._floor), scale)

    def _attend(
        self, qkv: Tensor, rotations: Tensor, bias: Tensor, layer: int, cache: Cache
    ) -> Tensor:
        """Put keys and values into the cache and return the contexts, Float[row, head * size]."""
        group, size = self._anatomy.group_size, self._anatomy.head_size
        pairs = torch.view_as_complex(qkv.view(len(qkv), -1, group + 2, size // 2, 2))
        heads = torch.view_as_real(pairs.mul_(rotations)).view(-1, group + 2, size)
        seen = cache.slot + 1
        keys, values = cache.keys[layer][:, :seen], cache.values[layer][:, :seen]
        keys[:, -1] = heads[:, group]
        values[:, -1] = heads[:, group + 1]
        scores = torch.baddbmm(bias, heads[:, :group], keys.transpose(1, 2))
        return torch.bmm(scores.softmax(-1), values).view(len(qkv), -1)
