from crest.campaigns.clock import Clock


def test_time_inside_an_inner_phase_is_taken_off_the_outer_one() -> None:
    ticks = iter([0.0, 1.0, 3.0, 7.0, 15.0])  # start, enter outer, enter inner, leave, leave
    clock = Clock(lambda: next(ticks))
    with clock.phase("outer"), clock.phase("inner"):
        pass
    assert clock.seconds == {"outer": 2.0 + 8.0, "inner": 4.0}


def test_grading_is_charged_to_its_own_phase() -> None:
    ticks = iter(range(100))
    clock = Clock(lambda: float(next(ticks)))
    with clock.phase("rollout"):
        clock.timed(lambda _: [])([])
    assert set(clock.seconds) == {"rollout", "grading"}
