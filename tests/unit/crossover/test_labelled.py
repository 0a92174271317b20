import polars as pl

from crest.crossover.labelled import labelled, pairs_of

ROWS = pl.DataFrame(
    {
        "task_id": ["b", "a", "a", "a", "c"],
        "prompt": ["pb", "pa", "pa", "pa", "pc"],
        "token_ids": [[1], [2], [3], [2], [4]],
        "correct": [True, False, True, False, True],
    }
)


def test_candidates_of_the_wanted_tasks_come_in_the_tasks_order():
    found = labelled(ROWS, ["a", "missing", "b"])
    assert [each.task_id for each in found] == ["a", "b"]
    assert [each.prompt for each in found] == ["pa", "pb"]


def test_equal_candidates_of_a_task_count_once():
    (first, _) = labelled(ROWS, ["a", "b"])
    assert dict(first.correct) == {(2,): False, (3,): True}


def test_every_candidate_has_a_pair_in_its_place():
    assert pairs_of(ROWS) == [("pb", (1,)), ("pa", (2,)), ("pa", (3,)), ("pa", (2,)), ("pc", (4,))]
