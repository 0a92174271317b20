import math
import random as lots

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.selection import selectors
from crest.selection.selectors import FREE, LEARNT, SELECTORS, Candidate, divergent, selected

CANDIDATES = [
    Candidate("a", 5, -3.0, ("p", None), score=0.0),
    Candidate("b", 3, -1.0, ("q", "r"), score=1.0),
    Candidate("c", 3, -2.0, ("s", "t"), score=2.0),
    Candidate("a", 5, -3.0, ("p", None), score=0.0),
    Candidate("d", 9, -4.0, ("q", "r"), score=1.5),
]


def chosen(name, candidates=CANDIDATES):
    chances = {**FREE, **LEARNT}[name](candidates)
    assert sorted(chances) == [0.0] * (len(candidates) - 1) + [1.0]
    return chances.index(1.0)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("first", 0),
        ("majority", 0),  # "a" is there twice
        ("vote", 0),  # {a, a} and {b, d} have two each: the earliest
        ("likelihood", 1),
        ("runs_everywhere", 1),
        ("shortest", 1),  # b and c have three tokens: the earliest
        ("critic", 2),
        ("critic_vote", 1),  # .50 + .50 < .88 < .73 + .82
    ],
)
def test_each_selector_chooses_as_worked_out_by_hand(name, place):
    assert chosen(name) == place


def test_by_lot_all_have_the_same_chance():
    assert selectors.random(CANDIDATES) == [0.2] * 5


def test_votes_of_programs_that_behave_alike_add_up_whatever_their_texts():
    candidates = [
        Candidate("a", 1, 0.0, ("p",)),
        Candidate("b", 1, 0.0, ("q",)),
        Candidate("c", 1, 0.0, ("q",)),
    ]
    assert (chosen("vote", candidates), chosen("majority", candidates)) == (1, 0)


def test_where_every_program_fails_somewhere_the_earliest_stands_for_one_that_runs():
    candidates = [Candidate("a", 1, 0.0, (None, "p")), Candidate("b", 1, 0.0, ("p", None))]
    assert chosen("runs_everywhere", candidates) == 0


def test_what_is_reported_is_the_chance_of_a_program_that_generalises():
    rows = selected(CANDIDATES, [False, True, False, False, True], 8, scored=True)
    assert rows == {
        "first": 0.0,
        "random": 0.4,
        "majority": 0.0,
        "vote": 0.0,
        "likelihood": 1.0,
        "runs_everywhere": 1.0,
        "shortest": 1.0,
        "critic": 0.0,
        "critic_vote": 1.0,
        "one_sample": 0.25,
        "oracle": 1.0,
    }
    assert tuple(rows) == SELECTORS


def test_a_problem_without_candidates_is_lost_to_all():
    assert selected([], [], 8, scored=True) == dict.fromkeys(SELECTORS, 0.0)


def test_without_a_critic_the_learnt_selectors_are_left_out():
    rows = selected(CANDIDATES, [True] * 5, 5, scored=False)
    assert set(SELECTORS) - set(rows) == {"critic", "critic_vote"}


def test_a_missing_score_is_named():
    with pytest.raises(ValueError, match="1 of 2 candidates have no score"):
        selected([*CANDIDATES[:1], Candidate("a", 1, 0.0, ())], [True] * 2, 2, scored=True)


@pytest.mark.parametrize(("num_flags", "num_samples"), [(4, 8), (5, 4)])
def test_counts_that_cannot_be_are_refused(num_flags, num_samples):
    with pytest.raises(ValueError, match="one flag a candidate"):
        selected(CANDIDATES, [True] * num_flags, num_samples, scored=True)


def test_extreme_scores_do_not_overflow():
    candidates = [Candidate("a", 1, 0.0, ("p",), -1e9), Candidate("b", 1, 0.0, ("q",), 1e9)]
    assert chosen("critic_vote", candidates) == 1


outputs = st.tuples(*[st.sampled_from(["p", "q", None])] * 2)
some = st.lists(
    st.builds(
        Candidate,
        st.sampled_from("abc"),
        st.integers(1, 3),
        st.floats(-9, 0),
        outputs,
        st.floats(-3, 3),
    ),
    min_size=1,
    max_size=8,
)


@given(some, st.randoms())
def test_no_selector_beats_the_oracle_and_all_are_right_where_all_behave_alike(candidates, source):
    right = {kind: source.random() < 0.5 for kind in {one.outputs for one in candidates}}
    correct = [right[one.outputs] for one in candidates]
    rows = selected(candidates, correct, len(candidates), scored=True)
    assert all(0.0 <= chance <= rows["oracle"] for chance in rows.values())
    if not divergent(candidates):
        assert all(math.isclose(chance, rows["oracle"]) for chance in rows.values())


@given(some)
def test_one_sample_is_what_a_lot_gives_where_all_samples_fit(candidates):
    correct = [lots.Random(one.text).random() < 0.5 for one in candidates]
    rows = selected(candidates, correct, len(candidates), scored=True)
    assert math.isclose(rows["one_sample"], rows["random"], abs_tol=1e-12)
