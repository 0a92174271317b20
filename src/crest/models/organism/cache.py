"""Keys and values of the rows being decoded, and how they begin: with the prompts."""

from collections.abc import Sequence

import torch
from torch import Tensor

from crest.models.organism.anatomy import Anatomy
from crest.models.organism.attention import CausalRows, for_each_layer
from crest.models.organism.network import Organism


class Cache:
    """Keys and values of the rows in flight, in tensors of their final size.

    A row's prompt lies in the first slots, padded on the right; completions follow from one slot
    that all rows share. Keys that have left a layer's window stay, hidden by its bias.

    Attributes:
        keys: [layer][row * key head, slot, size].
        values: As `keys`.
        positions: Long[row], where in its own text a row's next token stands.
        slot: Slots filled so far.
    """

    def __init__(
        self,
        keys: list[Tensor],
        values: list[Tensor],
        lengths: Tensor,
        num_slots: int,
        anatomy: Anatomy,
    ) -> None:
        """Take the prompts' keys and values.

        Args:
            keys: [layer][row * key head, prompt position, size].
            values: As `keys`.
            lengths: Long[row], tokens of each row's prompt.
            num_slots: Slots to make, for the prompt and all that follows.
            anatomy: Of the network.
        """
        self._anatomy = anatomy
        self._num_heads = anatomy.num_key_value_heads
        self._prompt_slots = self.slot = keys[0].shape[1]
        self.positions = lengths
        self.keys = [_with_room(part, num_slots) for part in keys]
        self.values = [_with_room(part, num_slots) for part in values]
        padding = torch.arange(num_slots) >= lengths[:, None]
        padding[:, self.slot :] = False
        bias = torch.zeros(padding.shape).masked_fill_(padding, -torch.inf)
        self._bias = bias.repeat_interleave(self._num_heads, 0).unsqueeze(1)

    def biases(self) -> list[Tensor]:
        """Return for each layer [row * key head, 1, slot], 0 where the next token may look.

        The last slot is that of the next token itself; elsewhere the bias is -inf.
        """
        seen = self._bias[:, :, : self.slot + 1]

        def bias(window: int | None) -> Tensor:
            if window is None:
                return seen
            gone = (self._distances() >= window).repeat_interleave(self._num_heads, 0)
            return seen.masked_fill(gone.unsqueeze(1), -torch.inf)

        return for_each_layer(self._anatomy, bias)

    def _distances(self) -> Tensor:
        """Return Long[row, slot]: how far before the next token a slot's token stands."""
        slots = torch.arange(self.slot + 1)
        distances = self.positions[:, None] - slots
        distances[:, self._prompt_slots :] = self.slot - slots[self._prompt_slots :]
        return distances

    def advance(self) -> None:
        """Count the slot that was just filled, and each row's token in it."""
        self.slot += 1
        self.positions = self.positions + 1

    def keep(self, rows: Tensor) -> None:
        """Go on with these rows, each as often as it is named."""
        lines = (rows[:, None] * self._num_heads + torch.arange(self._num_heads)).flatten()
        num_slots = self._bias.shape[2]
        for parts in (self.keys, self.values):
            for layer, part in enumerate(parts):
                kept = part[:, : self.slot].index_select(0, lines)
                parts[layer] = _with_room(kept, num_slots)
        self._bias = self._bias.index_select(0, lines)
        self.positions = self.positions[rows]


def _with_room(part: Tensor, num_slots: int) -> Tensor:
    """Return the tensor with more slots behind those it has; what they hold is arbitrary."""
    roomy = part.new_empty(part.shape[0], num_slots, part.shape[2])
    roomy[:, : part.shape[1]] = part
    return roomy


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
    attend = CausalRows(len(prompts), width, network.anatomy, remember=True)
    positions = torch.arange(width).repeat(len(prompts))
    hidden = network.hidden(ids.flatten(), positions, attend)
    heads = network.anatomy.num_key_value_heads
    lines = (of_row[:, None] * heads + torch.arange(heads)).flatten()
    keys = [part.index_select(0, lines) for part in attend.keys]
    values = [part.index_select(0, lines) for part in attend.values]
    last = hidden.view(len(prompts), width, -1)[torch.arange(len(prompts)), lengths - 1]
    return Cache(keys, values, lengths[of_row], width + num_new, network.anatomy), last
