import numpy as np
import pytest

from crest.statistics.patience import stops_by_patience


@pytest.mark.parametrize(
    ("num_steps", "peak_steps", "expected"),
    [
        ([7, 9, 3], [4, 6, 0], True),
        ([7, 20, 20], [4, 18, 20], True),
        ([7, 20, 20], [4, 18, 16], False),
        ([7, 9, 12], [4, 5, 6], False),
        ([7, 9, 12], [7, 9, 12], False),
        ([20, 20, 20], [17, 17, 17], False),
        ([20], [17], False),
    ],
    ids=[
        "all three steps after the peak",
        "some at the full length",
        "a full campaign beyond patience",
        "different distances",
        "ended at the peak",
        "equal lengths",
        "one campaign",
    ],
)
def test_campaigns_cut_at_one_distance_from_their_peaks_were_stopped_by_patience(
    num_steps, peak_steps, expected
):
    assert stops_by_patience(np.array(num_steps), np.array(peak_steps)) == expected
