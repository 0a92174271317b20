import struct

import pytest

from crest.grading.inside import seccomp

MACHINE = seccomp.machine("x86_64")


def verdict(filter_, number, arguments=(), audit=MACHINE.audit):
    """Run a filter on a system call as the kernel does, and return its answer."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("IIQ6Q", number, audit, 0, *padded)
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("HBBI", filter_.code, 8 * position)
        position += 1
        if code == seccomp.RETURN:
            return value
        if code == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("I", data, value)
            continue
        holds = {
            seccomp.EQUAL: accumulator == value,
            seccomp.AT_LEAST: accumulator >= value,
            seccomp.ANY_BIT: bool(accumulator & value),
        }[code]
        position += if_true if holds else if_false


@pytest.fixture(scope="module")
def zygote():
    return seccomp.assemble(MACHINE, seccomp.ZYGOTE_RULES, seccomp.refusal(1))


@pytest.fixture(scope="module")
def child():
    return seccomp.assemble(MACHINE, seccomp.CHILD_RULES, seccomp.ALLOW)


def test_every_rule_names_a_call_of_the_table():
    assert set(seccomp.ZYGOTE_RULES) | set(seccomp.CHILD_RULES) <= set(MACHINE.numbers)


@pytest.mark.parametrize("number", [41, 57, 58, 59, 101, 165, 234, 272, 319, 321, 425, 437, 9999])
def test_a_call_outside_the_table_is_refused(zygote, number):
    assert verdict(zygote, number) == seccomp.refusal(1)


def test_another_machine_and_x32_end_the_process(zygote):
    assert verdict(zygote, 0, audit=0x4000_0003) == seccomp.KILL
    assert verdict(zygote, 0x4000_0000) == seccomp.KILL


def test_files_open_for_reading_alone(zygote):
    openat = MACHINE.numbers["openat"]
    assert verdict(zygote, openat, (0, 0, 0o2000000)) == seccomp.ALLOW
    for flags in (0o1, 0o2, 0o100, 0o1000, 0o2000, 0o20200000):
        assert verdict(zygote, openat, (0, 0, flags)) == seccomp.refusal(13)
    assert verdict(zygote, MACHINE.numbers["open"]) == seccomp.refusal(13)


def test_only_harmless_controls_of_descriptors_pass(zygote):
    ioctl, fcntl = MACHINE.numbers["ioctl"], MACHINE.numbers["fcntl"]
    assert verdict(zygote, ioctl, (0, 0x5401)) == seccomp.ALLOW
    assert verdict(zygote, ioctl, (0, 0x5412)) == seccomp.refusal(25)
    assert verdict(zygote, fcntl, (0, 1030)) == seccomp.ALLOW
    assert verdict(zygote, fcntl, (0, 4)) == seccomp.refusal(1)


def test_a_child_starts_threads_but_no_processes(zygote, child):
    clone = MACHINE.numbers["clone"]
    assert verdict(zygote, clone, (17,)) == seccomp.ALLOW
    assert verdict(zygote, clone, (17 | 0x1000_0000,)) == seccomp.refusal(1)
    assert verdict(child, clone, (17,)) == seccomp.refusal(1)
    assert verdict(child, clone, (0x3D0F00,)) == seccomp.ALLOW


def test_a_child_reads_limits_but_sets_none(child):
    prlimit = MACHINE.numbers["prlimit64"]
    assert verdict(child, prlimit, (0, 7, 0, 1)) == seccomp.ALLOW
    assert verdict(child, prlimit, (0, 7, 1, 0)) == seccomp.refusal(1)
    assert verdict(child, prlimit, (0, 7, 1 << 32, 0)) == seccomp.refusal(1)


def test_sleeping_succeeds_without_effect(zygote):
    assert verdict(zygote, MACHINE.numbers["nanosleep"]) == seccomp.refusal(0)


def test_an_unknown_architecture_is_named_with_a_remedy():
    with pytest.raises(NotImplementedError, match=r"no system-call table for riscv64.*x86_64"):
        seccomp.machine("riscv64")
