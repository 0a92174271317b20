import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import safetensors
import torch

from crest.models.organism import NetworkShape
from crest.models.organism.pretrain import (
    PretrainingOptions,
    batch_loss,
    pretrain,
    schedule,
)
from crest.models.organism.pretraining_data import TrainingText

SHAPE = NetworkShape(
    vocab_size=160,
    hidden_size=32,
    num_hidden_layers=2,
    intermediate_size=48,
    max_position_embeddings=96,
)
OPTIONS = PretrainingOptions(batch_size=16, num_train_epochs=2, warmup_steps=5)


def text_of(pairs, tokenizer, weight=0.2):
    return TrainingText(pairs, tokenizer, prompt_loss_weight=weight, max_length=96)


def weights_of(policy, folder):
    policy.save(folder)
    return (folder / "model.safetensors").read_bytes()


@pytest.mark.parametrize("muon_learning_rate", [0.02, 0.0])
def test_pretraining_lowers_the_loss(pairs, muon_learning_rate):
    options = PretrainingOptions(
        learning_rate=0.01,
        muon_learning_rate=muon_learning_rate,
        batch_size=16,
        num_train_epochs=6,
        warmup_steps=5,
    )
    policy = pretrain(pairs, seed=0, shape=SHAPE, options=options)
    batch = text_of(pairs, policy.tokenizer).batch(np.arange(100))
    with torch.no_grad():
        loss = batch_loss(policy.network, batch).item()
    assert loss < 0.4 * np.log(policy.tokenizer.vocab_size)


def test_equal_seeds_give_equal_bytes_and_other_seeds_others(pairs, tmp_path):
    runs = [
        weights_of(pretrain(pairs[:100], seed=seed, shape=SHAPE, options=OPTIONS), tmp_path / name)
        for seed, name in ((0, "a"), (0, "b"), (1, "c"))
    ]
    assert runs[0] == runs[1] != runs[2]


KILLED = """
import pickle, sys
from pathlib import Path
import torch
from crest.models.organism.pretrain import pretrain
torch.set_num_threads(1)
pairs, arguments = pickle.loads(Path(sys.argv[1]).read_bytes())
pretrain(pairs, **arguments, work_folder=Path(sys.argv[2]), save_steps=30)
"""


def test_a_killed_and_resumed_run_ends_with_the_same_bytes(pairs, tmp_path):
    options = PretrainingOptions(batch_size=16, num_train_epochs=2, warmup_steps=5)
    arguments = {"seed": 0, "shape": SHAPE, "options": options}
    state = tmp_path / "work" / "state.safetensors"
    (tmp_path / "arguments").write_bytes(pickle.dumps((pairs, arguments)))
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "arguments"), str(state.parent)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )
    while not state.exists() and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    child.wait()
    with safetensors.safe_open(state, framework="pt") as file:
        assert file.metadata()["step"] == "30"  # of 50
    resumed = pretrain(pairs, **arguments, work_folder=state.parent)
    whole = pretrain(pairs, **arguments)
    assert weights_of(resumed, tmp_path / "a") == weights_of(whole, tmp_path / "b")


def test_progress_of_another_run_is_not_continued(pairs, tmp_path):
    arguments = {"shape": SHAPE, "options": OPTIONS}
    pretrain(pairs[:100], seed=0, **arguments, work_folder=tmp_path / "work", save_steps=2)
    other = pretrain(pairs[:100], seed=1, **arguments, work_folder=tmp_path / "work")
    fresh = pretrain(pairs[:100], seed=1, **arguments)
    assert weights_of(other, tmp_path / "a") == weights_of(fresh, tmp_path / "b")


def test_an_epoch_has_every_pair_once_and_little_padding(pairs, tokenizer):
    text = text_of(pairs, tokenizer)
    plan = text.plan(25, 16, seed=0)
    assert sorted(np.concatenate(plan).tolist()) == list(range(400))
    again, other = text.plan(25, 16, seed=0), text.plan(25, 16, seed=1)
    assert all((one == two).all() for one, two in zip(plan, again, strict=True))
    assert any((one != two).any() for one, two in zip(plan, other, strict=True))
    batches = [text.batch(rows) for rows in plan]
    padded = sum(batch.token_ids.numel() for batch in batches)
    real = sum((batch.weights > 0).sum().item() + len(batch.weights) for batch in batches)
    assert real / padded > 0.9


def test_prompt_tokens_weigh_less_and_padding_nothing(tokenizer):
    pairs = [("# a\n", " return 1"), ("# a\n", "")]
    batch = text_of(pairs, tokenizer, weight=0.25).batch(np.array([0, 1]))
    num_prompt = len(tokenizer.encode("# a\n"))
    num_completion = len(tokenizer.encode(" return 1"))
    before = [0.25] * (num_prompt - 1)
    assert batch.weights[0].tolist() == [*before, *[1.0] * (num_completion + 1)]
    assert batch.weights[1].tolist() == [*before, 1.0, *[0.0] * num_completion]
    assert batch.token_ids[1, num_prompt] == tokenizer.eos_id


def test_the_loss_is_the_weighted_mean_of_plain_losses(
    frozen_policy, tokenizer, pairs, plain_logits
):
    batch = text_of(pairs, tokenizer).batch(np.arange(6))
    total = 0.0
    for ids, weights in zip(batch.token_ids, batch.weights, strict=True):
        log_probs = plain_logits(ids.tolist())[:-1].log_softmax(-1)
        total -= (log_probs.gather(1, ids[1:, None])[:, 0] * weights).sum().item()
    expected = total / batch.weights.sum().item()
    assert batch_loss(frozen_policy.network, batch).item() == pytest.approx(expected, rel=1e-4)


def test_the_rate_rises_linearly_and_falls_to_the_given_share():
    shares = [schedule(step, 100, PretrainingOptions(warmup_steps=10)) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert shares[9] == max(shares) == 1.0
    assert shares[55] == pytest.approx(0.525)
    assert shares[100] == pytest.approx(0.05)


def test_a_pair_longer_than_the_positions_is_refused(tokenizer):
    with pytest.raises(ValueError, match="raise max_position_embeddings"):
        text_of([("# a\n", "1" * 200)], tokenizer)
