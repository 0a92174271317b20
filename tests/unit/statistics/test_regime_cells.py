import pytest

from crest.statistics.regime_cells import RegimeCell, parse_cell


@pytest.mark.parametrize("rate", [0.0005, 5e-05, 0.008, 1.0])
@pytest.mark.parametrize("objective", ["reinforce_leave_one_out", "grpo"])
def test_a_cell_is_what_its_name_says(objective, rate):
    assert parse_cell(f"{objective}-p16-lr{rate:g}") == RegimeCell(objective, 16, rate)


@pytest.mark.parametrize("name", ["naive", "grpo-p16", "grpo-lr0.1", "GRPO-p8-lr0.1"])
def test_another_name_is_refused_with_the_form_that_it_needs(name):
    with pytest.raises(ValueError, match=r"is no cell of the regime map; name it \{objective\}-p"):
        parse_cell(name)
