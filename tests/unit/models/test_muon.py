import pytest
import torch

from crest.models.organism.muon import Muon, orthogonalise


@pytest.mark.parametrize("size", [(40, 16), (16, 40), (16, 16)])
def test_singular_values_come_near_one_and_vectors_stay(size):
    matrices = torch.randn(3, *size, generator=torch.Generator().manual_seed(0))
    result = orthogonalise(matrices)
    for before, after in zip(matrices, result, strict=True):
        left, values, right = torch.linalg.svd(before, full_matrices=False)
        inside = left.T @ after @ right.T
        large = values > 0.05 * values[0]
        assert (inside.diagonal()[large] > 0.6).all()
        assert (inside.diagonal() < 1.3).all()
        off = inside - torch.diag(inside.diagonal())
        assert off.abs().max() < 1e-3


def test_equal_shapes_are_updated_as_if_alone():
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(6, 4, generator=generator) for _ in range(3)]
    gradients = [torch.randn(6, 4, generator=generator) for _ in range(3)]
    together = [weight.clone() for weight in weights]
    Muon(together).step(gradients, 0.1)
    for weight, gradient, expected in zip(weights, gradients, together, strict=True):
        alone = weight.clone()
        Muon([alone]).step([gradient], 0.1)
        torch.testing.assert_close(alone, expected)


def test_muon_minimises_a_quadratic():
    generator = torch.Generator().manual_seed(0)
    target, weight = torch.randn(8, 5, generator=generator), torch.zeros(8, 5)
    muon = Muon([weight])
    for step in range(200):
        muon.step([weight - target], 0.1 * (1 - step / 200))
    assert (weight - target).abs().max() < 0.1


def test_weight_decay_shrinks_a_matrix_without_gradient():
    weight = torch.ones(4, 4)
    Muon([weight], weight_decay=0.5).step([torch.zeros(4, 4)], 0.1)
    torch.testing.assert_close(weight, torch.full((4, 4), 0.95))
