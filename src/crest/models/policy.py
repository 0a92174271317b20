"""What learning and evaluation ask of a language model, and the batch that they hand to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from torch import Tensor
from torch.nn import Parameter

from crest.records import Completion


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Prompts with given completions, ready for a forward pass.

    Attributes:
        input_ids: Long[row, position]. Prompt, then completion, then padding.
        prompt_lengths: Long[row]. Number of prompt tokens.
        completion_ids: Long[row, token]. The completions alone, padded on the right.
        completion_mask: Bool[row, token]. True where `completion_ids` holds a token.
    """

    input_ids: Tensor
    prompt_lengths: Tensor
    completion_ids: Tensor
    completion_mask: Tensor

    @property
    def num_rows(self) -> int:
        """Return the number of completions."""
        return self.input_ids.shape[0]


class Policy(Protocol):
    """A language model that writes completions and scores them.

    Two policies of one checkpoint are independent: training one leaves the other as it was.
    """

    def generate(
        self,
        prompts: Sequence[str],
        row_seeds: Sequence[Sequence[int]],
        *,
        temperature: float,
        max_completion_length: int,
    ) -> list[list[Completion]]:
        """Return completions of each prompt, one a seed.

        Args:
            prompts: Texts to continue.
            row_seeds: For each prompt one seed a sample. A sample depends on its prompt, its
                seed and the weights alone, not on the rows that happen to share its batch.
            temperature: Divides the logits; 0 takes the likeliest token and records its
                log-probability at temperature 1.
            max_completion_length: Tokens after which a completion is cut off.
        """
        ...

    def encode_batch(self, pairs: Sequence[tuple[str, tuple[int, ...]]]) -> TokenBatch:
        """Return (prompt, completion token ids) pairs as tensors, row by row."""
        ...

    def completion_logits(self, batch: TokenBatch) -> Tensor:
        """Return Float[row, token, vocab]: the differentiable logits behind each completion token.

        Logits at (row, i) predict `completion_ids[row, i]`; those at padding are zero.
        """
        ...

    def parameters(self) -> Iterator[Parameter]:
        """Yield the trainable parameters, always in the same order."""
        ...

    def save(self, folder: Path, *, stamp: str | None = None) -> None:
        """Write a checkpoint folder that `transformers` opens; equal weights give equal bytes.

        What was in the folder goes. Its `SHA256SUMS` comes last, so a folder with it is whole.
        """
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the policy of a checkpoint folder."""
        ...
