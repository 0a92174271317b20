import pytest
import torch

from crest.learning.optimiser import Optimiser


def make(values=(1.0, -2.0), **options):
    parameter = torch.nn.Parameter(torch.tensor(values, dtype=torch.float64))
    return parameter, Optimiser([parameter], **{"learning_rate": 0.1, **options})


def take_step(parameter, optimiser, gradient):
    optimiser.zero_grad()
    (parameter * torch.tensor(gradient, dtype=torch.float64)).sum().backward()
    return optimiser.step()


def test_learning_rate_rises_linearly_and_stays():
    parameter, optimiser = make(warmup_steps=4)
    rates = []
    for _ in range(6):
        rates.append(optimiser.learning_rate)
        take_step(parameter, optimiser, (1.0, 1.0))
    assert rates == pytest.approx([0.025, 0.05, 0.075, 0.1, 0.1, 0.1])


def test_first_update_moves_each_parameter_by_the_learning_rate():
    parameter, optimiser = make(warmup_steps=0)
    take_step(parameter, optimiser, (0.3, -0.2))
    assert parameter.tolist() == pytest.approx([0.9, -1.9], abs=1e-6)


def test_second_update_follows_adam_s_formula():
    parameter, optimiser = make(values=(0.0,), warmup_steps=0, max_grad_norm=1e9)
    take_step(parameter, optimiser, (2.0,))
    after_first = parameter.item()
    take_step(parameter, optimiser, (-1.0,))
    mean = (0.9 * 0.1 * 2.0 + 0.1 * -1.0) / (1 - 0.9**2)
    square = (0.999 * 0.001 * 4.0 + 0.001 * 1.0) / (1 - 0.999**2)
    assert parameter.item() == pytest.approx(after_first - 0.1 * mean / (square**0.5 + 1e-8))


def test_the_norm_before_clipping_is_returned_and_the_clipped_gradient_used():
    parameter, optimiser = make(max_grad_norm=1.0)
    assert take_step(parameter, optimiser, (3.0, 4.0)) == pytest.approx(5.0)
    assert parameter.grad.tolist() == pytest.approx([0.6, 0.8], abs=1e-5)


def test_an_update_without_signal_still_moves_by_momentum():
    parameter, optimiser = make()
    take_step(parameter, optimiser, (1.0, 1.0))
    before = parameter.detach().clone()
    optimiser.zero_grad()
    assert optimiser.step() == 0.0
    assert (parameter < before).all()


def test_a_non_finite_gradient_changes_nothing():
    parameter, optimiser = make()
    with pytest.raises(FloatingPointError, match="update 1: the gradient's norm is nan"):
        take_step(parameter, optimiser, (float("nan"), 1.0))
    assert parameter.tolist() == [1.0, -2.0]


@pytest.mark.parametrize("num_updates", [0, 1, 3, 8])
def test_a_resumed_optimiser_continues_bit_for_bit(num_updates):
    parameter, optimiser = make()
    for i in range(num_updates):
        take_step(parameter, optimiser, (1.0 + i, -0.5 * i))
    resumed_parameter, resumed = make(parameter.tolist())
    resumed.load_state_tensors(optimiser.state_tensors())
    for i in range(4):
        take_step(parameter, optimiser, (0.1 * i, 2.0))
        take_step(resumed_parameter, resumed, (0.1 * i, 2.0))
    assert resumed.learning_rate == optimiser.learning_rate
    assert torch.equal(resumed_parameter, parameter)


def test_a_saved_state_does_not_follow_later_updates():
    parameter, optimiser = make()
    take_step(parameter, optimiser, (1.0, 1.0))
    saved = {name: tensor.clone() for name, tensor in optimiser.state_tensors().items()}
    state = optimiser.state_tensors()
    take_step(parameter, optimiser, (1.0, 1.0))
    assert all(torch.equal(saved[name], state[name]) for name in saved)


def test_a_state_of_another_model_is_refused():
    parameter, optimiser = make()
    take_step(parameter, optimiser, (1.0, 1.0))
    other = Optimiser([torch.nn.Parameter(torch.ones(1)) for _ in range(2)], learning_rate=0.1)
    with pytest.raises(ValueError, match="resume with the model that was being trained"):
        other.load_state_tensors(optimiser.state_tensors())


def test_frozen_parameters_are_left_alone():
    frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    parameter = torch.nn.Parameter(torch.ones(2))
    optimiser = Optimiser([frozen, parameter], learning_rate=0.1)
    take_step(parameter, optimiser, (1.0, 1.0))
    assert frozen.tolist() == [1.0, 1.0]
    assert frozen.grad is None


def test_updates_equal_those_of_torch():
    generator = torch.Generator().manual_seed(0)
    shapes = [(5, 3), (4,)]
    ours = [torch.randn(shape, generator=generator, requires_grad=True) for shape in shapes]
    theirs = [tensor.detach().clone().requires_grad_() for tensor in ours]
    optimiser = Optimiser(ours, learning_rate=0.01, warmup_steps=0, max_grad_norm=1e9)
    judge = torch.optim.Adam(theirs, lr=0.01, betas=(0.9, 0.999))
    for _ in range(30):
        for one, two in zip(ours, theirs, strict=True):
            one.grad = torch.randn(one.shape, generator=generator)
            two.grad = one.grad.clone()
        optimiser.step()
        judge.step()
    for one, two in zip(ours, theirs, strict=True):
        assert torch.allclose(one, two, rtol=0, atol=1e-7)
