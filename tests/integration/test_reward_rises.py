"""The whole loop on a toy task: sample, grade, update, thirty times; a wrong sign shows here."""

import pytest
import torch

from crest.learning.metrics import rollout_metrics
from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import PenaltyContext, load_penalty
from crest.learning.sampling import sample_rollouts
from crest.learning.update import UpdateSettings, update
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.records import Problem, Status, Verdict
from crest.testing import FunctionTests

NUM_STEPS = 30
CAP = 4
WANTED = {"digit": str.isdigit, "upper": str.isupper, "lower": str.islower}
PROBLEMS = [
    Problem(
        task_id=f"{kind}{number}",
        family=kind,
        level=1,
        prompt=f"{kind} {number}:",
        reference="",
        tests=FunctionTests(kind, ((1,),), (1,)),
    )
    for kind in WANTED
    for number in range(3)
]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.train([], TokenizerOptions(vocab_size=98))


def make_policy(tokenizer):
    sizes = {
        "vocab_size": tokenizer.vocab_size,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "intermediate_size": 64,
        "max_position_embeddings": 32,
    }
    network = Organism(load_shape("qwen2", sizes))
    network.initialise(torch.Generator().manual_seed(1), std=0.2)
    return OrganismPolicy(network, tokenizer)


def grade(submissions):
    """Pass a completion whose first character is of the kind that its prompt names."""
    return [_verdict(submission) for submission in submissions]


def _verdict(submission):
    passed = WANTED[submission.tests.entry](submission.source.split(":", 1)[1][:1])
    return Verdict(Status.PASS if passed else Status.WA, (passed,))


def campaign(start):
    return PenaltyContext(
        start=start,
        base=start,
        problems=PROBLEMS,
        stream=("penalty", "toy"),
        temperature=1.0,
        max_completion_length=CAP,
    )


def train(policy, objective, penalty=("none", {}), num_steps=NUM_STEPS):
    """Return the reward of every step."""
    objective = load_objective(*objective)
    penalty = load_penalty(*penalty).prepare(campaign(policy.clone()))
    optimiser = Optimiser(policy.parameters(), learning_rate=0.01)
    settings = UpdateSettings(temperature=1.0, max_completion_length=CAP, micro_batch_size=64)
    state, penalty_state, rewards = {}, {}, []
    for step in range(1, num_steps + 1):
        groups = sample_rollouts(
            policy,
            PROBLEMS,
            grade,
            ("toy", step),
            num_generations=8,
            temperature=1.0,
            max_completion_length=CAP,
        )
        result = update(
            policy,
            groups,
            objective,
            optimiser,
            settings,
            state=state,
            step=step,
            penalty=penalty,
            penalty_state=penalty_state,
        )
        state, penalty_state = result.state, result.penalty_state
        rewards.append(rollout_metrics(groups)["reward"])
    return rewards


@pytest.mark.parametrize(
    ("objective", "penalty"),
    [
        (("reinforce", {}), ("none", {})),
        (("reinforce", {"baseline": "none"}), ("kl", {"beta": 0.001})),
        (
            ("reinforce", {"baseline": "moving_average", "reward_range": "plus_minus_one"}),
            ("ewc", {"lambda_": 0.001, "num_generations": 1}),
        ),
        (("grpo", {}), ("adaptive_kl", {"target": 3.0})),
        (("grpo", {"num_iterations": 2, "aggregation": "constant"}), ("none", {})),
        (("grpo", {"scale_rewards": "none"}), ("kl", {"beta": 0.01, "estimator": "k3"})),
        (("grpo", {"scale_rewards": "batch"}), ("none", {})),
    ],
)
def test_reward_rises_within_thirty_steps(tokenizer, objective, penalty):
    rewards = train(make_policy(tokenizer), objective, penalty)
    before, after = sum(rewards[:3]) / 3, sum(rewards[-3:]) / 3
    assert before < 0.4, rewards
    assert after > 0.8, rewards


@pytest.mark.parametrize("kind", ["reinforce", "grpo"])
def test_two_runs_give_equal_weights_bit_for_bit(tokenizer, kind):
    policies = [make_policy(tokenizer) for _ in range(2)]
    for policy in policies:
        train(policy, (kind, {}), num_steps=4)
    pairs = zip(policies[0].parameters(), policies[1].parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
