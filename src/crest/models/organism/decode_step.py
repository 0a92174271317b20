"""One step of decoding: a token a row in, the next token's distribution out.

Where it differs from the network's forward pass: the scales of the norms, of the attention and of
the temperature are multiplied into the matrices once; a norm divides by the length of the vector
instead of its root mean square, the factor between them being in the matrices too.
"""

import torch
from torch import Tensor
from torch.nn import functional

from crest.models.organism.cache import Cache
from crest.models.organism.network import Block, NetworkShape, Organism


class _BlockWeights:
    """One block's matrices, transposed, with all scales multiplied in."""

    def __init__(self, block: Block, shape: NetworkShape) -> None:
        root = shape.hidden_size**0.5
        scale = torch.ones(shape.num_key_value_heads, shape.group_size + 2, shape.head_size)
        scale[:, : shape.group_size] = shape.head_size**-0.5
        qkv = block.qkv_weight * (block.attention_norm * root) * scale.view(-1, 1)
        self.qkv = qkv.T.contiguous()
        self.bias = block.qkv_bias * scale.flatten()
        self.output = block.output_weight.T.contiguous()
        self.gate_up = (block.gate_up_weight * (block.mlp_norm * root)).T.contiguous()
        self.down = block.down_weight.T.contiguous()


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
        shape = network.shape
        self._shape = shape
        self._greedy = temperature == 0
        self._temperature = temperature or 1.0
        self._floor = torch.tensor((shape.hidden_size * shape.rms_norm_eps) ** 0.5)
        self._blocks = [_BlockWeights(block, shape) for block in network.layers()]
        self._embedding = network.embedding
        self._rotations = network.rotations
        scale = network.final_norm * (shape.hidden_size**0.5 / self._temperature)
        self._head = (network.embedding * scale).T.contiguous()

    def first_logits(self, hidden: Tensor) -> Tensor:
        """Return Float[row, vocab] from normalised states, divided by the temperature."""
        return functional.linear(hidden, self._embedding) / self._temperature

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
        x = self._embedding[tokens]
        rotations = self._rotations[cache.positions]
        for layer, weights in enumerate(self._blocks):
            qkv = torch.addmm(weights.bias, self._direction(x), weights.qkv)
            x.addmm_(self._attend(qkv, rotations, layer, cache), weights.output)
            gate, up = torch.mm(self._direction(x), weights.gate_up).chunk(2, dim=1)
            x.addmm_(functional.silu(gate).mul_(up), weights.down)
        cache.advance()
        return torch.mm(self._direction(x), self._head)

    def _direction(self, x: Tensor) -> Tensor:
        """Return x / sqrt(|x|^2 + hidden size * eps): the norm without its constant factor."""
        return x / torch.linalg.vector_norm(x, dim=1, keepdim=True).hypot_(self._floor)

    def _attend(self, qkv: Tensor, rotations: Tensor, layer: int, cache: Cache) -> Tensor:
        """Put keys and values into the cache and return the contexts, Float[row, hidden]."""
        group, size = self._shape.group_size, self._shape.head_size
        pairs = torch.view_as_complex(qkv.view(len(qkv), -1, group + 2, size // 2, 2))
        heads = torch.view_as_real(pairs.mul_(rotations)).view(-1, group + 2, size)
        seen = cache.slot + 1
        keys, values = cache.keys[layer][:, :seen], cache.values[layer][:, :seen]
        keys[:, -1] = heads[:, group]
        values[:, -1] = heads[:, group + 1]
        scores = torch.baddbmm(cache.bias[:, :, :seen], heads[:, :group], keys.transpose(1, 2))
        return torch.bmm(scores.softmax(-1), values).view(len(qkv), -1)
