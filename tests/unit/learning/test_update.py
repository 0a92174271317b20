import numpy as np
import pytest
import torch

from crest.learning.batches import merge_rows, micro_batches
from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import Penalty, TokenTerm, load_penalty
from crest.learning.rewards import batch_rewards
from crest.learning.update import UpdateSettings, update

AGGREGATIONS = ("sequence_sum", "sequence_mean", "token_mean", "constant")
THETA = (0.2, -0.4, 0.5)


class Recorder(Optimiser):
    """An optimiser that keeps the gradient of every step, unclipped."""

    def __init__(self, policy, learning_rate=0.0):
        super().__init__(policy.parameters(), learning_rate=learning_rate, max_grad_norm=1e9)
        self.gradients = []

    def step(self):
        self.gradients.append([tensor.grad.clone() for tensor in self._parameters])
        return super().step()


@pytest.fixture
def groups(group):
    """Mixed groups, a silent one, equal samples, and lengths from 1 to 4."""
    return [
        group("one", [((1, 2, 0), True), ((2, 2, 2, 2), False), ((1, 2, 0), True), ((0,), False)]),
        group("two", [((1, 1, 0), False), ((2, 0), False), ((0,), False), ((1, 2, 2, 1), False)]),
        group("three", [((2, 1, 1, 0), True), ((1, 0), False), ((1, 0), False), ((2, 0), True)]),
    ]


def run(policy, groups, objective, *, micro_batch_size=64, learning_rate=0.0, **options):
    optimiser = Recorder(policy, learning_rate)
    settings = UpdateSettings(
        temperature=options.pop("temperature", 1.0),
        max_completion_length=4,
        micro_batch_size=micro_batch_size,
    )
    result = update(policy, groups, objective, optimiser, settings, state={}, step=7, **options)
    return result, optimiser.gradients


def gradient_by_hand(groups, advantages, aggregation, theta=THETA):
    """Return d loss / d theta of -A log softmax(theta)[token], token by token."""
    probs = np.exp(theta) / np.exp(theta).sum()
    completions = [rollout.completion.token_ids for group in groups for rollout in group]
    total = sum(len(ids) for ids in completions)
    weight = {
        "sequence_sum": lambda _: 1 / len(completions),
        "sequence_mean": lambda ids: 1 / (len(completions) * len(ids)),
        "token_mean": lambda _: 1 / total,
        "constant": lambda _: 1 / (len(completions) * 4),
    }[aggregation]
    gradient = np.zeros(3)
    for ids, advantage in zip(completions, advantages.ravel(), strict=True):
        for token in ids:
            gradient -= weight(ids) * advantage * (np.eye(3)[token] - probs)
    return gradient


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("baseline", ["none", "batch_mean", "moving_average", "leave_one_out"])
def test_reinforce_gradient_is_the_hand_derived_one(three_tokens, groups, baseline, aggregation):
    objective = load_objective("reinforce", {"baseline": baseline, "aggregation": aggregation})
    result, ((gradient,),) = run(three_tokens(THETA), groups, objective)
    by_hand = gradient_by_hand(groups, result.advantages, aggregation)
    assert np.allclose(gradient, by_hand, atol=1e-14)
    assert result.metrics["grad_norm"] == pytest.approx(np.linalg.norm(by_hand))


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_grpo_gradient_is_the_hand_derived_one(three_tokens, groups, aggregation):
    objective = load_objective("grpo", {"aggregation": aggregation})
    result, ((gradient,),) = run(three_tokens(THETA), groups, objective)
    assert np.allclose(gradient, gradient_by_hand(groups, result.advantages, aggregation))
    assert result.metrics["clip_ratio/region_mean"] == 0.0


def test_gradient_agrees_with_finite_differences_of_the_loss(three_tokens, groups):
    objective = load_objective("reinforce", {})
    _, ((gradient,),) = run(three_tokens(THETA), groups, objective)

    def loss(theta):
        return run(three_tokens(theta), groups, objective)[0].metrics["loss"]

    differences = [
        (loss(np.add(THETA, step)) - loss(np.subtract(THETA, step))) / 2e-6
        for step in 1e-6 * np.eye(3)
    ]
    assert np.allclose(gradient, differences, atol=1e-8)


def test_temperature_divides_the_logits_and_the_gradient(three_tokens, groups):
    objective = load_objective("reinforce", {})
    result, ((gradient,),) = run(three_tokens(THETA), groups, objective, temperature=0.5)
    scaled = tuple(np.divide(THETA, 0.5))
    by_hand = gradient_by_hand(groups, result.advantages, "sequence_sum", scaled) / 0.5
    assert np.allclose(gradient, by_hand)


