"""The optimiser of pretraining: Muon for the blocks' matrices, AdamW for everything else."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from crest.models.organism.muon import Muon
from crest.models.organism.network import Organism

_MOMENTS = ("exp_avg", "exp_avg_sq")


class PretrainingOptimiser:
    """Both optimisers behind one step and one state."""

    def __init__(self, network: Organism, *, weight_decay: float, use_muon: bool) -> None:
        self._blocks = network.layers() if use_muon else []
        self._muon = Muon(self._parts(gradients=False), weight_decay=weight_decay)
        in_muon = {id(matrix) for block in self._blocks for matrix in block.matrices()}
        self._others = [one for one in network.parameters() if id(one) not in in_muon]
        groups: list[dict[str, Any]] = [
            {"params": [one for one in self._others if one.ndim > 1]},
            {"params": [one for one in self._others if one.ndim == 1], "weight_decay": 0.0},
        ]
        self._adam = torch.optim.AdamW(
            groups, lr=0.0, betas=(0.9, 0.95), weight_decay=weight_decay, fused=True
        )
        self._network = network

    def step(self, learning_rate: float, muon_learning_rate: float) -> None:
        """Update the network by its gradients, which are cleared."""
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        self._adam.step()
        self._muon.step(self._parts(gradients=True), muon_learning_rate)
        self._network.zero_grad(set_to_none=True)

    def state_tensors(self) -> dict[str, Tensor]:
        """Return all that the next step depends on, beside the weights."""
        tensors = {f"muon.{i}": momentum for i, momentum in enumerate(self._muon.momenta)}
        for index, parameter in enumerate(self._others):
            for name, value in self._adam.state[parameter].items():
                tensors[f"adam.{name}.{index}"] = value
        return tensors

    def load_state_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Continue from what `state_tensors` returned."""
        for index, momentum in enumerate(self._muon.momenta):
            momentum.copy_(tensors[f"muon.{index}"])
        for index, parameter in enumerate(self._others):
            self._adam.state[parameter] = {
                name: tensors[f"adam.{name}.{index}"].clone() for name in ("step", *_MOMENTS)
            }

    def _parts(self, *, gradients: bool) -> list[Tensor]:
        """Return the matrices that Muon orthogonalises, or their gradients."""
        parts: list[Tensor] = []
        for block in self._blocks:
            for matrix in block.matrices():
                whole = matrix.grad if gradients else matrix.detach()
                if whole is not None:
                    fused = 2 if matrix is block.gate_up_weight else 1
                    parts += whole.chunk(fused)
        return parts
