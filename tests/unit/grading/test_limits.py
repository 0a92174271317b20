import pytest

from crest.grading import GradingLimits


def test_the_wall_is_ten_times_the_cpu_time_and_five_seconds():
    assert GradingLimits(cpu_s=2).wall_limit_s == 25
    assert GradingLimits(cpu_s=2, wall_s=3).wall_limit_s == 3


@pytest.mark.parametrize("name", ["cpu_s", "wall_s", "memory_mib", "address_space_mib"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_limit_that_is_not_positive_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} is .*: give a positive number"):
        GradingLimits(**{name: value})
