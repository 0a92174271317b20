import math

import numpy as np
import pytest
import torch
from torch import nn

from crest.selection.critic import CriticOptions, Labelled, critic_loss, score, train_critic


class ByToken(nn.Module):
    """A critic whose score is the sum of its tokens' values, whatever the prompt."""

    def __init__(self, values=(0.0,) * 6):
        super().__init__()
        self.values = nn.Parameter(torch.tensor(values, dtype=torch.float64))
        self.rows_seen = 0

    def scores(self, pairs):
        self.rows_seen += len(pairs)
        return torch.stack([self.values[list(ids)].sum() for _, ids in pairs])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


SCORES = torch.tensor([0.3, -1.2, 2.0, 0.7, 0.1], dtype=torch.float64)
CORRECT = [[True, False, True], [False], [True]]


def test_both_terms_are_those_worked_out_by_hand():
    loss = critic_loss(SCORES, CORRECT)
    s = SCORES.numpy()
    inside = -(np.log(sigmoid(s[0])) + np.log(1 - sigmoid(s[1])) + np.log(sigmoid(s[2]))) / 3
    pointwise = inside - np.log(1 - sigmoid(s[3])) - np.log(sigmoid(s[4]))
    shares = np.exp(s[:3]) / np.exp(s[:3]).sum()
    assert loss.pointwise.item() == pytest.approx(pointwise)
    assert loss.listwise.item() == pytest.approx(-np.log(shares[0] + shares[2]))
    assert loss.num_compared == 1


def test_gradients_equal_finite_differences():
    scores = SCORES.clone().requires_grad_()

    def total(values):
        loss = critic_loss(values, CORRECT)
        return loss.pointwise + 0.7 * loss.listwise

    assert torch.autograd.gradcheck(total, (scores,))


def test_problems_with_candidates_of_one_kind_compare_nothing():
    loss = critic_loss(SCORES[:3], [[True, True], [False]])
    assert (loss.listwise.item(), loss.num_compared) == (0.0, 0)


def problems(num):
    """Token 1 marks what generalises in nine of ten problems, token 2 nothing."""
    rng = np.random.default_rng(0)
    return [
        Labelled(
            f"task{i}",
            f"p{i}:",
            {(1, int(rng.integers(2, 4))): bool(right), (4, int(rng.integers(2, 4))): not right},
        )
        for i, right in enumerate(rng.random(num) < 0.9)
    ]


@pytest.mark.parametrize("listwise_weight", [0.0, 1.0])
def test_training_finds_what_tells_candidates_apart(listwise_weight):
    critic = ByToken()
    options = CriticOptions(0.05, 20, tasks_per_batch=10, listwise_weight=listwise_weight)
    rows = train_critic(critic, problems(100), options, ("test",))
    good, bad, *_ = score(critic, [("p:", (1, 2)), ("p:", (4, 2)), ("p:", (1, 3)), ("p:", (4, 3))])
    assert good > 0.5 > -0.5 > bad
    assert rows[-1]["loss"] < 0.7 * rows[0]["loss"]
    assert len(rows) == 200


def test_with_the_pointwise_term_alone_scores_become_log_odds():
    critic = ByToken()
    one_kind = [Labelled(f"t{i}", "p:", {(1,): i % 4 > 0}) for i in range(40)]
    options = CriticOptions(0.05, 300, tasks_per_batch=40)
    train_critic(critic, one_kind, options, ("test",))
    assert score(critic, [("p:", (1,))])[0] == pytest.approx(math.log(3), abs=0.01)


def test_equal_streams_give_equal_critics_and_problems_without_candidates_change_nothing():
    def trained(examples, *stream):
        critic = ByToken()
        train_critic(critic, examples, CriticOptions(tasks_per_batch=3), stream)
        return critic.values.tolist()

    some, empty = problems(10), Labelled("none", "p:", {})
    assert trained(some, "a") == trained([empty, *some, empty], "a") != trained(some, "b")


def test_equal_pairs_are_scored_once_and_batches_change_nothing():
    critic = ByToken((0.0, 1.0, 2.0, 3.0, 4.0, 5.0))
    pairs = [("p:", (1, 2)), ("q:", (3,)), ("p:", (1, 2)), ("p:", (5,))]
    assert score(critic, pairs) == score(critic, pairs, batch_size=1) == [3.0, 3.0, 3.0, 5.0]
    assert critic.rows_seen == 6


def test_without_any_candidate_there_is_nothing_to_learn():
    with pytest.raises(ValueError, match="none of 1 problems has a candidate"):
        train_critic(ByToken(), [Labelled("t", "p:", {})], CriticOptions(), ("test",))


def test_a_loss_that_is_not_finite_names_its_problems():
    critic = ByToken((0.0, math.inf, 0.0, 0.0, 0.0, 0.0))
    with pytest.raises(FloatingPointError, match="inf on t; lower the learning rate"):
        train_critic(critic, [Labelled("t", "p:", {(1,): False})], CriticOptions(), ("test",))