@pytest.mark.parametrize(
    ("objective", "penalty"),
    [
        (("reinforce", {}), ("none", {})),
        (("reinforce", {}), ("ewc", {"lambda_": 0.4})),
        (("reinforce", {"baseline": "none", "aggregation": "token_mean"}), ("none", {})),
        (("grpo", {"num_iterations": 3, "epsilon": 0.01}), ("adaptive_kl", {"beta": 0.2})),
        (("grpo", {"aggregation": "constant"}), ("kl", {"beta": 0.3, "estimator": "k3"})),
    ],
)
@pytest.mark.parametrize("micro_batch_size", [1, 2, 5])
def test_micro_batches_add_up_to_the_full_batch(  # noqa: PLR0917 (fixtures)
    three_tokens, groups, context, objective, penalty, micro_batch_size
):
    start = context(three_tokens((0.0, 0.3, 0.1)), num_problems=1)
    arguments = {"learning_rate": 0.5, "penalty": load_penalty(*penalty).prepare(start)}
    objective = load_objective(*objective)
    whole, all_gradients = run(three_tokens(THETA), groups, objective, **arguments)
    parts, part_gradients = run(
        three_tokens(THETA), groups, objective, micro_batch_size=micro_batch_size, **arguments
    )
    assert parts.metrics == pytest.approx(whole.metrics, abs=1e-12)
    assert parts.penalty_state == pytest.approx(whole.penalty_state)
    for (one,), (other,) in zip(all_gradients, part_gradients, strict=True):
        assert torch.allclose(one, other, atol=1e-14)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_leaving_out_rows_without_advantage_changes_nothing(three_tokens, groups, aggregation):
    objective = load_objective("grpo", {"aggregation": aggregation})
    free = Penalty(
        weight=lambda _: 0.0, tokens=TokenTerm(three_tokens(), lambda rows: rows.log_probs[..., 0])
    )
    one, ((gradient,),) = run(three_tokens(THETA), groups, objective)
    other, ((full_gradient,),) = run(three_tokens(THETA), groups, objective, penalty=free)
    assert torch.allclose(gradient, full_gradient, atol=1e-15)
    assert one.metrics == pytest.approx(other.metrics, abs=1e-14)


def test_rows_without_advantage_keep_their_place_in_the_denominator(three_tokens, groups):
    objective = load_objective("reinforce", {"baseline": "none"})
    _, ((alone,),) = run(three_tokens(THETA), groups[:1], objective)
    _, ((diluted,),) = run(three_tokens(THETA), groups[:2], objective)
    assert torch.allclose(diluted, alone / 2)


def test_rows_with_advantage_pass_the_model_once_and_equal_ones_together(three_tokens, groups):
    policy = three_tokens(THETA)
    run(policy, groups, load_objective("grpo", {}))
    assert policy.rows_seen == 10  # 12 samples, two pairs of which are equal


def test_merged_rows_keep_the_batch_s_total_weight(group):
    samples = [((1, 0), True), ((1, 0), True), ((2, 0), False)]
    groups = [group("one", samples)]
    rows = merge_rows(
        groups,
        np.array([[0.5, 0.5, -1.0]]),
        aggregation="sequence_sum",
        max_completion_length=4,
    )
    assert [(row.count, row.advantage) for row in rows] == [(2, 0.5), (1, -1.0)]
    assert [row.weight for row in rows] == pytest.approx([2 / 3, 1 / 3])


def test_equal_completions_of_two_problems_stay_apart(group):
    groups = [group("one", [((1, 0), True)]), group("two", [((1, 0), True)])]
    rows = merge_rows(groups, np.ones((2, 1)), aggregation="sequence_sum", max_completion_length=4)
    assert [row.task_id for row in rows] == ["one", "two"]


def test_micro_batches_go_from_short_to_long_without_shared_padding(three_tokens, groups):
    rows = merge_rows(groups, np.ones((3, 4)), aggregation="sequence_sum", max_completion_length=4)
    batches = list(micro_batches(three_tokens(), rows, micro_batch_size=3))
    totals = [
        (batch.tokens.prompt_lengths + batch.tokens.completion_mask.sum(1)).tolist()
        for batch in batches
    ]
    everything = [length for lengths in totals for length in lengths]
    assert everything == sorted(everything)
    for batch, lengths in zip(batches, totals, strict=True):
        assert batch.tokens.input_ids.shape[1] == max(lengths)
        assert batch.tokens.completion_mask.any(0).all()


def test_entropy_is_exact_and_covers_rows_without_advantage(three_tokens, groups):
    objective = load_objective("grpo", {})
    result, _ = run(three_tokens(THETA), groups, objective)
    log_probs = np.log(np.exp(THETA) / np.exp(THETA).sum())
    assert result.metrics["entropy"] == pytest.approx(-(np.exp(log_probs) * log_probs).sum())


def test_second_update_measures_its_ratio_against_the_first_s_log_probs(three_tokens, groups):
    objective = load_objective("grpo", {"num_iterations": 2, "epsilon": 0.05})
    policy = three_tokens(THETA)
    result, (_, (second,)) = run(policy, groups, objective, learning_rate=5.0)
    moved = three_tokens(THETA)
    run(moved, groups, load_objective("grpo", {}), learning_rate=5.0)
    new, old = (torch.tensor(t).log_softmax(-1) for t in (moved.theta.tolist(), THETA))
    ratio = (new - old).exp().numpy()
    probs = new.exp().numpy()
    by_hand = np.zeros(3)
    blocked = 0
    for group, advantages in zip(groups, result.advantages, strict=True):
        for rollout, advantage in zip(group, advantages, strict=True):
            ids = rollout.completion.token_ids
            for token in ids:
                edge = 1.05 if advantage > 0 else 0.95
                if advantage == 0 or (ratio[token] - edge) * advantage > 0:
                    blocked += advantage != 0
                    continue
                weight = advantage * ratio[token] / (12 * len(ids))
                by_hand -= weight * (np.eye(3)[token] - probs)
    assert np.allclose(second, by_hand, atol=1e-14)
    tokens = sum(len(rollout.completion.token_ids) for group in groups for rollout in group)
    assert result.metrics["clip_ratio/region_mean"] == pytest.approx(blocked / tokens / 2)


