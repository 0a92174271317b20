"""System-call filters, assembled to classic BPF from rules and the numbers of a machine.

Covers: every system call by number, with an allow-list; the other calling conventions of the
machine (int 0x80, x32) end the process. Does not cover: what an allowed call can do by itself
(file reads are Landlock's), the clock (vDSO and rdtsc make no call), and bugs of the kernel.

`ZYGOTE_RULES` hold for the zygote and all its children; `STRICT_RULES` take their place where
nothing else guards the files. `CHILD_RULES` come on top in a child before it sees a line of the
program. A call is answered by the stricter of the two.
"""

import ctypes
import errno
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crest.grading.inside.machines import Machine

KILL, ALLOW = 0x8000_0000, 0x7FFF_0000
LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER_OFFSET, MACHINE_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16
X32_BIT = 0x4000_0000
FILTERING = 22, 2  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER: what prctl is asked for

WRITING_OPEN_FLAGS = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000  # WRONLY .. TMPFILE
PROT_EXEC = 4
SHARED_ANONYMOUS = 0x01 | 0x20  # MAP_SHARED, MAP_ANONYMOUS
CLONE_THREAD, CLONE_NEW_NAMESPACES = 0x0001_0000, 0x7E02_0000
TERMINAL_READS = (0x5401, 0x5450, 0x5451)  # TCGETS, FIONCLEX, FIOCLEX
DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC


class Rule(NamedTuple):
    """What happens to a system call; by default it is let through.

    Attributes:
        error: The errno it fails with instead (0 makes it succeed without effect).
        argument: Position of the argument that the conditions below look at.
        only: The call passes for these values of the argument's low word alone.
        none_of: The call passes when none of these bits is set.
        any_of: The call passes when one of these bits is set.
        not_all: The call passes unless all of these bits are set.
        null: The call passes when the whole argument is zero.
    """

    error: int | None = None
    argument: int = 0
    only: tuple[int, ...] = ()
    none_of: int = 0
    any_of: int = 0
    not_all: int = 0
    null: bool = False


ZYGOTE_RULES: dict[str, Rule] = {
    "open": Rule(error=errno.EACCES),
    "openat": Rule(argument=2, none_of=WRITING_OPEN_FLAGS, error=errno.EACCES),
    "ioctl": Rule(argument=1, only=TERMINAL_READS, error=errno.ENOTTY),
    "fcntl": Rule(argument=1, only=DESCRIPTOR_COMMANDS, error=errno.EPERM),
    "clone": Rule(argument=0, none_of=CLONE_NEW_NAMESPACES, error=errno.EPERM),
    "clone3": Rule(error=errno.ENOSYS),  # its flags lie in memory; glibc falls back to clone
    "nanosleep": Rule(error=0),
    "clock_nanosleep": Rule(error=0),
}

STRICT_RULES: dict[str, Rule] = {
    **ZYGOTE_RULES,
    **dict.fromkeys(
        (
            *("open", "openat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat"),
            *("faccessat2", "readlink", "readlinkat", "getdents64"),
        ),
        Rule(error=errno.EACCES),
    ),
    "mmap": Rule(argument=2, none_of=PROT_EXEC, error=errno.EACCES),
    "mprotect": Rule(argument=2, none_of=PROT_EXEC, error=errno.EACCES),
}

CHILD_RULES: dict[str, Rule] = {
    "clone": Rule(argument=0, any_of=CLONE_THREAD, error=errno.EPERM),
    # What is written to such memory stays while a page of it is mapped, and no limit counts it.
    "mmap": Rule(argument=3, not_all=SHARED_ANONYMOUS, error=errno.EPERM),
    "prlimit64": Rule(argument=2, null=True, error=errno.EPERM),
    **dict.fromkeys(
        ("wait4", "kill", "prctl", "setrlimit", "getrandom", "rt_sigtimedwait"),
        Rule(error=errno.EPERM),
    ),
}


class Filter(NamedTuple):
    """An assembled program and the structure the kernel reads it from."""

    code: ctypes.Array[ctypes.c_char]
    header: ctypes.Array[ctypes.c_char]


def allow_list(target: "Machine", rules: dict[str, Rule]) -> dict[str, Rule]:
    """Return `rules`, and for every other call of the machine's table that it passes."""
    return {**dict.fromkeys(target.numbers, Rule()), **rules}


def assemble(target: "Machine", rules: dict[str, Rule], default: int) -> Filter:
    """Return the filter that applies `rules` by name and answers all other calls by `default`."""
    code = [
        _step(LOAD, MACHINE_OFFSET),
        _step(EQUAL, target.audit, 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER_OFFSET),
    ]
    if target.has_x32:
        code += [_step(AT_LEAST, X32_BIT, 0, 1), _step(RETURN, KILL)]
    for name, rule in rules.items():
        if name not in target.numbers:  # newer architectures lack the oldest calls
            continue
        body = _body(rule)
        code += [_step(EQUAL, target.numbers[name], 0, len(body)), *body]
    code.append(_step(RETURN, default))
    buffer = ctypes.create_string_buffer(b"".join(code), 8 * len(code))
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer))
    return Filter(buffer, ctypes.create_string_buffer(header, len(header)))


def install(libc: ctypes.CDLL, program: Filter) -> None:
    """Put the calling thread and all it will start under a filter.

    Raises:
        OSError: The kernel refused it.
    """
    if libc.prctl(*FILTERING, program.header, 0, 0):
        raise OSError(
            ctypes.get_errno(),
            "seccomp refused a filter: use a kernel with CONFIG_SECCOMP_FILTER, and a container "
            "profile that lets prctl(PR_SET_SECCOMP) pass",
        )


def refusal(number: int) -> int:
    """Return the filter result that makes a call fail with an errno."""
    return 0x0005_0000 | number


def _body(rule: Rule) -> list[bytes]:
    otherwise = _step(RETURN, ALLOW if rule.error is None else refusal(rule.error))
    low = ARGUMENTS_OFFSET + 8 * rule.argument
    allow = _step(RETURN, ALLOW)
    if rule.only:
        tests = [part for value in rule.only for part in (_step(EQUAL, value, 0, 1), allow)]
        return [_step(LOAD, low), *tests, otherwise]
    if rule.none_of:
        return [_step(LOAD, low), _step(ANY_BIT, rule.none_of, 0, 1), otherwise, allow]
    if rule.any_of:
        return [_step(LOAD, low), _step(ANY_BIT, rule.any_of, 0, 1), allow, otherwise]
    if rule.not_all:
        both = [_step(AND, rule.not_all), _step(EQUAL, rule.not_all, 0, 1)]
        return [_step(LOAD, low), *both, otherwise, allow]
    if rule.null:
        zero = [_step(LOAD, low), _step(EQUAL, 0, 0, 3)]
        return [*zero, _step(LOAD, low + 4), _step(EQUAL, 0, 0, 1), allow, otherwise]
    return [otherwise]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
