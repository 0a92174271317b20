import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.records import Problem
from crest.storage import read_stamp
from crest.tasks.bank import (
    dump_value,
    load_value,
    problem_source,
    read_origin,
    read_problems,
    write_problems,
)
from crest.tasks.origin import Origin
from crest.testing import FunctionTests, ProgramTests, ReplayTests, TextRule, ValueRule

LONG = st.integers(4301, 6000).map(lambda digits: 10**digits + 7)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | LONG
    | st.floats()
    | st.complex_numbers()
    | st.binary(max_size=5)
    | st.text(st.characters(), max_size=5)
)
KEYS = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=3) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=2).map(tuple) | st.frozensets(inner, max_size=2),
    max_leaves=4,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.sets(KEYS, max_size=3)
        | st.frozensets(KEYS, max_size=3)
    ),
    max_leaves=8,
)


def same(one, other):
    """Return whether two values are equal down to their types, nan and the sign of zero."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        return sorted(map(dump_value, one)) == sorted(map(dump_value, other))
    if isinstance(one, float | complex):
        return repr(one) == repr(other)
    return one == other


def problem(**changes):
    fields = {
        "task_id": "a",
        "family": "string",
        "level": 1,
        "prompt": "# upper case\ndef f(x):\n",
        "reference": " return x.upper()",
        "tests": FunctionTests("f", (("é",), ("",)), ("É", "")),
    }
    return Problem(**{**fields, **changes})


@given(VALUES)
def test_a_value_comes_back_with_its_types(value):
    assert same(load_value(dump_value(value)), value)


@given(VALUES)
def test_a_value_is_written_as_strict_json_in_ascii(value):
    def refuse(name):
        raise AssertionError(name)

    json.loads(dump_value(value).encode("ascii"), parse_constant=refuse)


def test_equal_sets_make_equal_text():
    names = [f"name {number}" for number in range(50)]
    backwards = list(reversed(names))
    assert dump_value(set(names)) == dump_value(set(backwards))


def test_problems_come_back_equal_and_in_order(tmp_path):
    nested = FunctionTests("f", (([1, (2, True)],),), ({1: None},), ValueRule(atol=0.5), "checker")
    whole = ProgramTests(("1\n",), ("2",), TextRule("tokens", rtol=1e-6), any_exit_status=True)
    replay = ReplayTests("f", ((1,),), "def check(candidate): assert candidate(1)")
    several = [
        problem(),
        *(problem(task_id=str(each), tests=each) for each in (nested, whole, replay)),
        problem(task_id="e", continues_prompt=False, prelude="import re\n"),
    ]
    write_problems(several, tmp_path / "p.parquet", stamp="{}")
    assert read_problems(tmp_path / "p.parquet") == several
    assert read_stamp(tmp_path / "p.parquet") == "{}"


def test_no_problems_come_back_as_none(tmp_path):
    write_problems([], tmp_path / "p.parquet")
    assert read_problems(tmp_path / "p.parquet") == []


def test_equal_problems_make_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write_problems([problem()], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_value_that_is_no_builtin_is_refused():
    with pytest.raises(TypeError, match="of type range: calls and expected values may hold only"):
        dump_value([range(1)])


def test_the_data_set_behind_problems_comes_back(tmp_path):
    origin = Origin("HumanEval.jsonl.gz", "humaneval", "MIT", "ab12")
    write_problems([problem()], tmp_path / "p.parquet", origin=origin)
    write_problems([problem()], tmp_path / "q.parquet")
    assert read_origin(tmp_path / "p.parquet") == origin
    assert read_origin(tmp_path / "q.parquet") is None
    assert read_problems(tmp_path / "p.parquet") == read_problems(tmp_path / "q.parquet")


def test_the_program_is_prompt_and_completion():
    names = {}
    exec(problem_source(problem(), problem().reference), names)  # noqa: S102 (our own text)
    assert names["f"]("é") == "É"


def test_the_program_of_an_answer_is_its_block_behind_the_prelude():
    answered = problem(continues_prompt=False, prelude="import re\n")
    assert problem_source(answered, "So\n```python\nx = 1\n```\n") == "import re\nx = 1\n"
    assert problem_source(answered, "So\n```text\nx = 1\n```\n") == ""
