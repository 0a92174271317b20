from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch

from crest.learning.fisher import diagonal_fisher, sample_sequences

HALVES = (np.log(2.0), 0.0, 0.0)  # probabilities 1/2, 1/4, 1/4
CAP = 2


def all_sequences():
    """Return every completion of at most two tokens, as often as in 16 draws on average."""
    long = {("p:", ids): 1 for ids in product((1, 2), (1, 2))}
    return Counter({("p:", (0,)): 8, ("p:", (1, 0)): 2, ("p:", (2, 0)): 2, **long})


def test_fisher_of_one_token_is_the_multinomial_s_variance(three_tokens):
    sequences = Counter({("p:", (0,)): 2, ("p:", (1,)): 1, ("p:", (2,)): 1})
    (fisher,) = diagonal_fisher(three_tokens(HALVES), sequences, temperature=1.0)
    assert fisher.tolist() == pytest.approx([1 / 4, 3 / 16, 3 / 16])


def test_fisher_of_completions_is_the_one_of_a_token_times_their_mean_length(three_tokens):
    (fisher,) = diagonal_fisher(three_tokens(HALVES), all_sequences(), temperature=1.0)
    assert fisher.tolist() == pytest.approx([1.5 / 4, 1.5 * 3 / 16, 1.5 * 3 / 16])


def test_gradients_are_summed_over_a_completion_before_they_are_squared(three_tokens):
    sequences = Counter({("p:", (1, 1)): 1})
    (fisher,) = diagonal_fisher(three_tokens(HALVES), sequences, temperature=1.0)
    assert fisher.tolist() == pytest.approx([1.0, 1.5**2, 0.5**2])


def test_temperature_divides_the_scores(three_tokens):
    sequences = all_sequences()
    (plain,) = diagonal_fisher(three_tokens(HALVES), sequences, temperature=1.0)
    (halved,) = diagonal_fisher(three_tokens(np.divide(HALVES, 2)), sequences, temperature=0.5)
    assert torch.allclose(halved, 4 * plain)


def test_the_diagonal_is_the_curvature_of_the_divergence(three_tokens):
    (fisher,) = diagonal_fisher(three_tokens(HALVES), all_sequences(), temperature=1.0)
    p = torch.tensor(HALVES, dtype=torch.float64).log_softmax(-1)
    for index in range(3):
        moved = torch.tensor(HALVES, dtype=torch.float64)
        moved[index] += 1e-3
        divergence = 1.5 * (p.exp() * (p - moved.log_softmax(-1))).sum().item()
        assert 0.5 * 1e-6 * fisher[index].item() == pytest.approx(divergence, rel=2e-3)


def test_many_samples_approach_the_truth(three_tokens, problem):
    policy = three_tokens(HALVES)
    sequences = sample_sequences(
        policy,
        [problem("one"), problem("two")],
        ("fisher", 0),
        num_generations=2000,
        temperature=1.0,
        max_completion_length=CAP,
    )
    assert sequences.total() == 4000
    (fisher,) = diagonal_fisher(policy, sequences, temperature=1.0)
    assert np.allclose(fisher, [1.5 / 4, 1.5 * 3 / 16, 1.5 * 3 / 16], rtol=0.06)


def test_samples_are_those_of_the_stream(three_tokens, problem):
    def sample(*stream):
        return sample_sequences(
            three_tokens(),
            [problem("one")],
            stream,
            num_generations=20,
            temperature=1.0,
            max_completion_length=4,
        )

    assert sample("fisher", 0) == sample("fisher", 0) != sample("fisher", 1)


def test_the_policy_is_left_as_it_was(three_tokens):
    policy = three_tokens(HALVES)
    diagonal_fisher(policy, all_sequences(), temperature=1.0)
    assert policy.theta.grad is None
    assert policy.theta.tolist() == list(HALVES)
