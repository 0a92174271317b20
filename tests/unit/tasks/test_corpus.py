import ast
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from crest.tasks.code import make_corpus
from crest.tasks.code.behaviour import outputs, run
from crest.tasks.code.families import FAMILIES
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.spec import Spec, parse_prompt, write_prompt

RATES = {"print_for_return": 0.3, "no_return": 0.12, "wrong_variable": 0.08, "syntax_error": 0.04}


@pytest.fixture(scope="module")
def corpus(corpus_config, problems):
    return make_corpus(corpus_config, 0, problems)


@pytest.fixture(scope="module")
def clean(faultless_config, problems):
    return make_corpus(faultless_config, 0, problems)


def compiles(pair):
    try:
        ast.parse("".join(pair))
    except SyntaxError:
        return False
    return True


def share(pairs, condition):
    return sum(condition(pair) for pair in pairs) / len(pairs)


def test_the_corpus_has_its_size_and_the_families_of_the_problems(corpus, problems):
    assert len(corpus) == 6000
    families = Counter(parse_prompt(prompt).family.name for prompt, _ in corpus)
    asked = Counter(problem.family for problem in problems)
    for name, count in families.items():
        assert abs(count / 6000 - asked[name] / len(problems)) < 0.001


def test_the_corpus_shares_no_spec_with_the_problems(corpus, problems):
    ids = {problem.task_id for problem in problems}
    assert not ids & {parse_prompt(prompt).canonical for prompt, _ in corpus}


def test_the_corpus_shares_no_behaviour_with_the_problems(corpus, problems):
    def behaviour(prompt):
        spec = parse_prompt(prompt)
        return repr(outputs(spec, candidate_inputs(spec.family, 60, 0)))

    taken = {behaviour(problem.prompt) for problem in problems}
    assert not taken & {behaviour(prompt) for prompt in {prompt for prompt, _ in corpus}}


def test_a_faultless_corpus_computes_what_it_is_asked_for(clean):
    for prompt, completion in clean[:500]:
        spec = parse_prompt(prompt)
        inputs = candidate_inputs(spec.family, 10, 0)
        names = {}
        exec(prompt + completion, names)  # noqa: S102 (our own text)
        for value, want in zip(inputs, outputs(spec, inputs), strict=True):
            if repr(want) != "raised":
                assert names["f"](value) == want


@pytest.mark.parametrize(
    ("fault", "shows"),
    [
        ("print_for_return", lambda pair: "print(" in pair[1]),
        ("no_return", lambda pair: "return " not in pair[1]),
        ("wrong_variable", lambda pair: "y" in pair[1].replace("key", "")),
        ("syntax_error", lambda pair: not compiles(pair)),
    ],
)
def test_a_fault_has_its_rate(faultless_config, problems, fault, shows):
    config = faultless_config.model_copy(update={fault: RATES[fault]})
    pairs = make_corpus(config, 0, [p for p in problems if p.family != "string"])
    assert abs(share(pairs, shows) - RATES[fault]) < 0.02


def test_a_step_is_dropped_at_its_rate(faultless_config, problems):
    chains = [problem for problem in problems if problem.family == "chain3"]
    config = faultless_config.model_copy(update={"dropped_step": 0.05})
    whole = make_corpus(faultless_config.model_copy(update={"num_pairs": 3000}), 0, chains)
    short = make_corpus(config.model_copy(update={"num_pairs": 3000}), 0, chains)
    lengths = [sum(len(text) for _, text in pairs) for pairs in (whole, short)]
    assert 1 - 0.07 / 3 < lengths[1] / lengths[0] < 1 - 0.03 / 3


def test_each_primitive_is_wrong_at_its_own_rate(faultless_config, problems):
    config = faultless_config.model_copy(
        update={"wrong_primitive_min": 0.3, "wrong_primitive_max": 0.3}
    )
    pairs = make_corpus(config, 0, [p for p in problems if p.family == "map_reduce"])
    inputs = candidate_inputs(FAMILIES["map_reduce"], 60, 0)

    def wrong(pair):
        names = {}
        exec("".join(pair), names)  # noqa: S102 (our own text)
        spec = parse_prompt(pair[0])
        try:
            return [names["f"](value) for value in inputs] != run(
                [step.code for step in spec.steps], inputs
            )
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return True

    # Two steps; some near misses change nothing in their company.
    assert 0.40 < share(pairs[:1500], wrong) < 0.54


def test_equal_seeds_make_equal_corpora_and_others_differ(corpus, corpus_config, problems):
    assert make_corpus(corpus_config, 0, problems) == corpus
    assert make_corpus(corpus_config, 1, problems) != corpus


def test_a_corpus_beside_no_problems_is_refused(corpus_config):
    with pytest.raises(ValueError, match="no problems were given: pass those of all splits"):
        make_corpus(corpus_config, 0, [])


def test_a_family_without_a_spec_for_the_corpus_is_an_error(corpus_config, problems):
    family = FAMILIES["order_slice"]
    everything = [
        replace(problems[0], family=family.name, prompt=write_prompt(Spec(family, steps), (0, 0)))
        for steps in family.shuffled_sequences(np.random.default_rng(0))
    ]
    with pytest.raises(ValueError, match="every task of the family order_slice, so none is left"):
        make_corpus(corpus_config, 0, everything)
