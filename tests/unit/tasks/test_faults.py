import ast

import numpy as np
import pytest

from crest.tasks.code.families import PRIMITIVES
from crest.tasks.code.faults import drop_bracket, drop_step, use_wrong_variable, wrong_rates


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_rates_lie_in_the_configured_range_and_depend_on_the_seed(corpus_config):
    rates = wrong_rates(corpus_config, 0)
    assert set(rates) == {one.name for one in PRIMITIVES}
    assert all(0.05 <= rate <= 0.55 for rate in rates.values())
    assert max(rates.values()) - min(rates.values()) > 0.4
    assert wrong_rates(corpus_config, 1) != rates


def test_a_text_without_one_bracket_does_not_compile(rng):
    for text in (" return sum(x)", " x = [v for v in x]\n return x[:2]", " return x"):
        for _ in range(10):
            with pytest.raises(SyntaxError):
                ast.parse(f"def f(x):\n{drop_bracket(text, rng)}")


def test_one_variable_is_renamed(rng):
    text = " x = sorted(x)\n return max(x) - x[0]"
    variants = {use_wrong_variable(text, rng) for _ in range(200)}
    assert len(variants) == 4
    assert all(variant.count("y") == 1 for variant in variants)
    assert " y = sorted(x)\n return max(x) - x[0]" in variants


def test_a_step_is_left_out(rng):
    found = {tuple(drop_step(list("abc"), conditional=False, rng=rng)) for _ in range(100)}
    assert found == {("a", "b"), ("a", "c"), ("b", "c")}


def test_a_conditional_keeps_one_branch(rng):
    found = {tuple(drop_step(list("abc"), conditional=True, rng=rng)) for _ in range(100)}
    assert found == {("b",), ("c",)}
