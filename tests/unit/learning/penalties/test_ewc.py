import numpy as np
import pytest
import torch

from crest.learning.fisher import diagonal_fisher, sample_sequences
from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalties.ewc import spring
from crest.learning.penalty import load_penalty
from crest.learning.update import UpdateSettings, update

START = (0.2, -0.4, 0.5)
SAMPLES = [((1, 2, 0), True), ((2, 2, 2, 2), False), ((1, 2, 0), True), ((0,), False)]


@pytest.fixture
def fisher(three_tokens, problem):
    """What the penalty should find by its own samples."""
    start = three_tokens(START)
    sequences = sample_sequences(
        start,
        [problem("earlier0"), problem("earlier1")],
        ("penalty", 0, 2),
        num_generations=8,
        temperature=1.0,
        max_completion_length=4,
    )
    (values,) = diagonal_fisher(start, sequences, temperature=1.0)
    return values.numpy()


@pytest.fixture
def step(three_tokens, group, context):
    def run(theta, kind="ewc", samples=SAMPLES, **options):
        policy = three_tokens(theta)
        penalty = load_penalty(kind, options).prepare(context(three_tokens(START), num_problems=2))
        optimiser = Optimiser(policy.parameters(), learning_rate=0.0, max_grad_norm=1e9)
        result = update(
            policy,
            [group("one", samples)],
            load_objective("reinforce", {}),
            optimiser,
            UpdateSettings(1.0, 4, 64),
            state={},
            step=1,
            penalty=penalty,
        )
        return result.metrics, policy.theta.grad.numpy()

    return run


def test_spring_by_hand():
    anchor = [torch.tensor([0.0, 0.0]), torch.tensor([[1.0]])]
    stiffness = [torch.tensor([2.0, 0.5]), torch.tensor([[3.0]])]
    tensors = [torch.tensor([2.0, 4.0], requires_grad=True), torch.tensor([[-1.0]])]
    value = spring(tensors, anchor, stiffness)
    assert value.item() == 0.5 * (2 * 4 + 0.5 * 16 + 3 * 4)
    value.backward()
    assert tensors[0].grad.tolist() == [4.0, 2.0]


@pytest.mark.parametrize("share", [1.0, 0.02])
def test_value_and_gradient_are_the_hand_derived_ones(step, fisher, share):
    theta = np.add(START, (0.3, -0.1, 0.2))
    options = {"lambda_": 0.7, "diagonal_share": share, "num_generations": 8}
    metrics, gradient = step(theta, **options)
    plain, objective_gradient = step(theta, "none")
    moved = np.array((0.3, -0.1, 0.2))
    value = 0.7 / 2 * (fisher * moved**2).sum() / share
    assert metrics["penalty"] == pytest.approx(value)
    assert metrics["loss"] == pytest.approx(plain["loss"] + value)
    assert metrics["penalty_weight"] == 0.7
    assert np.allclose(gradient - objective_gradient, 0.7 * fisher * moved / share)


def test_gradient_agrees_with_finite_differences(step):
    theta = np.add(START, (0.3, -0.1, 0.2))
    options = {
        "lambda_": 0.7,
        "diagonal_share": 1.0,
        "samples": [(ids, False) for ids, _ in SAMPLES],
    }
    _, gradient = step(theta, **options)
    differences = [
        step(theta + move, **options)[0]["loss"] - step(theta - move, **options)[0]["loss"]
        for move in 1e-5 * np.eye(3)
    ]
    assert np.allclose(gradient, np.divide(differences, 2e-5), atol=1e-9)


def test_at_the_start_the_spring_is_slack(step):
    metrics, gradient = step(START)
    plain, objective_gradient = step(START, "none")
    assert metrics["penalty"] == 0.0
    assert metrics["loss"] == plain["loss"]
    assert np.array_equal(gradient, objective_gradient)


def test_without_earlier_problems_there_is_no_penalty(three_tokens, context):
    policy = three_tokens(START)
    penalty = load_penalty("ewc", {}).prepare(context(policy))
    assert penalty.weight({}) == 0.0
    assert penalty.tokens is penalty.parameters is None
    assert policy.rows_seen == 0


def test_equal_contexts_give_equal_penalties(three_tokens, context):
    moved = [torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)]
    one, other = (
        load_penalty("ewc", {}).prepare(context(three_tokens(START), num_problems=1))
        for _ in range(2)
    )
    assert one.parameters(moved).item() == other.parameters(moved).item() > 0


def test_the_anchor_stays_when_the_start_is_trained_on(three_tokens, context):
    start = three_tokens(START)
    penalty = load_penalty("ewc", {}).prepare(context(start, num_problems=1))
    with torch.no_grad():
        start.theta += 1.0
    assert penalty.parameters([torch.tensor(START, dtype=torch.float64)]).item() == 0.0