def test_a_batch_without_any_signal_has_gradient_zero(three_tokens, groups):
    result, ((gradient,),) = run(three_tokens(THETA), groups[1:2], load_objective("grpo", {}))
    assert gradient.tolist() == [0.0] * 3
    assert result.metrics["loss"] == 0.0
    assert result.metrics["entropy"] > 0


@pytest.mark.parametrize("penalty_state", [{}, {"weight": 3.0}])
def test_without_a_penalty_its_state_passes_through(three_tokens, groups, penalty_state):
    objective = load_objective("reinforce", {})
    result, _ = run(three_tokens(THETA), groups, objective, penalty_state=penalty_state)
    assert result.penalty_state == penalty_state
    assert result.metrics["penalty"] == result.metrics["penalty_weight"] == 0.0


def test_the_loss_is_the_objective_s_plus_the_penalty(three_tokens, groups):
    objective = load_objective("reinforce", {})
    reference = three_tokens((0.0, 2.0, -1.0))
    both = Penalty(
        weight=lambda state: 0.25 + state["extra"],
        tokens=TokenTerm(reference, lambda rows: -rows.reference_log_probs[..., 1]),
        parameters=lambda parameters: sum(tensor.square().sum() for tensor in parameters),
    )
    plain, ((plain_gradient,),) = run(three_tokens(THETA), groups, objective)
    result, ((gradient,),) = run(
        three_tokens(THETA), groups, objective, penalty=both, penalty_state={"extra": 0.25}
    )
    tokens = sum(len(rollout.completion.token_ids) for group in groups for rollout in group)
    surprise = np.log(np.exp([0.0, 2.0, -1.0]).sum()) - 2.0
    expected = 0.5 * (tokens / 12 * surprise + np.square(THETA).sum())
    assert result.metrics["penalty_weight"] == 0.5
    assert result.metrics["penalty"] == pytest.approx(expected)
    assert result.metrics["loss"] == pytest.approx(plain.metrics["loss"] + expected)
    assert np.allclose(gradient - plain_gradient, np.array(THETA))
    assert np.array_equal(result.advantages, plain.advantages)


def test_a_penalty_adapts_once_a_batch_to_the_policy_that_sampled(three_tokens, groups):
    objective = load_objective("grpo", {"num_iterations": 3})
    seen = []
    penalty = Penalty(
        weight=lambda _: 1.0,
        tokens=TokenTerm(three_tokens(), lambda rows: rows.log_probs[..., 1]),
        adapt=lambda state, divergence: seen.append((state, divergence)) or {"weight": 2.0},
    )
    result, _ = run(
        three_tokens(THETA),
        groups,
        objective,
        learning_rate=0.5,
        penalty=penalty,
        penalty_state={"weight": 1.0},
    )
    log_probs = np.array(THETA) - np.log(np.exp(THETA).sum())
    assert seen == [({"weight": 1.0}, pytest.approx(log_probs[1]))]
    assert result.penalty_state == {"weight": 2.0}


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_penalty_that_is_not_finite_is_named_before_any_step(three_tokens, groups, value):
    broken = Penalty(
        weight=lambda _: 1.0, parameters=lambda parameters: sum(parameters) * float(value)
    )
    policy = three_tokens((0.1, 0.2, 0.3))
    one_tensor = Penalty(
        weight=lambda _: 1.0, parameters=lambda parameters: broken.parameters(parameters).sum()
    )
    with pytest.raises(FloatingPointError, match=r"step 7: the penalty is (nan|inf)"):
        run(policy, groups, load_objective("grpo", {}), penalty=one_tensor, learning_rate=1.0)
    assert policy.theta.tolist() == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("kind", ["grpo", "reinforce"])
def test_a_non_finite_policy_is_named_by_step_and_problems(three_tokens, groups, kind):
    policy = three_tokens((float("nan"), 0.0, 0.0))
    with pytest.raises(FloatingPointError, match=r"step 7: .* is nan on rollouts of"):
        run(policy, groups, load_objective(kind, {}))


def test_groups_of_unequal_size_are_refused(groups):
    with pytest.raises(ValueError, match="same number of samples"):
        batch_rewards([groups[0], groups[1][:2]])


def test_state_of_the_objective_comes_back(three_tokens, groups):
    result, _ = run(
        three_tokens(THETA), groups, load_objective("reinforce", {"baseline": "moving_average"})
    )
    assert result.state == {"baseline": pytest.approx(4 / 12)}
