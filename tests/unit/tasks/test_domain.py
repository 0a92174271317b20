from dataclasses import replace
from itertools import product

import pytest

from crest.config import OracleConfig
from crest.seeds import generator
from crest.tasks.bank import problem_source
from crest.tasks.code.behaviour import RAISED, near_misses, outputs, run
from crest.tasks.code.domain import declared_domain, on_whole_domain
from crest.tasks.code.examine import examine
from crest.tasks.code.families import FAMILIES
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.spec import parse_prompt
from crest.testing import FunctionTests, ProgramTests

LISTS, TEXTS = FAMILIES["chain3"], FAMILIES["string"]


@pytest.fixture(scope="module")
def oracle():
    return OracleConfig(
        short_items=(-5, -3, -1, 0, 1, 9),
        short_words=("ta", "Aa", "UBER", "lemma"),
        longest_short=3,
        drawn_inputs=250,
    )


@pytest.fixture(scope="module")
def domains(tasks_config, oracle):
    return {name: declared_domain(each, tasks_config, oracle) for name, each in FAMILIES.items()}


def problem_of(prompt, tasks_config):
    spec = parse_prompt(prompt)
    inputs = candidate_inputs(spec.family, tasks_config.candidate_inputs, tasks_config.seed)
    expected = outputs(spec, inputs)
    return examine(spec, inputs, expected, num_tests=7, seed=tasks_config.seed).problem


def wrong_inputs(problem, completion):
    """Return the inputs of a problem's tests on which a body of ours is wrong or raises."""
    names = {}
    exec(problem_source(problem, completion), names)  # noqa: S102 (our own text)
    wrong = []
    for (x,), want in zip(problem.tests.calls, problem.tests.expected, strict=True):
        try:
            right = names["f"](x.copy() if isinstance(x, list) else x) == want
        except (ArithmeticError, LookupError, TypeError, ValueError):
            right = False
        if not right:
            wrong.append(x)
    return wrong


@pytest.mark.parametrize("family", [LISTS, TEXTS], ids=["lists", "texts"])
def test_the_domain_begins_with_the_candidate_inputs(family, domains, tasks_config):
    candidates = candidate_inputs(family, tasks_config.candidate_inputs, tasks_config.seed)
    assert domains[family.name][: len(candidates)] == candidates


@pytest.mark.parametrize("name", FAMILIES)
def test_no_input_is_in_the_domain_twice(name, domains):
    texts = [repr(value) for value in domains[name]]
    assert len(set(texts)) == len(texts)


def test_the_domain_holds_every_short_list_and_text_and_nothing_else_but_drawn_inputs(
    domains, tasks_config, oracle
):
    lists = [list(items) for n in (1, 2, 3) for items in product(oracle.short_items, repeat=n)]
    texts = [" ".join(one) for n in (1, 2, 3) for one in product(oracle.short_words, repeat=n)]
    assert (len(lists), len(texts)) == (6 + 36 + 216, 4 + 16 + 64)
    for family, short in ((LISTS, lists), (TEXTS, texts)):
        drawn = candidate_inputs(family, oracle.drawn_inputs, tasks_config.seed)
        found = {repr(value) for value in domains[family.name]}
        assert found == {repr(value) for value in (*short, *drawn)}


def test_a_domain_without_all_candidates_is_an_error(tasks_config, oracle):
    narrow = oracle.model_copy(update={"drawn_inputs": 59})
    with pytest.raises(ValueError, match="drawn_inputs is 59, but the domain must hold all 60"):
        declared_domain(LISTS, tasks_config, narrow)


def test_hidden_tests_are_among_the_tests_on_the_domain(problems, domains):
    for problem in problems:
        whole = on_whole_domain(problem, domains[problem.family]).tests
        answers = {repr(call): repr(want) for call, want in zip(*pairs(whole), strict=True)}
        for call, want in zip(*pairs(problem.tests), strict=True):
            assert answers[repr(call)] == repr(want)


def pairs(tests):
    return tests.calls, tests.expected


