"""Two system-call filters, assembled to classic BPF from tables.

Covers: every system call by number, with an allow-list; the other calling conventions of the
machine (int 0x80, x32) end the process. Does not cover: what an allowed call can do by itself
(file reads are Landlock's), the clock (vDSO and rdtsc make no call), and bugs of the kernel.

`ZYGOTE_RULES` hold for the zygote and all its children, `CHILD_RULES` come on top in a child
before it sees a line of the program. A call is answered by the stricter of the two.
"""

import ctypes
import errno
import struct
from typing import NamedTuple

KILL, ALLOW = 0x8000_0000, 0x7FFF_0000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_OFFSET, MACHINE_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16
X32_BIT = 0x4000_0000
PR_SET_SECCOMP, MODE_FILTER = 22, 2

WRITING_OPEN_FLAGS = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000  # WRONLY .. TMPFILE
CLONE_THREAD, CLONE_NEW_NAMESPACES = 0x0001_0000, 0x7E02_0000
TERMINAL_READS = (0x5401, 0x5450, 0x5451)  # TCGETS, FIONCLEX, FIOCLEX
DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC


class Machine(NamedTuple):
    """One architecture: its audit number, and the numbers of the calls that may be let through.

    What is not in the table is refused; what is in it passes, unless a rule restricts it.
    """

    audit: int
    numbers: dict[str, int]
    has_x32: bool = False


class Rule(NamedTuple):
    """What happens to a system call; by default it is let through.

    Attributes:
        error: The errno it fails with instead (0 makes it succeed without effect).
        argument: Position of the argument that the three conditions below look at.
        only: The call passes for these values of the argument's low word alone.
        none_of: The call passes when none of these bits is set.
        any_of: The call passes when one of these bits is set.
        null: The call passes when the whole argument is zero.
    """

    error: int | None = None
    argument: int = 0
    only: tuple[int, ...] = ()
    none_of: int = 0
    any_of: int = 0
    null: bool = False


X86_64 = Machine(
    audit=0xC000_003E,
    has_x32=True,
    numbers={
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6,
        "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12,
        "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16,
        "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "pipe": 22,
        "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33,
        "nanosleep": 35, "getpid": 39, "clone": 56, "exit": 60, "wait4": 61, "kill": 62,
        "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96,
        "getrlimit": 97, "getrusage": 98, "times": 100, "getuid": 102, "getgid": 104,
        "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111,
        "rt_sigtimedwait": 128, "sigaltstack": 131, "prctl": 157, "setrlimit": 160,
        "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204,
        "getdents64": 217, "set_tid_address": 218, "restart_syscall": 219,
        "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
        "exit_group": 231, "openat": 257, "newfstatat": 262, "readlinkat": 267,
        "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273,
        "get_robust_list": 274, "dup3": 292, "pipe2": 293, "prlimit64": 302,
        "getcpu": 309, "getrandom": 318, "statx": 332, "rseq": 334, "clone3": 435,
        "faccessat2": 439,
    },
)  # fmt: skip

MACHINES = {"x86_64": X86_64}

ZYGOTE_RULES: dict[str, Rule] = {
    **dict.fromkeys((name for machine in MACHINES.values() for name in machine.numbers), Rule()),
    "open": Rule(error=errno.EACCES),
    "openat": Rule(argument=2, none_of=WRITING_OPEN_FLAGS, error=errno.EACCES),
    "ioctl": Rule(argument=1, only=TERMINAL_READS, error=errno.ENOTTY),
    "fcntl": Rule(argument=1, only=DESCRIPTOR_COMMANDS, error=errno.EPERM),
    "clone": Rule(argument=0, none_of=CLONE_NEW_NAMESPACES, error=errno.EPERM),
    "clone3": Rule(error=errno.ENOSYS),  # its flags lie in memory; glibc falls back to clone
    "nanosleep": Rule(error=0),
    "clock_nanosleep": Rule(error=0),
}

CHILD_RULES: dict[str, Rule] = {
    "clone": Rule(argument=0, any_of=CLONE_THREAD, error=errno.EPERM),
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


def machine(name: str) -> Machine:
    """Return the table of an architecture as `os.uname` names it.

    Raises:
        NotImplementedError: There is no table for it.
    """
    if name not in MACHINES:
        known = ", ".join(MACHINES)
        raise NotImplementedError(
            f"no system-call table for {name} (known: {known}): grade on a machine of these kinds"
        )
    return MACHINES[name]


def assemble(target: Machine, rules: dict[str, Rule], default: int) -> Filter:
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
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program.header, 0, 0):
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
    if rule.null:
        zero = [_step(LOAD, low), _step(EQUAL, 0, 0, 3)]
        return [*zero, _step(LOAD, low + 4), _step(EQUAL, 0, 0, 1), allow, otherwise]
    return [otherwise]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
