from itertools import product

import pytest

from crest.tasks.code.behaviour import run
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.spec import parse_prompt, write_prompt


def canonical(words):
    return parse_prompt(f"# {words}\ndef f(x):\n").canonical


def test_a_prompt_is_read_back_in_every_wording(some_specs):
    for spec in some_specs:
        for wordings in product((0, 1), repeat=len(spec.steps)):
            assert parse_prompt(write_prompt(spec, wordings)) == spec


def test_a_prompt_looks_as_documented():
    prompt = "# keep above 2; take each modulo 4; spread\ndef f(x):\n"
    spec = parse_prompt(prompt)
    assert write_prompt(spec, (0, 0, 0)) == prompt
    assert [step.code for step in spec.steps] == [
        "[v for v in x if v > 2]",
        "[v % 4 for v in x]",
        "max(x) - min(x)",
    ]


def test_a_conditional_prompt_says_if_and_else():
    spec = parse_prompt("# if sum even; max; else count\ndef f(x):\n")
    assert spec.canonical == "cond/evensum.max.count"


def test_orders_that_cannot_differ_have_one_identity():
    assert canonical("keep odds; keep above 2; sum") == canonical("only over 2; only odd; total")
    assert canonical("first 2; sort") != canonical("sort; first 2")
    assert canonical("if sum even; max; else min") != canonical("if sum even; min; else max")


def test_specs_of_one_identity_behave_alike(some_specs):
    by_identity = {}
    for spec in some_specs:
        by_identity.setdefault(spec.canonical, []).append(spec)
    for alike in by_identity.values():
        results = [
            run(
                [step.code for step in spec.steps],
                candidate_inputs(spec.family, 60, 0),
                conditional=spec.family.conditional,
            )
            for spec in alike
        ]
        assert all(result == results[0] for result in results)


@pytest.mark.parametrize("words", ["fly", "sum; max", "if sum even; max", "max; else min", "sort"])
def test_a_foreign_prompt_is_refused(words):
    with pytest.raises(ValueError, match="is no prompt of the code tasks"):
        canonical(words)
