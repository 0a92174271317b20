"""A process that jails itself once and then forks one child a program.

It never holds a program or a test: a child reads its job after the fork, from descriptor 3.
Descriptors: 0 stdin, 1 stdout, 2 nothing (the grader's until the jail is closed), 3 job, 4 result,
5 command, 6 report; until the jail is closed also 7 nothing and 8 the folder /proc. A command is
the length of the job (8 bytes), a report is `jobs.REPORT_FORMAT`. The first report is a JSON line:
what the jail is made of, or why there is none.
"""

import ctypes
import gc
import importlib
import json
import marshal
import os
import random
import resource
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from crest.grading.inside import jail, jobs, machines, seccomp, strict
else:
    sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
    import jail
    import jobs
    import machines
    import seccomp
    import strict

    del sys.path[0]

PRELOAD = (  # what programs import most, so that children share it
    "math", "cmath", "collections", "collections.abc", "heapq", "itertools", "functools",
    "bisect", "re", "string", "random", "datetime", "decimal", "fractions", "typing", "copy",
    "operator", "json", "io", "abc", "array", "threading", "contextlib", "time", "sys", "os",
    "atexit", "queue", "encodings.ascii", "encodings.latin_1",
)  # fmt: skip
NOTHING, PROCESSES = 7, 8
STARTING_VARIABLES = ("LD_BIND_NOW", "LD_LIBRARY_PATH", "PWD")
SLICE_S = 0.25
FORK_ATTEMPTS, FORK_WAIT_S = 60, 0.05

now_ns, cpu_clock_ns = time.monotonic_ns, time.clock_gettime_ns
exit_process = os._exit


def main(settings: dict[str, Any]) -> None:
    """Jail this process, tell what the jail is made of, and serve until the commands end."""
    try:
        child_filter, fork, level = enter_jail(settings)
    except (OSError, RuntimeError) as error:  # NotImplementedError and JailError among them
        os.write(jobs.REPORT, json.dumps({"missing": str(error)}).encode() + b"\n")
        exit_process(1)
    os.dup2(NOTHING, 2)
    os.close(NOTHING)
    gc.collect()
    gc.freeze()
    gc.disable()
    os.write(jobs.REPORT, json.dumps(level).encode() + b"\n")
    serve(settings, child_filter, fork)


