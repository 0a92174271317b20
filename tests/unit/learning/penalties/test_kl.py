import numpy as np
import pytest
import torch
from pydantic import ValidationError

from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import TokenDistributions, load_penalty
from crest.learning.update import UpdateSettings, update

THETA, START, BASE = (0.2, -0.4, 0.5), (0.0, 2.0, -1.0), (1.0, 1.0, 0.0)
SAMPLES = [((1, 2, 0), False), ((2, 2, 2, 2), False), ((1, 2, 0), False), ((0,), False)]
TOKENS = [token for ids, _ in SAMPLES for token in ids]
ESTIMATORS = ("exact", "k3")


def softmax(theta):
    return np.exp(theta) / np.exp(theta).sum()


def value_by_hand(theta, reference, estimator):
    """Return the mean over completions of the sum over tokens."""
    p, q = softmax(theta), softmax(reference)
    if estimator == "exact":
        return len(TOKENS) / 4 * (p * np.log(p / q)).sum()
    return sum(q[t] / p[t] - np.log(q[t] / p[t]) - 1 for t in TOKENS) / 4


def gradient_by_hand(theta, reference, estimator):
    p, q = softmax(theta), softmax(reference)
    if estimator == "exact":
        ratio = np.log(p / q)
        return len(TOKENS) / 4 * p * (ratio - (p * ratio).sum())
    return sum((1 - q[t] / p[t]) * (np.eye(3)[t] - p) for t in TOKENS) / 4


@pytest.fixture
def step(three_tokens, group, context):
    """Take one step on completions that all fail, so that the objective is silent."""

    def run(theta=THETA, temperature=1.0, aggregation="sequence_sum", **options):
        policy = three_tokens(theta)
        seen = context(three_tokens(START), three_tokens(BASE), temperature=temperature)
        penalty = load_penalty("kl", options).prepare(seen)
        optimiser = Optimiser(policy.parameters(), learning_rate=0.0, max_grad_norm=1e9)
        objective = load_objective("reinforce", {"aggregation": aggregation})
        settings = UpdateSettings(temperature, 4, 64)
        groups = [group("one", SAMPLES)]
        result = update(
            policy, groups, objective, optimiser, settings, state={}, step=1, penalty=penalty
        )
        return result.metrics, policy.theta.grad.numpy()

    return run


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize(("reference", "theta"), [("campaign_start", START), ("base", BASE)])
def test_value_and_gradient_are_the_hand_derived_ones(step, estimator, reference, theta):
    metrics, gradient = step(beta=0.3, reference=reference, estimator=estimator)
    value = 0.3 * value_by_hand(THETA, theta, estimator)
    assert metrics["penalty"] == metrics["loss"] == pytest.approx(value)
    assert metrics["penalty_weight"] == 0.3
    assert np.allclose(gradient, 0.3 * gradient_by_hand(THETA, theta, estimator))


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_gradient_agrees_with_finite_differences(step, estimator, temperature):
    options = {"beta": 0.3, "estimator": estimator, "temperature": temperature}
    _, gradient = step(**options)
    differences = [
        (step(np.add(THETA, move), **options)[0]["loss"])
        - (step(np.subtract(THETA, move), **options)[0]["loss"])
        for move in 1e-5 * np.eye(3)
    ]
    assert np.allclose(gradient, np.divide(differences, 2e-5), atol=1e-9)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_policy_at_its_reference_pays_nothing_and_feels_no_pull(step, estimator):
    metrics, gradient = step(START, estimator=estimator)
    assert metrics["penalty"] == 0.0
    assert np.allclose(gradient, 0.0, atol=1e-16)


def test_the_objective_s_aggregation_averages_the_penalty(step):
    a_completion, _ = step(aggregation="sequence_sum")
    a_token, _ = step(aggregation="token_mean")
    assert a_completion["penalty"] == pytest.approx(a_token["penalty"] * len(TOKENS) / 4)


def mean_gradient(context, three_tokens, estimator):
    """Return the gradient, averaged over a token that the policy samples at one prefix."""
    theta = torch.tensor(THETA, dtype=torch.float64, requires_grad=True)
    start = three_tokens(START)
    term = load_penalty("kl", {"estimator": estimator}).prepare(context(start)).tokens
    assert term.reference is start
    ids = torch.arange(3)[:, None]
    log_probs = theta.log_softmax(-1).expand(3, 1, 3)
    reference = start.theta.detach().log_softmax(-1).expand(3, 1, 3)
    values = term.divergence(TokenDistributions(log_probs, reference, ids))[:, 0]
    mean = (theta.detach().softmax(-1) * values).sum()
    return torch.autograd.grad(mean, theta)[0].numpy()


def test_exact_has_the_gradient_of_the_divergence_from_the_reference(context, three_tokens):
    p, q = softmax(THETA), softmax(START)
    ratio = np.log(p / q)
    by_hand = p * (ratio - (p * ratio).sum())
    assert np.allclose(mean_gradient(context, three_tokens, "exact"), by_hand)


def test_k3_has_on_average_the_gradient_of_the_reversed_divergence(context, three_tokens):
    by_hand = softmax(THETA) - softmax(START)  # of KL(reference || policy)
    assert np.allclose(mean_gradient(context, three_tokens, "k3"), by_hand)


@pytest.mark.parametrize("beta", [0.0, -1.0, float("inf"), float("nan")])
def test_a_price_that_is_not_positive_and_finite_is_refused(beta):
    with pytest.raises(ValidationError, match="beta"):
        load_penalty("kl", {"beta": beta})
