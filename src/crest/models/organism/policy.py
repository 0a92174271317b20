"""The organism as a policy: text in, completions and logits out."""

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import torch
from torch import Tensor
from torch.nn import Parameter

from crest.models.organism import checkpoint, decode, shared_prompts
from crest.models.organism.network import Organism
from crest.models.organism.tokenizer import Tokenizer
from crest.models.policy import TokenBatch
from crest.records import Completion


class OrganismPolicy:
    """A network and its tokenizer behind the `Policy` protocol.

    Attributes:
        network: The network, trainable in place.
        tokenizer: Shared by all copies.
        share_prefixes: How it samples, see `decode.sample`: speed, not results (up to rounding).
    """

    def __init__(
        self, network: Organism, tokenizer: Tokenizer, *, share_prefixes: bool = False
    ) -> None:
        if network.anatomy.vocab_size != tokenizer.vocab_size:
            raise checkpoint.CheckpointError(
                f"the network has {network.anatomy.vocab_size} tokens, the tokenizer "
                f"{tokenizer.vocab_size}: give both the same vocab_size"
            )
        self.network = network
        self.tokenizer = tokenizer
        self.share_prefixes = share_prefixes

    @classmethod
    def load(cls, folder: Path, *, share_prefixes: bool = False) -> Self:
        """Return the policy of a checkpoint folder."""
        return cls(*checkpoint.load_organism(folder), share_prefixes=share_prefixes)

    def save(self, folder: Path, *, stamp: str | None = None) -> None:
        """Write a checkpoint folder that `transformers` opens; equal weights give equal bytes."""
        checkpoint.save_organism(self.network, self.tokenizer, folder, stamp=stamp)

    def clone(self) -> "OrganismPolicy":
        """Return a copy whose weights change independently."""
        network = copy.deepcopy(self.network)
        return OrganismPolicy(network, self.tokenizer, share_prefixes=self.share_prefixes)

    def difference(self, other: "OrganismPolicy") -> str:
        """Return what but the weights differs between two policies, in words; nothing if none."""
        ours, theirs = self.network.shape, other.network.shape
        if ours.kind != theirs.kind:
            return f"their shapes are {ours.kind} and {theirs.kind}"
        differing = [
            f"{name} is {one} and {getattr(theirs.options, name)}"
            for name, one in ours.options
            if one != getattr(theirs.options, name)
        ]
        if not differing and self.tokenizer.definition != other.tokenizer.definition:
            return "their tokenizers differ"
        return ", ".join(differing)

    def parameters(self) -> Iterator[Parameter]:
        """Yield the trainable parameters, always in the same order."""
        return self.network.parameters()

    def generate(
        self,
        prompts: Sequence[str],
        row_seeds: Sequence[Sequence[int]],
        *,
        temperature: float,
        max_completion_length: int,
    ) -> list[list[Completion]]:
        """Return completions of each prompt, one a seed; see `Policy.generate`."""
        sampled = iter(
            decode.sample(
                self.network,
                [self._prompt_ids(prompt) for prompt in prompts],
                row_seeds,
                eos_id=self.tokenizer.eos_id,
                temperature=temperature,
                max_completion_length=max_completion_length,
                share_prefixes=self.share_prefixes,
            )
        )
        return [[self._completion(next(sampled)) for _ in own] for own in row_seeds]

    def encode_batch(self, pairs: Sequence[tuple[str, tuple[int, ...]]]) -> TokenBatch:
        """Return (prompt, completion token ids) pairs as tensors, row by row."""
        prompts = [self._prompt_ids(prompt) for prompt, _ in pairs]
        completions = [ids for _, ids in pairs]
        whole = [(*prompt, *ids) for prompt, ids in zip(prompts, completions, strict=True)]
        lengths = torch.tensor([len(ids) for ids in completions])
        completion_ids = self._padded(completions)
        return TokenBatch(
            input_ids=self._padded(whole),
            prompt_lengths=torch.tensor([len(prompt) for prompt in prompts]),
            completion_ids=completion_ids,
            completion_mask=torch.arange(completion_ids.shape[1]) < lengths[:, None],
        )

    def completion_logits(self, batch: TokenBatch) -> Tensor:
        """Return Float[row, token, vocab], differentiable; see `Policy.completion_logits`."""
        return shared_prompts.completion_logits(self.network, batch)

    def _prompt_ids(self, prompt: str) -> tuple[int, ...]:
        if not prompt:
            raise ValueError("a prompt is empty: give at least one character to continue")
        return self.tokenizer.encode(prompt)

    def _padded(self, rows: Sequence[Sequence[int]]) -> Tensor:
        width = max(map(len, rows))
        return torch.tensor([[*row, *[self.tokenizer.pad_id] * (width - len(row))] for row in rows])

    def _completion(self, sampled: decode.Sampled) -> Completion:
        stopped = sampled.token_ids[-1:] == [self.tokenizer.eos_id]
        return Completion(
            token_ids=tuple(sampled.token_ids),
            text=self.tokenizer.decode(sampled.token_ids),
            log_probs=tuple(sampled.log_probs),
            finish_reason="stop" if stopped else "length",
        )
