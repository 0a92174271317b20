import polars as pl
import pytest

from crest.crossover.picks import SCHEMA, pick
from crest.selection.selectors import FREE, LEARNT

TASKS = pl.DataFrame(
    {"bank": ["easy", "easy"], "task_id": ["a", "b"], "level": [1, 2]},
)


def row(sample_id, text, outputs, log_prob, *, correct):
    return {
        "bank": "easy",
        "task_id": "a",
        "sample_id": sample_id,
        "text": text,
        "token_ids": [1] * len(text),
        "log_prob": log_prob,
        "outputs": outputs,
        "correct": correct,
    }


TRIALS = pl.DataFrame(
    [
        row(5, "late", ["1", "2"], -1.0, correct=False),
        row(0, "fi", ["1", None], -3.0, correct=False),
        row(2, "second", ["3", "4"], -2.0, correct=True),
    ]
)
SCORES = pl.DataFrame(
    [
        {"bank": "easy", "task_id": "a", "sample_id": i, "critic_tasks": n, "score": s}
        for n, scores in ((10, (2.0, 1.0, 0.0)), (20, (0.0, 1.0, -1.0)))
        for i, s in zip((0, 2, 5), scores, strict=True)
    ]
)


@pytest.fixture(scope="module")
def picks():
    return pick(TRIALS, TASKS, SCORES, [4, 8])


def correct_of(picks, selector, k, critic_tasks=0, task="a"):
    own = picks.filter(task_id=task, selector=selector, k=k, critic_tasks=critic_tasks)
    return own["correct"].item()


def test_every_selector_has_a_row_a_task_and_budget(picks):
    per_cell = len(FREE) + 2 + 2 * len(LEARNT)
    assert len(picks) == 2 * 2 * per_cell
    assert list(picks.columns) == list(SCHEMA)


def test_only_samples_within_the_budget_count(picks):
    assert correct_of(picks, "likelihood", 4) == 1.0
    assert correct_of(picks, "likelihood", 8) == 0.0
    assert correct_of(picks, "one_sample", 4) == 1 / 4
    assert correct_of(picks, "one_sample", 8) == 1 / 8


def test_selectors_see_candidates_in_sampling_order(picks):
    assert correct_of(picks, "first", 8) == 0.0
    assert correct_of(picks, "runs_everywhere", 8) == 1.0
    assert correct_of(picks, "shortest", 8) == 0.0
    assert correct_of(picks, "random", 8) == pytest.approx(1 / 3)


def test_each_critic_picks_by_its_own_scores(picks):
    assert correct_of(picks, "critic", 8, 10) == 0.0
    assert correct_of(picks, "critic", 8, 20) == 1.0


def test_a_task_without_a_candidate_is_lost_to_all(picks):
    own = picks.filter(task_id="b")
    assert own["correct"].sum() == 0
    assert own["num_visible_fit"].sum() == 0
    assert not own["any_correct"].any()
