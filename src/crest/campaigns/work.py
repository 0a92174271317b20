"""What a campaign keeps of each step: all that decides how it goes on, and what it will report.

No state of a generator is among it: every stream of randomness is derived from its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import torch
from safetensors.torch import load_file, save_file

from crest.models.policy import Policy
from crest.storage import fill_parquet
from crest.work import Work

Tensors = dict[str, torch.Tensor]
_WEIGHTS, _OPTIMISER = "weights.safetensors", "optimiser.safetensors"


@dataclass(frozen=True, slots=True)
class Progress:
    """State after a finished step.

    Attributes:
        step: Last finished step; 0 is the evaluation before any update.
        tensors: Optimiser state by name.
        scalars: JSON values of the loop: objective state, select curve.
    """

    step: int
    tensors: Tensors
    scalars: Mapping[str, Any]


class CampaignWork:
    """The work folder of a campaign: entry by entry its steps, from step 0 on."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def save(
        self,
        progress: Progress,
        weights: Tensors,
        tables: Mapping[str, pl.DataFrame],
        *,
        num_steps: int,
    ) -> Progress:
        """Store a finished step, and return it as a campaign would find it that goes on.

        Args:
            progress: Of the step after the last one stored.
            weights: After the step.
            tables: Rows of the step, by table.
            num_steps: The campaign's budget, for messages.
        """
        entry = self._work.commit(
            f"step {progress.step} of {num_steps}",
            progress.scalars,
            files={
                _WEIGHTS: lambda path: save_file(weights, path),
                **{
                    f"{name}.parquet": partial(fill_parquet, table)
                    for name, table in tables.items()
                },
            },
            transient={_OPTIMISER: lambda path: save_file(progress.tensors, path)},
        )
        return Progress(progress.step, progress.tensors, entry.values)

    def load(self) -> Progress | None:
        """Return the last finished step's state, or None when there is none."""
        last = self._work.last
        if last is None:
            return None
        tensors = load_file(self._work.path(last.number, _OPTIMISER))
        return Progress(last.number, tensors, last.values)

    def weights(self, step: int) -> Tensors:
        """Return the weights after a finished step."""
        return load_file(self._work.path(step, _WEIGHTS))

    def table(self, name: str, schema: Mapping[str, Any]) -> pl.DataFrame:
        """Return one table over the finished steps, with the schema's columns also without any."""
        file = f"{name}.parquet"
        steps = [entry.number for entry in self._work.entries if file in entry.files]
        parts = [pl.read_parquet(self._work.path(step, file)) for step in steps]
        return pl.concat([pl.DataFrame(schema=dict(schema)), *parts])


def weights_of(policy: Policy) -> Tensors:
    """Return copies of a policy's trainable tensors, by position."""
    return {str(i): tensor.detach().clone() for i, tensor in enumerate(policy.parameters())}


def set_weights(policy: Policy, weights: Tensors) -> None:
    """Set a policy's trainable tensors to what `weights_of` returned."""
    for i, tensor in enumerate(policy.parameters()):
        tensor.data.copy_(weights[str(i)])
