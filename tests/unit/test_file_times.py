"""Times are put in the order of making, and only rise."""

import os
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crest.file_times import settle_times


@settings(max_examples=50, deadline=None)
@given(
    times=st.lists(st.integers(1, 99), min_size=6, max_size=6),
    reads=st.lists(st.sets(st.integers(0, 4)), min_size=6, max_size=6),
)
def test_no_file_is_older_than_its_inputs_and_none_is_newer_than_the_newest(
    tmp_path_factory, times, reads
):
    folder = tmp_path_factory.mktemp("files")
    paths = [str(folder / str(number)) for number in range(6)]
    for path, time in zip(paths, times, strict=True):
        (folder / path).write_text("")
        os.utime(path, (time, time))
    jobs = [([paths[i] for i in inputs if i < n], [paths[n]]) for n, inputs in enumerate(reads)]
    settle_times(reversed(jobs))
    after = dict(zip(paths, (Path(path).stat().st_mtime for path in paths), strict=True))
    for inputs, (output,) in jobs:
        assert all(after[path] <= after[output] for path in inputs)
    for path, time in zip(paths, times, strict=True):
        assert time <= after[path] <= max(times)


def test_links_to_one_file_share_a_time_and_a_missing_file_counts_for_nothing(tmp_path):
    old, new, linked = (tmp_path / name for name in ("old", "new", "linked"))
    for path, time in ((old, 1), (new, 9)):
        path.write_text("")
        os.utime(path, (time, time))
    linked.hardlink_to(old)
    missing = str(tmp_path / "missing")
    settle_times([([str(new), missing], [str(linked), missing]), ([str(old)], [str(new)])])
    assert old.stat().st_mtime == linked.stat().st_mtime == new.stat().st_mtime == 9
