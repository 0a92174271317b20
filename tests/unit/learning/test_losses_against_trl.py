"""The same tensors through TRL's loss, which is called without a trainer around it."""

from collections import defaultdict
from types import SimpleNamespace

import pytest
import torch

from crest.learning.losses import LossInputs, grpo_loss, row_weights, token_sum, weighted_sum
from crest.learning.penalty import TokenDistributions, load_penalty

pytestmark = pytest.mark.slow  # importing trl takes seconds

CAP = 12
LENGTHS = (2, 7, 4, 5, 1)
AGGREGATION_OF = {
    "grpo": "sequence_mean",
    "bnpo": "token_mean",
    "dapo": "token_mean",
    "dr_grpo": "constant",
    "luspo": "sequence_sum",
}


@pytest.fixture(scope="module")
def trl_class():
    trainer = pytest.importorskip("trl.trainer.grpo_trainer")
    return trainer.GRPOTrainer


def trl_trainer(trl_class, log_probs, *, loss_type, beta, epsilon, epsilon_high):
    """Return a trainer with no more than what its loss reads, scoring with given log-probs."""

    class Scripted(trl_class):
        def __init__(self):
            pass

        def _get_per_token_logps_and_entropies(self, *_, **__):
            return log_probs, torch.zeros_like(log_probs), None

    trainer = Scripted()
    trainer.__dict__.update(
        model=torch.nn.Linear(1, 1),
        accelerator=SimpleNamespace(num_processes=1, gather=lambda x: x, reduce=lambda x, **_: x),
        args=SimpleNamespace(use_bias_correction_kl=False, delta=None, steps_per_generation=1),
        _metrics=defaultdict(lambda: defaultdict(list)),
        loss_type=loss_type,
        beta=beta,
        epsilon_low=epsilon,
        epsilon_high=epsilon_high,
        max_completion_length=CAP,
        importance_sampling_level="token",
        current_gradient_accumulation_steps=1,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        aux_loss_enabled=False,
        use_vllm=False,
        _entropy_bonus_enabled=False,
    )
    return trainer


def make_tensors():
    rng = torch.Generator().manual_seed(7)
    shape = (len(LENGTHS), max(LENGTHS))

    def normal(*size):
        return torch.randn(*size, generator=rng, dtype=torch.float64)

    log_probs = (-1 - normal(*shape).abs()).requires_grad_()
    mask = (torch.arange(shape[1])[None, :] < torch.tensor(LENGTHS)[:, None]).long()
    old = log_probs.detach() + 0.4 * normal(*shape)
    reference = log_probs.detach() + 0.3 * normal(*shape)
    return log_probs, old, reference, normal(shape[0]), mask


def trl_inputs(old, reference, advantages, mask):
    ids = torch.zeros_like(mask)
    return {
        "prompt_ids": ids[:, :1],
        "prompt_mask": mask[:, :1],
        "completion_ids": ids,
        "completion_mask": mask,
        "advantages": advantages,
        "old_per_token_logps": old,
        "ref_per_token_logps": reference,
        "num_items_in_batch": mask.sum(),
    }


def k3_divergence(log_probs, reference, beta, context):
    """Return what the penalty says of tokens, which are the first of a vocabulary of two."""

    def distributions(chosen):
        return torch.stack([chosen, (-chosen.exp()).log1p()], dim=-1)

    penalty = load_penalty("kl", {"beta": beta, "estimator": "k3"}).prepare(context(None))
    assert penalty.weight({}) == beta
    ids = torch.zeros(log_probs.shape, dtype=torch.long)
    rows = TokenDistributions(distributions(log_probs), distributions(reference), ids)
    return penalty.tokens.divergence(rows)


@pytest.mark.parametrize("beta", [0.0, 0.2])
@pytest.mark.parametrize("loss_type", AGGREGATION_OF)
def test_loss_gradient_and_diagnostics_equal_trl_s(trl_class, context, loss_type, beta):
    log_probs, old, reference, advantages, mask = make_tensors()
    bounds = {"epsilon": 0.2, "epsilon_high": 0.3}
    trainer = trl_trainer(trl_class, log_probs, loss_type=loss_type, beta=beta, **bounds)
    theirs = trainer._compute_loss(trainer.model, trl_inputs(old, reference, advantages, mask))
    weights = row_weights(LENGTHS, AGGREGATION_OF[loss_type], max_completion_length=CAP)
    inputs = LossInputs(
        log_probs=log_probs,
        old_log_probs=old,
        advantages=advantages,
        mask=mask.double(),
        weights=torch.from_numpy(weights),
        counts=torch.ones_like(advantages),
    )
    ours, loss = grpo_loss(inputs, **bounds), 0.0
    if beta > 0:
        kl = k3_divergence(log_probs, reference, beta, context)
        loss = beta * weighted_sum(kl, inputs)
    loss = loss + ours.loss
    assert loss.item() == pytest.approx(theirs.item(), rel=1e-12)
    (our_gradient,) = torch.autograd.grad(loss, log_probs)
    (their_gradient,) = torch.autograd.grad(theirs, log_probs)
    assert torch.allclose(our_gradient, their_gradient, rtol=1e-12)
    logged = trainer._metrics["train"]
    assert ours.num_clipped.item() > 0
    (clip_ratio,) = logged["clip_ratio/region_mean"]
    assert ours.num_clipped.item() / sum(LENGTHS) == pytest.approx(clip_ratio)
    if beta > 0:
        assert token_sum(kl, inputs).item() / sum(LENGTHS) == pytest.approx(logged["kl"][0])
