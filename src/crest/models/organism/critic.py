"""A critic made of the organism: a copy of the network, and a head read at the end of sequence."""

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import Parameter, functional

from crest import seeds
from crest.checksums import SUMS, DamagedFileError, how_to_remake
from crest.models.organism.checkpoint import fill_folder, write_tensors
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shared_prompts import last_states
from crest.storage import write_sums

_HEAD = "head.safetensors"


class Head(nn.Module):
    """Two layers from a state to a score; a fresh one scores everything 0."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner_weight = Parameter(torch.zeros(width, width))
        self.inner_bias = Parameter(torch.zeros(width))
        self.outer_weight = Parameter(torch.zeros(1, width))
        self.outer_bias = Parameter(torch.zeros(1))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the inner layer so that it keeps the size of what comes in."""
        with torch.no_grad():
            self.inner_weight.normal_(0.0, len(self.inner_bias) ** -0.5, generator=generator)

    def forward(self, states: Tensor) -> Tensor:
        """Return Float[row] of Float[row, hidden]."""
        inner = functional.silu(functional.linear(states, self.inner_weight, self.inner_bias))
        return functional.linear(inner, self.outer_weight, self.outer_bias)[:, 0]


class OrganismCritic:
    """A network and a head behind the `Critic` protocol.

    Attributes:
        policy: The copy of the generator; all of it learns.
        head: Reads the state at the end of a completion.
    """

    def __init__(self, policy: OrganismPolicy, head: Head) -> None:
        self.policy = policy
        self.head = head

    @classmethod
    def on(cls, policy: OrganismPolicy, seed: int) -> Self:
        """Return a critic that starts from a generator, which it leaves as it is.

        Args:
            policy: The generator.
            seed: Of the head's weights.
        """
        head = Head(policy.network.anatomy.hidden_size)
        head.initialise(torch.Generator().manual_seed(seeds.derive_seed("critic", seed, "head")))
        return cls(policy.clone(), head)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the critic of a checkpoint folder.

        Raises:
            FileNotFoundError: A file of the folder is missing.
            DamagedFileError: The folder cannot be read.
            CheckpointError: It holds a model of another kind.
        """
        policy = OrganismPolicy.load(folder)
        head = Head(policy.network.anatomy.hidden_size)
        try:
            head.load_state_dict(safetensors.torch.load((folder / _HEAD).read_bytes()))
        except (safetensors.SafetensorError, RuntimeError) as error:
            why = f"{folder / _HEAD} is no head of this network ({error})"
            raise DamagedFileError(f"{why}; {how_to_remake(folder / SUMS)}") from None
        return cls(policy, head)

    def save(self, folder: Path, *, stamp: str | None = None) -> None:
        """Write a checkpoint folder of the network with the head beside its weights.

        Equal weights give equal bytes. Its `SHA256SUMS` comes last, so a folder with it is whole.
        """
        fill_folder(self.policy.network, self.policy.tokenizer, folder, stamp=stamp)
        write_tensors(self.head.state_dict(), folder / _HEAD, stamp=stamp)
        write_sums(folder)

    def clone(self) -> "OrganismCritic":
        """Return a copy whose weights change independently."""
        return OrganismCritic(self.policy.clone(), copy.deepcopy(self.head))

    def parameters(self) -> Iterator[Parameter]:
        """Yield the trainable parameters, always in the same order."""
        yield from self.policy.parameters()
        yield from self.head.parameters()

    def scores(self, pairs: Sequence[tuple[str, tuple[int, ...]]]) -> Tensor:
        """Return Float[row], differentiable; see `Critic.scores`.

        A completion that was cut off is scored as if it ended there. What stands for the token
        after the end is not looked at.
        """
        end, after = self.policy.tokenizer.eos_id, self.policy.tokenizer.pad_id
        whole = [(*(ids if ids[-1:] == (end,) else (*ids, end)), after) for _, ids in pairs]
        prompts = [prompt for prompt, _ in pairs]
        batch = self.policy.encode_batch(list(zip(prompts, whole, strict=True)))
        return self.head.forward(last_states(self.policy.network, batch))
