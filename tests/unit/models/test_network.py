import pytest
import torch

from crest.models.organism.network import NetworkShape, Organism


def test_the_default_network_has_the_documented_number_of_parameters():
    network = Organism(NetworkShape())
    assert sum(parameter.numel() for parameter in network.parameters()) == 342_240


def test_heads_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="num_key_value_heads 3 do not fit"):
        NetworkShape(num_key_value_heads=3)


def test_equal_generators_give_equal_initial_weights():
    networks = [Organism(NetworkShape(vocab_size=50)) for _ in range(2)]
    for network in networks:
        network.initialise(torch.Generator().manual_seed(4))
    for one, other in zip(*(network.parameters() for network in networks), strict=True):
        torch.testing.assert_close(one, other, atol=0, rtol=0)


def test_initial_weights_have_the_given_spread():
    network = Organism(NetworkShape())
    network.initialise(torch.Generator().manual_seed(0), std=0.02)
    block = network.layers()[0]
    assert block.qkv_weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert block.down_weight.std().item() == pytest.approx(0.02 / 6**0.5, rel=0.05)
    assert block.qkv_bias.abs().max() == 0
    assert (block.mlp_norm == 1).all()


def test_a_later_token_changes_no_earlier_logit(plain_logits):
    first, second = plain_logits([5, 6, 7, 8]), plain_logits([5, 6, 7, 9])
    torch.testing.assert_close(first[:3], second[:3])
    assert not torch.allclose(first[3], second[3])
