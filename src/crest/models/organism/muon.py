"""Muon (Jordan et al. 2024): momentum whose matrices are made nearly orthogonal before each update.

Where it differs from the reference: fused projections are orthogonalised part by part, and equal
shapes of all layers at once, in float32, since bfloat16 saves nothing on the CPUs this is for.
"""

from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic iteration, chosen by Jordan et al. for a steep rise at zero."""


class Muon:
    """Updates matrices by their orthogonalised Nesterov momentum.

    Attributes:
        momenta: One tensor a matrix.
    """

    def __init__(
        self,
        matrices: Sequence[Tensor],
        *,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        num_iterations: int = 5,
    ) -> None:
        """Keep the matrices to train.

        Args:
            matrices: Parameters, or parts of parameters that share their memory.
            momentum: Decay rate of the running sum of gradients.
            weight_decay: Share of a weight, times the learning rate, that an update takes away.
            num_iterations: Of the orthogonalisation.
        """
        self._matrices = list(matrices)
        self._momentum = momentum
        self._weight_decay = weight_decay
        self._num_iterations = num_iterations
        self.momenta = [torch.zeros_like(matrix) for matrix in self._matrices]

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor], learning_rate: float) -> None:
        """Update every matrix by its gradient."""
        by_shape: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for index, (gradient, momentum) in enumerate(zip(gradients, self.momenta, strict=True)):
            momentum.lerp_(gradient, 1 - self._momentum)
            by_shape[tuple(gradient.shape)].append(index)
        for (num_rows, num_columns), members in by_shape.items():
            looks_ahead = [
                gradients[index].lerp(self.momenta[index], self._momentum) for index in members
            ]
            updates = orthogonalise(torch.stack(looks_ahead), self._num_iterations)
            scale = learning_rate * max(1.0, num_rows / num_columns) ** 0.5
            for index, update in zip(members, updates, strict=True):
                self._matrices[index].mul_(1 - learning_rate * self._weight_decay)
                self._matrices[index].sub_(update, alpha=scale)


def orthogonalise(matrices: Tensor, num_iterations: int = 5) -> Tensor:
    """Return Float[matrix, row, column]: the same singular vectors, singular values near 1.

    Newton-Schulz iteration with a quintic polynomial; the values end between about 0.7 and 1.2.
    """
    first, third, fifth = _COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2).contiguous() if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(num_iterations):
        gram = torch.bmm(x, x.transpose(1, 2))
        polynomial = torch.baddbmm(gram, gram, gram, beta=third, alpha=fifth)
        x = torch.baddbmm(x, polynomial, x, beta=first)
    return x.transpose(1, 2) if tall else x
