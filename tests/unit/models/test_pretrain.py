import logging
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from crest.models.organism.pretrain import (
    PretrainingOptions,
    batch_loss,
    pretrain,
    schedule,
)
from crest.models.organism.pretraining_data import TrainingText
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer
from crest.work import open_work

SIZES = {
    "vocab_size": 160,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 96,
}
SHAPE = load_shape("qwen2", SIZES)
LOCAL = {
    "head_dim": 8,
    "query_pre_attn_scalar": 8,
    "sliding_window": 8,
    "layer_types": ["sliding_attention", "full_attention"],
}
GEMMA3 = load_shape("gemma3", {**SIZES, **LOCAL})
OPTIONS = PretrainingOptions(batch_size=16, num_train_epochs=2, warmup_steps=5)


def text_of(pairs, tokenizer, weight=0.2):
    return TrainingText(pairs, tokenizer, prompt_loss_weight=weight, max_length=96)


def weights_of(policy, folder):
    policy.save(folder)
    return (folder / "model.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("shape", "muon_learning_rate"),
    [(SHAPE, 0.02), (SHAPE, 0.0), (GEMMA3, 0.02)],
    ids=["qwen2, muon", "qwen2, adamw", "gemma3, muon"],
)
def test_pretraining_lowers_the_loss(pairs, shape, muon_learning_rate):
    options = PretrainingOptions(
        learning_rate=0.01,
        muon_learning_rate=muon_learning_rate,
        batch_size=16,
        num_train_epochs=6,
        warmup_steps=5,
    )
    policy = pretrain(pairs, seed=0, shape=shape, options=options)
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


ARGUMENTS = {"seed": 0, "shape": SHAPE, "options": OPTIONS}
CHILD = """
import logging, pickle, sys
from pathlib import Path
import torch
from crest.models.organism.pretrain import pretrain
from crest.stopping import stop_signals
from crest.work import open_work
logging.basicConfig(level=logging.INFO)
torch.set_num_threads(1)
pairs, arguments = pickle.loads(Path(sys.argv[1]).read_bytes())
with stop_signals(), open_work("base", [], root=Path(sys.argv[2])) as work:
    pretrain(pairs, **arguments, work=work, save_steps=10)
"""


def pretrain_in(root, pairs, **arguments):
    with open_work("base", [], root=root) as work:
        return pretrain(pairs, **{**ARGUMENTS, **arguments}, work=work)


@pytest.fixture
def child(pairs, tmp_path):
    """Start to pretrain in a process of its own, and wait for the first entry of its work."""
    (tmp_path / "arguments").write_bytes(pickle.dumps((pairs, ARGUMENTS)))
    command = [sys.executable, "-c", CHILD, str(tmp_path / "arguments"), str(tmp_path / "work")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while not list((tmp_path / "work").glob("*/entry-*.json")) and process.poll() is None:
            time.sleep(0.001)
        yield process


def assert_resumed_equals_whole(pairs, tmp_path):
    resumed = pretrain_in(tmp_path / "work", pairs)
    whole = pretrain(pairs, **ARGUMENTS)
    assert weights_of(resumed, tmp_path / "a") == weights_of(whole, tmp_path / "b")


def test_a_killed_and_resumed_run_ends_with_the_same_bytes(pairs, tmp_path, child, caplog):
    caplog.set_level(logging.INFO)
    child.kill()
    child.wait()
    assert_resumed_equals_whole(pairs, tmp_path)
    assert re.search(r"resumed after step [1-4]0 of 50", caplog.text)


def test_a_run_that_sigterm_stops_loses_no_step(pairs, tmp_path, child, caplog):
    caplog.set_level(logging.INFO)
    child.send_signal(signal.SIGTERM)
    errors = child.stderr.read()
    assert child.wait() == 143
    stopped = re.search(r"stopped by SIGTERM after (step \d+ of 50); run again", errors)
    assert_resumed_equals_whole(pairs, tmp_path)
    assert f"resumed after {stopped.group(1)}" in caplog.text


@pytest.mark.parametrize(("save_steps", "shape"), [(1, SHAPE), (7, GEMMA3), (1000, SHAPE)])
def test_how_often_progress_is_saved_changes_nothing(pairs, tmp_path, save_steps, shape):
    some = pairs[:100]
    kept = pretrain_in(tmp_path / "work", some, save_steps=save_steps, shape=shape)
    whole = pretrain(some, **{**ARGUMENTS, "shape": shape})
    assert weights_of(kept, tmp_path / "a") == weights_of(whole, tmp_path / "b")


def test_a_run_that_was_killed_after_its_last_step_has_no_step_to_take(pairs, tmp_path, caplog):
    first = pretrain_in(tmp_path / "work", pairs[:100])
    caplog.set_level(logging.INFO)
    again = pretrain_in(tmp_path / "work", pairs[:100])
    assert weights_of(again, tmp_path / "a") == weights_of(first, tmp_path / "b")
    assert [record.message for record in caplog.records] == ["resumed after step 14 of 14"]


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


@pytest.mark.parametrize("weight", [0.2, 0.0])
def test_the_loss_is_the_weighted_mean_of_plain_losses(
    frozen_policy, tokenizer, pairs, plain_logits, weight
):
    batch = text_of(pairs, tokenizer, weight).batch(np.arange(6))
    total = 0.0
    for ids, weights in zip(batch.token_ids, batch.weights, strict=True):
        log_probs = plain_logits(ids.tolist())[:-1].log_softmax(-1)
        total -= (log_probs.gather(1, ids[1:, None])[:, 0] * weights).sum().item()
    expected = total / batch.weights.sum().item()
    assert batch_loss(frozen_policy.network, batch).item() == pytest.approx(expected, rel=1e-4)


def test_leaving_out_what_weighs_nothing_changes_no_gradient(policy, tokenizer, pairs):
    batches = [text_of(pairs, tokenizer, weight).batch(np.arange(16)) for weight in (0.0, 1e-12)]
    few, all_of_them = [
        torch.autograd.grad(batch_loss(policy.network, batch), list(policy.parameters()))
        for batch in batches
    ]
    for own, other in zip(few, all_of_them, strict=True):
        torch.testing.assert_close(own, other, atol=1e-4, rtol=1e-4)


def test_the_rate_rises_linearly_and_falls_to_the_given_share():
    shares = [schedule(step, 100, PretrainingOptions(warmup_steps=10)) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert shares[9] == max(shares) == 1.0
    assert shares[55] == pytest.approx(0.525)
    assert shares[100] == pytest.approx(0.05)


def test_a_pair_longer_than_the_positions_is_refused(tokenizer):
    with pytest.raises(ValueError, match="raise max_position_embeddings"):
        text_of([("# a\n", "1" * 200)], tokenizer)


def test_a_given_tokenizer_is_used_as_it_is():
    given = Tokenizer.of_symbols(["ab", " =>"])
    policy = pretrain([("ab =>", "ba")] * 4, seed=0, shape=SHAPE, tokenizer=given, options=OPTIONS)
    assert policy.tokenizer is given
    assert policy.network.anatomy.vocab_size == given.vocab_size
