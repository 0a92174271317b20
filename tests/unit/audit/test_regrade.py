from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import pytest

from crest.audit.program import Program
from crest.audit.regrade import Auditor
from crest.records import Status, Submission, Verdict
from crest.seeds import generator
from crest.testing import FunctionTests
from crest.work import Kept, open_work

TESTS = FunctionTests("f", ((1,), (2,)), (2, 3))
GOOD = Verdict(Status.PASS, (True, True))
BAD = Verdict(Status.WA, (True, False))


def programs(*statuses):
    return [
        Program("rollout", status, Submission(f"program {index}", TESTS))
        for index, status in enumerate(statuses)
    ]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Return a place for finished rounds."""
    with open_work("audit", [], root=tmp_path / "work") as work:
        yield Kept(work)


@pytest.fixture
def audited(kept):
    """Return a function that counts one program which gets given verdicts in turn."""

    def count_one(verdicts, status, repeats):
        turns = iter(verdicts)
        auditor = Auditor(
            programs(status), lambda batch: [next(turns) for _ in batch], generator("t"), kept
        )
        (counted,) = auditor.regrade(repeats, "idle")
        return counted

    return count_one


def test_a_grader_that_never_changes_its_mind_has_no_flips(audited):
    counted = audited(cycle([BAD]), Status.WA, 50)
    assert (counted.regrades, counted.flips, counted.back_stops) == (50, 0, 0)


@pytest.mark.parametrize("every", [2, 5, 50])
def test_a_grader_that_flips_at_a_known_rate_is_found_to(audited, every):
    verdicts = (BAD if number % every == 0 else GOOD for number in count(1))
    assert audited(verdicts, Status.PASS, 500).flips == 500 // every


def test_a_verdict_other_than_the_recorded_one_is_a_flip_even_if_it_is_always_the_same(audited):
    assert audited(cycle([BAD]), Status.PASS, 7).flips == 7


def test_other_flags_under_the_same_status_are_a_flip(audited):
    other = Verdict(Status.WA, (False, True))
    assert audited([BAD, other, BAD, BAD], Status.WA, 4).flips == 1


def test_an_end_by_the_back_stop_is_counted_apart(audited):
    wall = Verdict(Status.WALL, (False, False))
    counted = audited([GOOD, wall, GOOD], Status.PASS, 3)
    assert (counted.flips, counted.back_stops) == (0, 1)


def test_flags_are_remembered_from_one_load_to_the_next(kept):
    verdicts = iter([BAD, Verdict(Status.WA, (False, True))])
    auditor = Auditor(programs(Status.WA), lambda _: [next(verdicts)], generator("t"), kept)
    assert [auditor.regrade(1, load)[0].flips for load in ("idle", "busy")] == [0, 1]


def test_every_round_judges_every_program_once_in_an_order_of_its_own(kept):
    seen = []

    def grade(batch):
        seen.extend(each.source for each in batch)
        return [GOOD for _ in batch]

    auditor = Auditor(programs(*[Status.PASS] * 6), grade, generator("t"), kept)
    counted = auditor.regrade(3, "idle")
    rounds = [seen[start : start + 6] for start in (0, 6, 12)]
    assert [sorted(each) for each in rounds] == [sorted(rounds[0])] * 3
    assert rounds[0] != rounds[1] != rounds[2]
    assert [each.regrades for each in counted] == [3] * 6
    assert len(auditor.times_ms) == 18


class Killed(BaseException):
    """Stands for a kill."""


NUM_PROGRAMS, REPEATS, LOADS = 4, 3, ("idle", "busy")


def audit(root, *, kill_at=None):
    """Return the counts under both loads, of a grader that is right three times in four."""
    seen = []
    verdicts = {f"program {index}": cycle([GOOD, GOOD, BAD, GOOD]) for index in range(NUM_PROGRAMS)}

    def grade(batch):
        if len(seen) == kill_at:
            raise Killed
        seen.append(batch[0].source)
        return [next(verdicts[batch[0].source])]

    with open_work("audit", [], root=root) as work, Kept(work, every_s=0.0) as kept:
        finished = [name for entry in work.entries for name in entry.values]
        for turns in verdicts.values():
            for _ in finished:
                next(turns)
        auditor = Auditor(programs(*[Status.PASS] * NUM_PROGRAMS), grade, generator("t"), kept)
        return [auditor.regrade(REPEATS, load) for load in LOADS], seen


@pytest.mark.parametrize("kill_at", range(NUM_PROGRAMS * REPEATS * len(LOADS)))
def test_a_killed_audit_goes_on_after_its_last_finished_round(tmp_path, kill_at):
    whole, judged = audit(tmp_path / "whole")
    with pytest.raises(Killed):
        audit(tmp_path / "killed", kill_at=kill_at)
    counts, rest = audit(tmp_path / "killed")
    assert counts == whole
    assert rest == judged[kill_at - kill_at % NUM_PROGRAMS :]
