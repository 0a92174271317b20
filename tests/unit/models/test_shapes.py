import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crest.models.organism.shape import OtherModelError, load_shape, read_shape

SOURCE = Path(__file__).parents[3] / "src"
SIZES = {
    "vocab_size": 50,
    "hidden_size": 24,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
}
GEMMA3 = {
    **SIZES,
    "head_dim": 8,
    "query_pre_attn_scalar": 16,
    "sliding_window": 5,
    "layer_types": ["sliding_attention", "full_attention"],
}
OPTIONS = {"qwen2": SIZES, "gemma3": GEMMA3}


def written(shape, **changes):
    """Return a shape's `config.json` as another process reads it."""
    return json.loads(json.dumps({**shape.config, **changes}))


@st.composite
def gemma3_options(draw):
    group, heads = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    kinds = st.sampled_from(["sliding_attention", "full_attention"])
    layers = draw(st.lists(kinds, min_size=1, max_size=5))
    return {
        **SIZES,
        "hidden_size": group * heads * draw(st.integers(1, 9)),
        "num_attention_heads": group * heads,
        "num_key_value_heads": heads,
        "num_hidden_layers": len(layers),
        "layer_types": layers,
        "head_dim": 2 * draw(st.integers(1, 9)),
        "query_pre_attn_scalar": draw(st.integers(1, 99)),
        "sliding_window": draw(st.integers(1, 99)),
        "rope_theta": draw(st.floats(1.0, 1e7)),
        "rope_local_base_freq": draw(st.floats(1.0, 1e7)),
        "rms_norm_eps": draw(st.floats(1e-9, 1e-3)),
    }


@settings(max_examples=50, deadline=None)
@given(gemma3_options())
def test_reading_what_was_written_gives_the_same_shape(options):
    shape = load_shape("gemma3", options)
    assert read_shape(written(shape)) == shape


def test_the_layers_of_gemma_3_differ_in_window_and_rotary_base():
    anatomy = load_shape("gemma3", GEMMA3).anatomy
    assert [layer.window for layer in anatomy.layers] == [5, None]
    assert [layer.rope_theta for layer in anatomy.layers] == [10_000.0, 1_000_000.0]
    assert anatomy.query_scale == 0.25
    assert anatomy.embedding_scale == pytest.approx(24**0.5)


def test_the_layers_of_qwen_2_are_alike_and_see_everything():
    anatomy = load_shape("qwen2", SIZES).anatomy
    assert [(layer.window, layer.rope_theta) for layer in anatomy.layers] == [(None, 10_000.0)] * 2
    assert anatomy.query_scale == pytest.approx(6**-0.5)


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("qwen2", {"num_key_value_heads": 3}, "4 is no multiple of num_key_value_heads 3"),
        ("qwen2", {"hidden_size": 20}, "hidden_size 20 is no multiple of twice"),
        ("qwen2", {"sliding_window": 5}, "Extra inputs are not permitted"),
        ("qwen2", {"vocab_size": 0}, "greater than or equal to 1"),
        ("qwen2", {"rms_norm_eps": float("inf")}, "finite number"),
        ("gemma3", {"num_key_value_heads": 3}, "4 is no multiple of num_key_value_heads 3"),
        ("gemma3", {"hidden_size": 22}, "hidden_size 22 is no multiple of num_attention_heads 4"),
        ("gemma3", {"num_hidden_layers": 3}, "names 2 layers, num_hidden_layers 3"),
        ("gemma3", {"head_dim": 7}, "multiple of 2"),
        ("gemma3", {"layer_types": ["local", "full_attention"]}, "'sliding_attention' or 'full_"),
        ("gemma3", {"sliding_window": None}, "valid integer"),
    ],
)
def test_options_that_make_no_network_are_refused(kind, changes, message):
    with pytest.raises(ValidationError) as fault:
        load_shape(kind, {**OPTIONS[kind], **changes})
    assert message in str(fault.value)


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("qwen2", {"model_type": "llama"}, "but the organism has gemma3_text or qwen2"),
        ("qwen2", {"use_sliding_window": True}, "use_sliding_window is True, but the organism has"),
        ("qwen2", {"tie_word_embeddings": None}, "tie_word_embeddings is None"),
        ("qwen2", {"rope_parameters": {"rope_theta": 1e4, "rope_type": "yarn"}}, "'yarn'"),
        ("gemma3", {"final_logit_softcapping": 30.0}, "final_logit_softcapping is 30.0"),
        ("gemma3", {"use_bidirectional_attention": True}, "use_bidirectional_attention is True"),
        ("gemma3", {"hidden_activation": "silu"}, "hidden_activation is 'silu'"),
    ],
)
def test_a_model_that_the_network_cannot_be_is_refused(kind, changes, message):
    shape = load_shape(kind, OPTIONS[kind])
    with pytest.raises(OtherModelError) as fault:
        read_shape(written(shape, **changes))
    assert message in str(fault.value)


def test_another_vocabulary_changes_nothing_else():
    shape = load_shape("gemma3", GEMMA3)
    assert shape.with_vocabulary(77) == load_shape("gemma3", {**GEMMA3, "vocab_size": 77})


def test_describing_a_shape_loads_no_torch():
    program = (
        "import json, sys\n"
        "from crest.models.organism.shape import load_shape\n"
        "for kind, options in json.loads(sys.argv[1]).items(): load_shape(kind, options)\n"
        "assert 'torch' not in sys.modules"
    )
    command = [sys.executable, "-c", program, json.dumps(OPTIONS)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(SOURCE)})


@pytest.fixture
def qwen3_is_known(monkeypatch):
    from crest.models.organism import architectures

    folder = str(Path(__file__).parent / "third_shape")
    monkeypatch.setattr(architectures, "__path__", [*architectures.__path__, folder])
    yield
    sys.modules.pop("crest.models.organism.architectures.qwen3", None)


@pytest.mark.usefixtures("qwen3_is_known")
def test_a_third_shape_is_one_file(make_policy, plain_forward, prompts, tmp_path):
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    policy = make_policy("qwen3", hidden_size=32, head_dim=12)
    policy.save(tmp_path)
    judge = AutoModelForCausalLM.from_pretrained(tmp_path).eval()
    assert type(judge).__name__ == "Qwen3ForCausalLM"
    ids = policy.tokenizer.encode(prompts[0])
    with torch.no_grad():
        expected = judge(torch.tensor([ids])).logits[0]
    torch.testing.assert_close(plain_forward(ids, policy).detach(), expected, atol=1e-4, rtol=0)
    [[one]] = policy.generate([prompts[0]], [[5]], temperature=1.0, max_completion_length=8)
    logits = plain_forward([*ids, *one.token_ids], policy)[len(ids) - 1 : -1]
    chosen = logits.log_softmax(-1).gather(1, torch.tensor(one.token_ids)[:, None])[:, 0]
    assert one.log_probs == pytest.approx(chosen.tolist(), abs=1e-4)
