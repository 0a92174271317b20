import pytest
import torch

from crest.models.organism.network import Organism
from crest.models.organism.shape import load_shape

SIZES = {
    "vocab_size": 384,
    "hidden_size": 96,
    "intermediate_size": 256,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}
SHAPES = {
    "qwen2": load_shape("qwen2", SIZES),
    "gemma3": load_shape(
        "gemma3",
        {
            **SIZES,
            "head_dim": 24,
            "query_pre_attn_scalar": 24,
            "sliding_window": 16,
            "layer_types": ["sliding_attention", "sliding_attention", "full_attention"],
        },
    ),
}
EMBEDDING = 384 * 96
MATRICES = 96 * (4 + 2 + 2) * 24 + 96 * 96 + 3 * 96 * 256
PARAMETERS = {
    "qwen2": EMBEDDING + 3 * (MATRICES + (4 + 2 + 2) * 24 + 2 * 96) + 96,
    "gemma3": EMBEDDING + 3 * (MATRICES + 2 * 24 + 4 * 96) + 96,
}


def test_networks_of_all_shapes_have_the_parameters_of_their_parts(kind):
    network = Organism(SHAPES[kind])
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS[kind]
    assert PARAMETERS == {"qwen2": 342_240, "gemma3": 342_384}


def test_equal_generators_give_equal_initial_weights(kind):
    networks = [Organism(SHAPES[kind]) for _ in range(2)]
    for network in networks:
        network.initialise(torch.Generator().manual_seed(4))
    for one, other in zip(*(network.parameters() for network in networks), strict=True):
        torch.testing.assert_close(one, other, atol=0, rtol=0)


def test_initial_weights_have_the_given_spread_and_plain_norms(kind):
    network = Organism(SHAPES[kind])
    network.initialise(torch.Generator().manual_seed(0), std=0.02)
    block = network.layers()[0]
    assert block.qkv_weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert block.down_weight.std().item() == pytest.approx(0.02 / 6**0.5, rel=0.05)
    plain = {"qwen2": 1.0, "gemma3": 0.0}[kind]
    norms = [weight for name, weight in network.named_parameters() if name.endswith("norm")]
    assert len(norms) == {"qwen2": 2, "gemma3": 6}[kind] * 3 + 1
    assert all((weight == plain).all() for weight in norms)
    if kind == "qwen2":
        assert (block.qkv_bias == 0).all()


def test_a_later_token_changes_no_earlier_logit(frozen_policy, plain_logits):
    first = plain_logits([5, 6, 7, 8], frozen_policy)
    second = plain_logits([5, 6, 7, 9], frozen_policy)
    torch.testing.assert_close(first[:3], second[:3])
    assert not torch.allclose(first[3], second[3])


def test_a_layer_with_a_window_of_three_sees_itself_and_two_tokens(make_policy, plain_forward):
    policy = make_policy(
        "gemma3", num_hidden_layers=1, layer_types=["sliding_attention"], sliding_window=3
    )
    ids = [5, 6, 7, 8, 9]
    whole = plain_forward(ids, policy)
    for changed, seen in ((1, False), (2, True), (3, True), (4, True)):
        other = plain_forward([*ids[:changed], 20, *ids[changed + 1 :]], policy)
        assert torch.equal(whole[4], other[4]) is not seen
