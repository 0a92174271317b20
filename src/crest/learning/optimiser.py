"""Adam (arXiv:1412.6980) with clipped gradients and a warm-up, made fresh for each campaign.

Written out, since constructing torch's imports its compiler: over a second in every short job. A
test holds the two together.

No weight decay, and no decay of the learning rate: a campaign that a controller cuts short took
the same steps as the longer one up to the cut. The warm-up differs from Hugging Face's, whose
first update has learning rate 0: here the first of `warmup_steps` updates has 1/warmup_steps of it.
"""

import math
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

_MOMENTS = ("exp_avg", "exp_avg_sq")
_EPSILON = 1e-8


class Optimiser:
    """Adam over the given parameters.

    Args:
        parameters: Tensors to train; those that require no gradient are left alone.
        learning_rate: After the warm-up.
        warmup_steps: Updates over which the learning rate rises linearly.
        max_grad_norm: Gradients of larger norm are scaled down to it.
        betas: Decay rates of Adam's moments.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        learning_rate: float,
        warmup_steps: int = 5,
        max_grad_norm: float = 1.0,
        betas: tuple[float, float] = (0.9, 0.999),
    ) -> None:
        self._parameters = [tensor for tensor in parameters if tensor.requires_grad]
        self._moments: list[tuple[Tensor, Tensor]] = []
        self._betas = betas
        self._peak = learning_rate
        self._warmup_steps = warmup_steps
        self._max_grad_norm = max_grad_norm
        self._num_updates = 0

    @property
    def learning_rate(self) -> float:
        """Return the learning rate of the next update."""
        return self._peak * min(1.0, (self._num_updates + 1) / max(self._warmup_steps, 1))

    def zero_grad(self) -> None:
        """Set all gradients to zero.

        To zero and not to None: an update without any signal still moves by Adam's momentum.
        """
        for tensor in self._parameters:
            if tensor.grad is None:
                tensor.grad = torch.zeros_like(tensor)
            else:
                tensor.grad.zero_()

    def step(self) -> float:
        """Clip the gradients, update the parameters, and return the norm before clipping.

        Raises:
            FloatingPointError: The norm is not finite; the parameters are left as they were.
        """
        norm = float(torch.nn.utils.clip_grad_norm_(self._parameters, self._max_grad_norm))
        if not math.isfinite(norm):
            raise FloatingPointError(
                f"update {self._num_updates + 1}: the gradient's norm is {norm}; "
                "lower the learning rate or look for extreme log-probabilities",
            )
        self._adam_step(self.learning_rate)
        self._num_updates += 1
        return norm

    @torch.no_grad()
    def _adam_step(self, learning_rate: float) -> None:
        """Move every parameter by Adam's algorithm 1, its epsilon beside the corrected root."""
        if not self._moments:
            self._moments = [
                (torch.zeros_like(tensor), torch.zeros_like(tensor)) for tensor in self._parameters
            ]
        beta1, beta2 = self._betas
        count = self._num_updates + 1
        rate = learning_rate / (1.0 - beta1**count)
        root = math.sqrt(1.0 - beta2**count)
        for tensor, (mean, square) in zip(self._parameters, self._moments, strict=True):
            gradient = torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
            mean.lerp_(gradient, 1.0 - beta1)
            square.mul_(beta2).addcmul_(gradient, gradient, value=1.0 - beta2)
            tensor.addcdiv_(mean, square.sqrt().div_(root).add_(_EPSILON), value=-rate)

    def state_tensors(self) -> dict[str, Tensor]:
        """Return copies of all that the next update depends on, by name, fit for safetensors."""
        tensors = {"num_updates": torch.tensor(self._num_updates)}
        for index, moments in enumerate(self._moments):
            for name, moment in zip(_MOMENTS, moments, strict=True):
                tensors[f"{name}.{index}"] = moment.clone()
        return tensors

    def load_state_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Continue from a state that `state_tensors` returned for the same parameters.

        Raises:
            ValueError: The state belongs to another number of parameters.
        """
        self._num_updates = int(tensors["num_updates"])
        self._moments = []
        if self._num_updates == 0:
            return
        if len(tensors) != 1 + len(_MOMENTS) * len(self._parameters):
            raise ValueError(
                f"optimiser state of {(len(tensors) - 1) // len(_MOMENTS)} tensors for "
                f"{len(self._parameters)} parameters; resume with the model that was being trained",
            )
        for index, tensor in enumerate(self._parameters):
            mean, square = (tensors[f"{name}.{index}"].to(tensor).clone() for name in _MOMENTS)
            self._moments.append((mean, square))