def test_only_the_tests_of_a_problem_change(problems, domains):
    for problem in problems[:20]:
        whole = on_whole_domain(problem, domains[problem.family])
        assert replace(whole, tests=problem.tests) == problem
        assert whole.tests.rule == problem.tests.rule
        assert whole.tests.entry == problem.tests.entry


def test_references_are_right_on_the_whole_domain_as_plain_python(problems, domains):
    for problem in problems[::4]:
        whole = on_whole_domain(problem, domains[problem.family])
        assert wrong_inputs(whole, problem.reference) == []


def test_inputs_that_the_reference_does_not_answer_are_left_out(tasks_config, domains):
    problem = problem_of("# keep above 2; max\ndef f(x):\n", tasks_config)
    whole = on_whole_domain(problem, domains["filter_reduce"])
    answered = [value for value in domains["filter_reduce"] if any(item > 2 for item in value)]
    assert [call[0] for call in whole.tests.calls] == answered
    assert 0 < len(answered) < len(domains["filter_reduce"])


def test_a_program_that_the_hidden_tests_let_pass_is_caught_on_the_domain(tasks_config, domains):
    problem = problem_of("# add 4; max\ndef f(x):\n", tasks_config)
    program = " x = [v + 4 for v in x]\n return max(x, key=abs)"
    assert wrong_inputs(problem, program) == []
    wrong = wrong_inputs(on_whole_domain(problem, domains["map_reduce"]), program)
    assert [-5, -3] in wrong  # plus 4: -1 and 1, of which the first is no smaller in size


def test_near_misses_that_are_right_on_the_domain_are_right_on_other_inputs(problems, domains):
    rng = generator("test of the domain")
    others = {
        LISTS.name: [rng.integers(-5, 13, size=rng.integers(1, 9)).tolist() for _ in range(1000)],
        TEXTS.name: candidate_inputs(TEXTS, 1000, seed=99),
    }
    survivors = 0
    for problem in problems:
        spec = parse_prompt(problem.prompt)
        whole = on_whole_domain(problem, domains[problem.family]).tests
        inputs = [call[0] for call in whole.calls]
        further = others.get(problem.family, others[LISTS.name])
        want = outputs(spec, further)
        for mutant in near_misses(spec):
            if agrees(spec, mutant, inputs, whole.expected):
                survivors += 1
                assert agrees(spec, mutant, further, want), (problem.task_id, mutant)
    assert survivors > 10


def agrees(spec, codes, inputs, expected):
    got = run(codes, inputs, conditional=spec.family.conditional)
    known = [(one, want) for one, want in zip(got, expected, strict=True) if want is not RAISED]
    return all(one is not RAISED and one == want for one, want in known)


def test_problems_of_another_configuration_are_refused(problems, tasks_config, oracle):
    other = declared_domain(LISTS, tasks_config.model_copy(update={"seed": 1}), oracle)
    problem = next(each for each in problems if each.family == "chain3")
    with pytest.raises(ValueError, match="make the problems and the oracle from one"):
        on_whole_domain(problem, other)


def test_a_domain_with_another_answer_is_refused(tasks_config, domains):
    problem = problem_of("# add 4; max\ndef f(x):\n", tasks_config)
    first, *rest = problem.tests.expected
    changed = FunctionTests("f", problem.tests.calls, (first + 1, *rest))
    with pytest.raises(ValueError, match="does not hold its hidden test"):
        on_whole_domain(replace(problem, tests=changed), domains["map_reduce"])


def test_problems_of_another_source_have_no_oracle(tasks_config, domains):
    problem = problem_of("# add 4; max\ndef f(x):\n", tasks_config)
    printing = replace(problem, tests=ProgramTests(("1",), ("5",)))
    with pytest.raises(ValueError, match="is not tested by calls of a function"):
        on_whole_domain(printing, domains["map_reduce"])
    with pytest.raises(ValueError, match="is no prompt of the code tasks"):
        on_whole_domain(replace(problem, prompt="Sort a list."), domains["map_reduce"])
