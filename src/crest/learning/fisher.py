"""The diagonal of the Fisher information of a policy's completions.

F = E[(d log p(y|x) / d theta)^2] over prompts x and completions y sampled from the policy itself:
the true Fisher information. Given answers in place of samples would make it the empirical one,
which is another matrix (arXiv:1905.12558), and squares of a batch's mean gradient none at all.
A completion is one outcome here, so gradients are summed over its tokens before they are squared.
"""

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor

from crest.learning.likelihood import token_log_probs, vocabulary_log_probs
from crest.learning.sampling import sample_seeds
from crest.models.policy import Policy
from crest.records import Problem

Sequences = Counter[tuple[str, tuple[int, ...]]]
"""How often each prompt and completion (its token ids) were drawn."""


def sample_sequences(
    policy: Policy,
    problems: Sequence[Problem],
    stream: Sequence[str | int],
    *,
    num_generations: int,
    temperature: float,
    max_completion_length: int,
) -> Sequences:
    """Return completions that a policy samples, ungraded; arguments as of `sample_rollouts`."""
    completions = policy.generate(
        [problem.prompt for problem in problems],
        [sample_seeds(stream, problem.task_id, num_generations) for problem in problems],
        temperature=temperature,
        max_completion_length=max_completion_length,
    )
    return Counter(
        (problem.prompt, completion.token_ids)
        for problem, samples in zip(problems, completions, strict=True)
        for completion in samples
    )


def diagonal_fisher(
    policy: Policy, sequences: Sequences, *, temperature: float
) -> tuple[Tensor, ...]:
    """Return the mean squared gradient of the sequences' log-probabilities, tensor by tensor.

    One backward pass for each distinct sequence: squares of gradients do not add up over a batch.

    Args:
        policy: Left as it is; its parameters' gradients are not touched.
        sequences: Sampled from the policy, at least one.
        temperature: At which they were sampled.

    Returns:
        Tensors in the order and the shapes of `Policy.parameters`, in nats per squared unit of
        the parameter, for a completion.
    """
    parameters = list(policy.parameters())
    sums = [torch.zeros_like(tensor, dtype=torch.float64) for tensor in parameters]
    for (prompt, token_ids), count in sequences.items():
        batch = policy.encode_batch([(prompt, token_ids)])
        log_probs = vocabulary_log_probs(policy.completion_logits(batch), temperature)
        total = token_log_probs(log_probs, batch.completion_ids).sum()
        for square, gradient in zip(sums, torch.autograd.grad(total, parameters), strict=True):
            square.add_(gradient.double().square(), alpha=count)
    return tuple(
        (square / sequences.total()).to(tensor.dtype)
        for square, tensor in zip(sums, parameters, strict=True)
    )
