import pytest

from crest.tasks.code.behaviour import RAISED, outputs
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.program import Ending, write_body

CHAIN = ["[v for v in x if v > 2]", "x[:3]", "max(x) - min(x)"]


def returned(body, value):
    names = {}
    exec(f"def f(x):\n{body}", names)  # noqa: S102 (our own text)
    return names["f"](value)


@pytest.mark.parametrize("nested", [False, True])
def test_both_layouts_compute_what_the_steps_do(some_specs, nested):
    for spec in some_specs:
        inputs = candidate_inputs(spec.family, 12, 0)
        codes = [step.code for step in spec.steps]
        body = write_body(codes, conditional=spec.family.conditional, nested=nested)
        for value, want in zip(inputs, outputs(spec, inputs), strict=True):
            if want is not RAISED:
                assert returned(body, value) == want, body


def test_a_body_has_a_line_a_step():
    assert write_body(CHAIN) == (
        " x = [v for v in x if v > 2]\n x = x[:3]\n return max(x) - min(x)"
    )


def test_a_nested_body_repeats_no_expression():
    assert write_body(CHAIN, nested=True) == (
        " x = [v for v in x if v > 2][:3]\n return max(x) - min(x)"
    )


def test_a_sum_of_slices_is_not_put_into_a_slice():
    assert write_body(["x[1:] + x[:1]", "x[:2]"], nested=True) == (
        " x = x[1:] + x[:1]\n return x[:2]"
    )


def test_a_conditional_body_has_both_layouts():
    codes = ["sum(x) > 3", "max(x)", "min(x)"]
    assert write_body(codes, conditional=True) == (
        " if sum(x) > 3:\n  return max(x)\n return min(x)"
    )
    assert write_body(codes, conditional=True, nested=True) == (
        " return max(x) if sum(x) > 3 else min(x)"
    )


def test_an_ending_decides_what_becomes_of_the_result():
    assert write_body(["sum(x)"], ending=Ending.PRINT) == " print(sum(x))"
    assert write_body(["sum(x)"], ending=Ending.NOTHING) == " sum(x)"
