import os
import signal
import subprocess
import sys
import threading

import pytest

from crest.stopping import GRACE_S, Stopped, finish_first, finished, stop_signals, unmasked_stop


def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_block_at_once_with_the_status_of_a_shell(number, code, caplog):
    def run():
        with stop_signals():
            send(number)
            pytest.fail("the signal was lost")

    with pytest.raises(SystemExit) as stopped:
        run()
    assert stopped.value.code == code
    assert caplog.messages == [f"stopped by {number.name}; run again"]


def test_no_clause_for_errors_catches_it():
    assert not issubclass(Stopped, Exception)


def test_the_handlers_are_those_of_before_afterwards():
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    with stop_signals():
        assert signal.getsignal(signal.SIGTERM) is not before[0]
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)] == before


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stop_signals():
            send(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_block_that_is_to_be_finished_first_is():
    done = []

    def run():
        with stop_signals():
            with finish_first() as stop:
                for step in range(10):
                    done.append(step)
                    if step == 3:
                        send()
                    if stop.requested:
                        done.append("saved")
                        break
            pytest.fail("the signal was lost")

    with pytest.raises(Stopped):
        run()
    assert done == [0, 1, 2, 3, "saved"]


def test_inner_blocks_do_not_end_outer_ones_early():
    done = []

    def run():
        with stop_signals(), finish_first():
            with finish_first():
                send()
            done.append("outer")

    with pytest.raises(Stopped):
        run()
    assert done == ["outer"]


def test_a_stop_that_a_library_turned_into_an_error_is_a_stop_again(caplog):
    def run():
        with stop_signals(), unmasked_stop():
            try:
                send()
            except Stopped:
                raise TypeError("not a data type") from None

    with pytest.raises(Stopped):
        run()
    assert caplog.messages == [
        "the stop came out as TypeError: not a data type",
        "stopped by SIGTERM; run again",
    ]


def test_an_error_without_a_stop_stays_itself():
    with pytest.raises(KeyError), stop_signals(), unmasked_stop():
        raise KeyError


def test_an_error_while_the_stop_is_put_off_stays_itself():
    def run():
        with stop_signals(), unmasked_stop(), finish_first():
            send()
            raise KeyError

    with pytest.raises(KeyError):
        run()


def test_an_error_of_the_block_goes_before_the_signal():
    def run():
        with stop_signals(), finish_first():
            send()
            raise KeyError

    with pytest.raises(KeyError):
        run()


def test_a_stop_does_not_outlast_its_block():
    with pytest.raises(Stopped), stop_signals():
        send()
    with finish_first() as stop:
        assert not stop.requested


def test_a_second_signal_does_not_disturb_the_clean_up():
    done = []

    def run():
        with stop_signals():
            try:
                send()
            finally:
                send()
                done.append("cleaned up")

    with pytest.raises(Stopped):
        run()
    assert done == ["cleaned up"]


def test_in_another_thread_nothing_is_set_up():
    seen = []

    def run():
        with stop_signals(), finish_first() as stop:
            seen.append(stop.requested)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [False]


SWALLOWED = """
import time
from crest.stopping import stop_signals
with stop_signals():
    while True:
        try:
            print("ready", flush=True)
            time.sleep(60)
        except BaseException:
            pass
"""


@pytest.mark.slow
def test_a_job_that_swallows_the_stop_ends_all_the_same_and_says_where_it_hung():
    with subprocess.Popen(
        [sys.executable, "-c", SWALLOWED], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10 * GRACE_S) == 1
        assert b"most recent call first" in process.stderr.read()


def test_a_signal_to_a_finished_job_changes_nothing():
    done = []
    with stop_signals(), finished():
        send()
        done.append("recorded")
    assert done == ["recorded"]


def test_a_fault_in_a_finished_job_passes():
    with pytest.raises(OSError, match="full"), stop_signals(), finished():
        raise OSError("full")
