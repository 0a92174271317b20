import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthetic.campaigns import curve, history

from crest.control._restart import select_best_start, select_end_or_restart
from crest.records import Selection

RATES = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4]), min_size=1, max_size=6)


def restart(*starts, selections=None):
    """Return what rolls forward from a rejected campaign; each start but its own ran two steps."""
    past = history(*([start, 0.9, 0.0] for start in starts[:-1]), selections=selections)
    return select_best_start(past, curve([starts[-1]], len(starts)))


def test_the_checkpoint_that_was_the_best_start_rolls_forward():
    assert restart(0.2, 0.5, 0.4).campaign == 1
    assert restart(0.2, 0.5, 0.6, 0.1).campaign == 2
    assert restart(0.7, 0.5, 0.4).campaign == 0


def test_the_present_start_is_kept_where_none_was_better():
    assert restart(0.2, 0.4, 0.5).campaign is None
    assert restart(0.2, 0.5, 0.5).campaign is None
    assert restart(0.3).campaign is None


def test_ends_and_peaks_within_campaigns_do_not_count():
    assert "50.0%" in restart(0.2, 0.5, 0.4).reason


@given(starts=RATES)
def test_no_start_was_better_than_the_one_that_rolls_forward(starts):
    chosen = restart(*starts)
    source = len(starts) - 1 if chosen.campaign is None else chosen.campaign
    assert starts[source] == max(starts)
    assert chosen.step == 0


def test_a_checkpoint_that_started_several_campaigns_is_judged_by_all_its_samples():
    back = {3: Selection(0, "restart", campaign=1)}
    starts = (0.2, 0.5, 0.4, 0.2)  # the last is campaign 1's checkpoint once more: 0.35 in all
    chosen = restart(*starts, selections=back)
    assert chosen.campaign == 2


def test_a_campaign_that_keeps_its_start_makes_no_other_checkpoint():
    kept = {2: Selection(0, "the start is kept")}
    chosen = restart(0.2, 0.5, 0.3, 0.2, selections=kept)
    assert chosen.campaign == 1
    assert "40.0%" in chosen.reason


def test_a_restart_of_a_restart_names_the_campaign_that_made_the_weights():
    back = {2: Selection(0, "restart", campaign=0), 3: Selection(0, "restart", campaign=2)}
    past = history([0.5, 0.1], [0.1], [0.5], selections=back)
    assert select_best_start(past, curve([0.5], 4)).campaign is None
    assert select_best_start(past, curve([0.5], 4)).reason.endswith("(50.0%)")


@pytest.mark.parametrize("values", [[0.5, 0.2], [0.5, 0.6, 0.7]])
def test_a_campaign_that_took_steps_rolls_its_end_forward(values):
    assert select_end_or_restart(history([0.9, 0.1]), curve(values, 2)) == Selection(
        len(values) - 1, "the last step rolls forward"
    )


def test_a_campaign_without_steps_restarts():
    assert select_end_or_restart(history([0.9, 0.1]), curve([0.1], 2)).campaign == 0
