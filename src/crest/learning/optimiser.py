"""Adam with clipped gradients and a warm-up, made fresh for each campaign.

No weight decay, and no decay of the learning rate: a campaign that a controller cuts short took
the same steps as the longer one up to the cut. The warm-up differs from Hugging Face's, whose
first update has learning rate 0: here the first of `warmup_steps` updates has 1/warmup_steps of it.
"""

import math
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

_MOMENTS = ("exp_avg", "exp_avg_sq")


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
        self._adam = torch.optim.Adam(self._parameters, lr=learning_rate, betas=betas)
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
        for group in self._adam.param_groups:
            group["lr"] = self.learning_rate
        self._adam.step()
        self._num_updates += 1
        return norm

    def state_tensors(self) -> dict[str, Tensor]:
        """Return copies of all that the next update depends on, by name, fit for safetensors."""
        tensors = {"num_updates": torch.tensor(self._num_updates)}
        for index, tensor in enumerate(self._parameters):
            for name in _MOMENTS:
                moment = self._adam.state.get(tensor, {}).get(name)
                if moment is not None:
                    tensors[f"{name}.{index}"] = moment.detach().clone().contiguous()
        return tensors

    def load_state_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Continue from a state that `state_tensors` returned for the same parameters.

        Raises:
            ValueError: The state belongs to another number of parameters.
        """
        self._num_updates = int(tensors["num_updates"])
        self._adam.state.clear()
        if self._num_updates == 0:
            return
        if len(tensors) != 1 + len(_MOMENTS) * len(self._parameters):
            raise ValueError(
                f"optimiser state of {(len(tensors) - 1) // len(_MOMENTS)} tensors for "
                f"{len(self._parameters)} parameters; resume with the model that was being trained",
            )
        for index, tensor in enumerate(self._parameters):
            moments = {name: tensors[f"{name}.{index}"].to(tensor).clone() for name in _MOMENTS}
            count = torch.tensor(float(self._num_updates))  # Adam keeps its count as a float
            self._adam.state[tensor] = {"step": count, **moments}
