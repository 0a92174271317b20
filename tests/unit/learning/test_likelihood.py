import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from crest.learning.likelihood import (
    divergences,
    entropies,
    k3,
    token_log_probs,
    vocabulary_log_probs,
)

SOURCE = Path(__file__).parents[3] / "src"
THREE = st.lists(st.floats(-4, 4), min_size=3, max_size=3)


def logits_of(values):
    return torch.tensor(values, dtype=torch.float64).reshape(1, 1, 3)


@given(THREE, THREE, st.floats(0.2, 3))
def test_divergence_is_never_negative_and_zero_for_equal_logits(one, other, temperature):
    p, q = (vocabulary_log_probs(logits_of(values), temperature) for values in (one, other))
    assert divergences(p, q).item() >= -1e-12
    assert divergences(p, p).item() == 0.0


@given(THREE, st.floats(0.2, 3))
def test_entropy_and_log_probs_are_those_of_the_softmax(values, temperature):
    logits = logits_of(values)
    probs = (logits / temperature).softmax(-1).flatten()
    log_probs = vocabulary_log_probs(logits, temperature)
    chosen = token_log_probs(log_probs, torch.tensor([[2]]))
    assert chosen.item() == pytest.approx(probs[2].log().item())
    assert entropies(log_probs).item() == pytest.approx(-(probs * probs.log()).sum().item())


def test_gradient_flows_through_log_probs_and_not_through_entropy():
    log_probs = vocabulary_log_probs(torch.zeros(1, 1, 3, requires_grad=True), 1.0)
    assert token_log_probs(log_probs, torch.tensor([[0]])).requires_grad
    assert not entropies(log_probs).requires_grad


@given(st.floats(-5, 0), st.floats(-5, 0))
def test_k3_is_never_negative(log_prob, reference):
    value = k3(torch.tensor(log_prob).double(), torch.tensor(reference).double()).item()
    assert value >= -1e-15
    if abs(log_prob - reference) > 1e-3:
        assert value > 0


def test_k3_averages_to_the_divergence():
    policy = torch.tensor([0.5, 0.3, 0.2]).double()
    reference = torch.tensor([0.2, 0.2, 0.6]).double()
    exact = (policy * (policy / reference).log()).sum()
    assert torch.allclose((policy * k3(policy.log(), reference.log())).sum(), exact)


def test_likelihood_imports_no_torch():
    script = "import sys; sys.modules['torch'] = None\nimport crest.learning.likelihood"
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": str(SOURCE)})
