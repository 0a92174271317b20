"""The update of a real network against the textbook formula, written without any shortcut."""

import pytest
import torch

from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
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


@pytest.mark.parametrize("kind", ["reinforce", "grpo"])
@pytest.mark.parametrize("micro_batch_size", [1, 3, 64])
def test_update_has_the_textbook_gradient(policy, groups, kind, micro_batch_size):
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
    )
    expected = textbook_gradient(policy, groups, result.advantages)
    for parameter, gradient in zip(parameters, expected, strict=True):
        assert torch.allclose(parameter.grad, gradient, rtol=1e-4, atol=1e-6)
    norm = torch.stack([gradient.norm() for gradient in expected]).norm().item()
    assert result.metrics["grad_norm"] == pytest.approx(norm, rel=1e-5)
