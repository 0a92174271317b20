"""The update of a real network against the textbook formula, written without any shortcut."""

import pytest
import torch

from crest.learning.fisher import sample_sequences
from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import PenaltyContext, load_penalty
from crest.learning.update import UpdateSettings, update
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.records import Completion, Problem, Rollout, Status, Verdict
from crest.testing import FunctionTests

TESTS = FunctionTests("f", ((1,),), (1,))

CAP = 8
SAMPLES = {
    "a long first prompt:": [("return x", True), ("no", False), ("return x", True), ("", False)],
    "p:": [("1", False), ("22", False), ("1", False), ("4444444", False)],
    "middle one:": [("x+1", True), ("x-1", False), ("x*1", False), ("x-1", False)],
}


@pytest.fixture(scope="module")
def policy():
    tokenizer = Tokenizer.train([], TokenizerOptions(vocab_size=98))
    sizes = {
        "vocab_size": 98,
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "intermediate_size": 32,
        "max_position_embeddings": 48,
    }
    network = Organism(load_shape("qwen2", sizes))
    network.initialise(torch.Generator().manual_seed(3), std=0.3)
    return OrganismPolicy(network, tokenizer)


@pytest.fixture
def groups(policy):
    return [
        [_rollout(policy, prompt, number, *sample) for number, sample in enumerate(samples)]
        for prompt, samples in SAMPLES.items()
    ]


def _rollout(policy, prompt, sample_id, text, passed):
    ids = (*policy.tokenizer.encode(text), policy.tokenizer.eos_id)[:CAP]
    return Rollout(
        problem=Problem(prompt, "toy", 1, prompt, "", TESTS),
        sample_id=sample_id,
        completion=Completion(ids, text, (0.0,) * len(ids), "stop"),
        verdict=Verdict(Status.PASS if passed else Status.WA, (passed,)),
    )


def textbook_gradient(policy, groups, advantages):
    """Return the gradient of -mean over samples of A times the sum of log-probs, one by one."""
    rollouts = [rollout for group in groups for rollout in group]
    loss = 0.0
    for rollout, advantage in zip(rollouts, advantages.ravel().tolist(), strict=True):
        ids = rollout.completion.token_ids
        batch = policy.encode_batch([(rollout.problem.prompt, ids)])
        log_probs = policy.completion_logits(batch)[0].log_softmax(-1)
        loss = loss - advantage * log_probs[range(len(ids)), list(ids)].sum() / len(rollouts)
    return torch.autograd.grad(loss, list(policy.parameters()))


def moved(policy, size):
    """Return a copy whose parameters lie a little elsewhere."""
    copy, rng = policy.clone(), torch.Generator().manual_seed(5)
    with torch.no_grad():
        for tensor in copy.parameters():
            tensor.add_(torch.randn(tensor.shape, generator=rng), alpha=size)
    return copy


def step(policy, groups, kind, micro_batch_size=64, *, penalty=("none", {}), start=None):
    """Return the gradient of one step and what it said."""
    trained = policy.clone()
    parameters = list(trained.parameters())
    optimiser = Optimiser(parameters, learning_rate=0.0, max_grad_norm=1e9)
    result = update(
        trained,
        groups,
        load_objective(kind, {"aggregation": "sequence_sum"}),
        optimiser,
        UpdateSettings(1.0, CAP, micro_batch_size),
        state={},
        step=1,
        penalty=load_penalty(*penalty).prepare(context(start or policy)),
    )
    return [parameter.grad for parameter in parameters], result


def context(start):
    problems = [Problem(prompt, "toy", 1, prompt, "", TESTS) for prompt in SAMPLES]
    return PenaltyContext(start, start, problems, ("penalty",), 1.0, CAP)


@pytest.mark.parametrize("kind", ["reinforce", "grpo"])
@pytest.mark.parametrize("micro_batch_size", [1, 3, 64])
def test_update_has_the_textbook_gradient(policy, groups, kind, micro_batch_size):
    gradients, result = step(policy, groups, kind, micro_batch_size)
    expected = textbook_gradient(policy, groups, result.advantages)
    for ours, gradient in zip(gradients, expected, strict=True):
        assert torch.allclose(ours, gradient, rtol=1e-4, atol=1e-6)
    norm = torch.stack([gradient.norm() for gradient in expected]).norm().item()
    assert result.metrics["grad_norm"] == pytest.approx(norm, rel=1e-5)


def textbook_divergence(policy, start, groups):
    """Return the mean over samples of the sum over tokens of KL(policy || start), one by one."""
    rollouts = [rollout for group in groups for rollout in group]
    total = 0.0
    for rollout in rollouts:
        batch = policy.encode_batch([(rollout.problem.prompt, rollout.completion.token_ids)])
        p = policy.completion_logits(batch)[0].softmax(-1)
        q = start.completion_logits(batch)[0].softmax(-1).detach()
        total = total + (p * (p / q).log()).sum() / len(rollouts)
    return total


@pytest.mark.parametrize("kind", ["reinforce", "grpo"])
@pytest.mark.parametrize("micro_batch_size", [3, 64])
def test_kl_adds_the_textbook_gradient_silent_rows_included(policy, groups, kind, micro_batch_size):
    start = moved(policy, 0.05)
    plain, _ = step(policy, groups, kind)
    gradients, result = step(
        policy, groups, kind, micro_batch_size, penalty=("kl", {"beta": 0.7}), start=start
    )
    copy = policy.clone()
    value = 0.7 * textbook_divergence(copy, start, groups)
    expected = torch.autograd.grad(value, list(copy.parameters()))
    assert result.metrics["penalty"] == pytest.approx(value.item(), rel=1e-4)
    for ours, without, gradient in zip(gradients, plain, expected, strict=True):
        assert torch.allclose(ours - without, gradient, rtol=1e-3, atol=2e-6)


def test_ewc_adds_the_textbook_gradient(policy, groups):
    start = moved(policy, 0.05)
    options = {"lambda_": 0.7, "diagonal_share": 0.5, "num_generations": 3}
    plain, _ = step(policy, groups, "reinforce")
    gradients, result = step(policy, groups, "reinforce", penalty=("ewc", options), start=start)
    fisher = textbook_fisher(start, num_generations=3)
    ends = zip(policy.parameters(), start.parameters(), strict=True)
    moves = [(end - begin).detach() for end, begin in ends]
    value = 0.7 * sum((f * d**2).sum().item() for f, d in zip(fisher, moves, strict=True))
    assert result.metrics["penalty"] == pytest.approx(value, rel=1e-4)
    for ours, without, f, d in zip(gradients, plain, fisher, moves, strict=True):
        assert torch.allclose(ours - without, 1.4 * f * d, rtol=1e-3, atol=2e-6)


def textbook_fisher(policy, num_generations):
    """Return the mean squared gradient of whole completions, all rows of one padded batch."""
    sequences = sample_sequences(
        policy,
        context(policy).problems,
        ("penalty",),
        num_generations=num_generations,
        temperature=1.0,
        max_completion_length=CAP,
    )
    batch = policy.encode_batch(list(sequences))
    log_probs = policy.completion_logits(batch).log_softmax(-1)
    chosen = log_probs.gather(-1, batch.completion_ids[:, :, None])[:, :, 0]
    totals = (chosen * batch.completion_mask).sum(1)
    parameters = list(policy.parameters())
    rows = [torch.autograd.grad(row, parameters, retain_graph=True) for row in totals]
    counts = list(sequences.values())
    return [
        sum(count * row[i] ** 2 for count, row in zip(counts, rows, strict=True)) / sum(counts)
        for i in range(len(parameters))
    ]
