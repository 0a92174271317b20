"""What a policy's logits say about completions: log-probabilities, entropy, divergence.

All functions divide logits by the sampling temperature first, so that they describe the
distribution that the completions were drawn from. Logits are [row, token, vocabulary].
"""

import torch
from torch import Tensor


def completion_log_probs(logits: Tensor, completion_ids: Tensor, temperature: float) -> Tensor:
    """Return log-probabilities [row, token] of the completions' tokens."""
    return _gather(_log_softmax(logits, temperature), completion_ids)


def log_probs_and_entropy(
    logits: Tensor, completion_ids: Tensor, temperature: float
) -> tuple[Tensor, Tensor]:
    """Return log-probabilities and entropies in nats, each [row, token]; entropy has no gradient.

    The entropy is exact: the sum over the whole vocabulary at every token's position.
    """
    log_probs = _log_softmax(logits, temperature)
    with torch.no_grad():
        entropy = -(log_probs.exp() * log_probs).sum(-1)
    return _gather(log_probs, completion_ids), entropy


def divergence(logits: Tensor, reference_logits: Tensor, temperature: float) -> Tensor:
    """Return KL(policy || reference) in nats over the whole vocabulary, [row, token]."""
    log_probs = _log_softmax(logits, temperature)
    reference = _log_softmax(reference_logits, temperature)
    return (log_probs.exp() * (log_probs - reference)).sum(-1)


def _log_softmax(logits: Tensor, temperature: float) -> Tensor:
    scaled = logits if temperature == 1.0 else logits / temperature
    return scaled.log_softmax(-1)


def _gather(log_probs: Tensor, completion_ids: Tensor) -> Tensor:
    return log_probs.gather(-1, completion_ids[:, :, None])[:, :, 0]
