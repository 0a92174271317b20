import pytest

from crest.tasks.flashfill.disjoint import prove_disjoint

BANKS = {"easy": ["x.head(2)", "x.token(word,1)"], "hard": ["x.upper() + '-'"]}


def test_sets_that_share_nothing_have_a_row_a_pair():
    table = prove_disjoint(BANKS, {"pool": ["x.head(3)", "x.head(3)", "x.tail(1)"]})
    assert table.rows() == [
        ("easy", "hard", 2, 1, 0, 0),
        ("easy", "pool", 2, 2, 0, 0),
        ("hard", "pool", 1, 2, 0, 0),
    ]


@pytest.mark.parametrize(
    ("program", "forms", "behaviours"),
    [
        ("x.head(2)", 1, 1),
        ("x.sub(0,2)", 1, 1),
        ("x.sub(0,1) + x.sub(1,2)", 0, 1),
    ],
)
def test_a_shared_program_is_found_however_it_is_written(program, forms, behaviours):
    with pytest.raises(ValueError, match="easy and pool share 1 programs") as error:
        prove_disjoint(BANKS, {"pool": ["x.tail(1)", program]})
    assert program in str(error.value)
    assert f"{forms} by normal form, {behaviours} by behaviour" in str(error.value)


def test_banks_are_compared_with_each_other():
    with pytest.raises(ValueError, match="easy and hard share"):
        prove_disjoint({"easy": ["x.head(1)"], "hard": ["x.sub(0,1)"]}, {})