def enter_jail(
    settings: dict[str, Any],
) -> tuple[seccomp.Filter, Callable[[], int], dict[str, Any]]:
    """Take every protection in order; return the children's filter, `fork`, and the level."""
    name, isolation = os.uname().machine, settings["isolation"]
    machine = machines.machine(name)
    jail.die_with_parent(signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    for module in PRELOAD + (strict.PRELOAD if isolation == "strict" else ()):
        importlib.import_module(module)
    fork = chosen_fork()
    jobs.prepare_interpreter()
    for variable in STARTING_VARIABLES:
        os.environ.pop(variable, None)
    level = describe_jail(isolation, settings["outer_namespaces"])
    address_space = jail.mapped_bytes(PROCESSES) + settings["address_space_bytes"]
    folders = jail.library_folders(PROCESSES)
    os.close(PROCESSES)
    jail.limit_resources(
        address_space=address_space,
        file_size=settings["output_bytes"],
        own_users="user" in level["namespaces"],
    )
    if isolation == "bubblewrap":
        leave_wrapper()
    jail.drop_privileges()
    if isolation == "landlock":
        jail.restrict_files(level["landlock"], folders)
    if isolation == "strict":
        strict.install_fstat(jail.libc, machine, name)
    rules = seccomp.STRICT_RULES if isolation == "strict" else seccomp.ZYGOTE_RULES
    allowed = seccomp.allow_list(machine, rules)
    seccomp.install(jail.libc, seccomp.assemble(machine, allowed, seccomp.refusal(1)))
    return seccomp.assemble(machine, seccomp.CHILD_RULES, seccomp.ALLOW), fork, level


def describe_jail(isolation: str, outer_namespaces: dict[str, str]) -> dict[str, Any]:
    """Return what the grader is told of the jail.

    Raises:
        jail.JailError: Landlock is wanted and not to be had.
    """
    here = jail.current_namespaces(PROCESSES)
    return {
        "landlock": jail.landlock_version() if isolation == "landlock" else 0,
        "namespaces": [kind for kind in here if here[kind] != outer_namespaces.get(kind)],
        "fixed_addresses": jail.addresses_are_fixed(),
    }


def leave_wrapper() -> None:
    """Take away the files that were needed to start inside bubblewrap."""
    jail.unmount(os.path.dirname(os.path.realpath(__file__)))


def chosen_fork() -> Callable[[], int]:
    """Return libc's fork if threads work after it, else Python's with its slower hooks."""
    bare: Callable[[], int] = ctypes.PyDLL(None).fork
    child = bare()
    if child == 0:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        exit_process(0)
    return bare if os.waitpid(child, 0)[1] == 0 else fork_with_hooks


def fork_with_hooks() -> int:
    """Fork by Python, and undo the fresh seed that its hooks give to `random` in the child."""
    child = os.fork()
    if child == 0:
        random.seed(0)
    return child


def serve(settings: dict[str, Any], child_filter: seccomp.Filter, fork: Callable[[], int]) -> None:
    """Fork a child for each command and report how it ended.

    A page that either side writes to after a fork is copied, and to use an object is to count a
    reference in it; so what children and this loop need is bound once, in a few closures.
    """
    run_child, supervise = child_runner(settings, child_filter), supervisor(settings)
    read, write, commands, reports = os.read, os.write, jobs.COMMAND, jobs.REPORT
    while len(command := read(commands, 8)) == 8:
        child = fork()
        if child < 0:
            child = fork_patiently(fork)
        if child == 0:
            run_child(command)
        write(reports, supervise(child))
    exit_process(0)


def fork_patiently(fork: Callable[[], int]) -> int:
    """Fork where the machine was short of processes or memory: try again for some seconds."""
    for _ in range(FORK_ATTEMPTS):
        signal.sigtimedwait([signal.SIGCHLD], FORK_WAIT_S)
        child = fork()
        if child >= 0:
            break
    else:
        exit_process(1)
    return child


def child_runner(
    settings: dict[str, Any], child_filter: seccomp.Filter
) -> Callable[[bytes], NoReturn]:
    """Return what a child does on a command: close the last doors, run the job, end."""
    read, load, job, runners = os.pread, marshal.loads, jobs.JOB, jobs.RUNNERS
    close_doors = door_closer(int(settings["kill_cpu_s"]) + 2, child_filter)
    close, close_range, leave, begin_collecting = os.close, os.closerange, exit_process, gc.enable
    write, longest = jobs.write_result, settings["output_bytes"]

    def run_child(command: bytes) -> NoReturn:
        try:
            kind, *arguments = load(read(job, int.from_bytes(command, "little"), 0))
            run = runners[kind]
            close_doors()
        except BaseException:  # noqa: BLE001 (what fails before the program is our fault)
            os.write(jobs.REPORT, struct.pack(jobs.REPORT_FORMAT, jobs.FAULT, 0, 0, 0))
            leave(1)
        close(job)
        close_range(jobs.COMMAND, jobs.REPORT + 1)
        try:
            begin_collecting()
            run(*arguments, write=write, longest=longest)
        finally:
            leave(0)

    return run_child


def door_closer(cpu_s: int, child_filter: seccomp.Filter) -> Callable[[], None]:
    """Return what closes a child's last doors, without the bookkeeping of `jail` and `seccomp`.

    Args:
        cpu_s: CPU time after which the kernel ends the child, should the zygote not have.
        child_filter: The child's system-call filter.
    """
    control = ctypes.PyDLL(None).prctl
    death, kill, kind, mode = jail.PR_SET_PDEATHSIG, int(signal.SIGKILL), *seccomp.FILTERING
    limit_cpu, cpu, limits = resource.setrlimit, resource.RLIMIT_CPU, (cpu_s, cpu_s + 1)
    header = child_filter.header

    def close_doors() -> None:
        if control(death, kill, 0, 0, 0):
            raise OSError
        limit_cpu(cpu, limits)
        if control(kind, mode, header, 0, 0):
            raise OSError

    return close_doors


def supervisor(settings: dict[str, Any]) -> Callable[[int], bytes]:
    """Return what waits for a child, ends it at a limit, and gives the report on it."""
    kill_cpu_ns, wall_ns = int(settings["kill_cpu_s"] * 1e9), int(settings["wall_s"] * 1e9)
    first_wait_s, signals = min(settings["kill_cpu_s"], SLICE_S), (int(signal.SIGCHLD),)
    await_signal, reap, at_once, now = signal.sigtimedwait, os.wait4, os.WNOHANG, now_ns
    pack = struct.Struct(jobs.REPORT_FORMAT).pack

    def supervise(child: int) -> bytes:
        deadline_ns = now() + wall_ns
        ending, wait_s = jobs.ENDED, first_wait_s
        while True:
            await_signal(signals, wait_s)
            ended, status, usage = reap(child, at_once)
            if ended:
                cpu_ns = int((usage.ru_utime + usage.ru_stime) * 1e9)
                return pack(ending, status, cpu_ns, usage.ru_maxrss * 1024)
            left_ns = kill_cpu_ns - cpu_clock_ns((~child << 3) | 2)
            if ending == jobs.ENDED and (left_ns <= 0 or now() >= deadline_ns):
                ending = jobs.CPU_KILL if left_ns <= 0 else jobs.WALL_KILL
                os.kill(child, signal.SIGKILL)
            wait_s = min(max(left_ns / 1e9, 0.002), SLICE_S)

    return supervise


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
