"""What a policy's logits say about completions: log-probabilities, entropy, divergence.

Logits are [row, token, vocabulary]. They are divided by the sampling temperature first, so that
all numbers describe the distribution that the completions were drawn from.

This file uses tensor methods alone and does not import torch.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def vocabulary_log_probs(logits: "Tensor", temperature: float) -> "Tensor":
    """Return log-probabilities [row, token, vocabulary] at every token's position."""
    scaled = logits if temperature == 1.0 else logits / temperature
    return scaled.log_softmax(-1)


def token_log_probs(log_probs: "Tensor", completion_ids: "Tensor") -> "Tensor":
    """Return the entries [row, token] of log-probabilities at the completions' tokens."""
    return log_probs.gather(-1, completion_ids[:, :, None])[:, :, 0]


def entropies(log_probs: "Tensor") -> "Tensor":
    """Return entropies in nats [row, token], without gradient.

    They are exact: sums over the whole vocabulary at every token's position.
    """
    values = log_probs.detach()
    return -(values.exp() * values).sum(-1)


def divergences(log_probs: "Tensor", reference_log_probs: "Tensor") -> "Tensor":
    """Return KL(policy || reference) in nats over the whole vocabulary, [row, token]."""
    return (log_probs.exp() * (log_probs - reference_log_probs)).sum(-1)


def k3(log_probs: "Tensor", reference_log_probs: "Tensor") -> "Tensor":
    """Return, token by token, an estimate of KL(policy || reference): r - log r - 1 >= 0.

    With r = reference / policy on tokens sampled from the policy (arXiv:2402.03300, equation 4;
    the name is Schulman's). Its value is unbiased there. Its gradient is not that of the
    divergence: its mean over sampled tokens is the gradient of KL(reference || policy).

    Args:
        log_probs: [row, token], of the sampled tokens.
        reference_log_probs: [row, token], of the same tokens.
    """
    log_ratio = reference_log_probs - log_probs
    return log_ratio.exp() - log_ratio - 1.0
