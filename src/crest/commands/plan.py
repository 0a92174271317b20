"""Say what snakemake would run now, why, and what that costs by past runs."""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

from crest.commands.answer import Answer, columns
from crest.commands.plan_costs import SAME_ARM, SAME_RULE, UNKNOWN, Cost, PastRuns
from crest.commands.plan_jobs import PlannedJob, read_dry_run
from crest.commands.plan_patch import patched_project
from crest.commands.plan_reasons import Reasons, first_stage, may_change_no_byte, shortened
from crest.commands.plan_schedule import Task, makespan
from crest.commands.plan_units import bytes_text, time_text
from crest.job_record import results_of

HELP = "say what would run, why, and what it would cost"
EXAMPLES = """examples:
  crest plan
  crest plan results/figures/chain_curves.svg
  snakemake --cores all $(crest plan --first); crest plan
  git diff other-branch > edit.patch; crest plan --after edit.patch"""
PROFILE = Path("workflow/profiles/default")
SHOWN_REASONS = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="files to make (default: all)")
    parser.add_argument(
        "--configfile",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="laid over config.yaml, as with snakemake",
    )
    parser.add_argument(
        "--after", type=Path, metavar="PATCH", help="as if this edit, from `git diff`, were made"
    )
    parser.add_argument(
        "--cores",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="cores to plan for (default: those of this machine, %(default)s)",
    )
    parser.add_argument(
        "--first",
        action="store_true",
        help="print only the targets that run first, one job each, for a run in stages",
    )
    parser.add_argument("--gpus", type=int, help="GPUs to plan for (default: enough)")
    parser.add_argument(
        "--workflow-profile",
        type=Path,
        metavar="FOLDER",
        help=f"the profile that the run will use (default: {PROFILE}, if there is one)",
    )


def run(arguments: Namespace) -> Answer:
    """Return what would run by rule and by arm, how long it takes together, and why.

    Raises:
        FileNotFoundError: The working directory is no project, or the patch is missing.
        ValueError: Snakemake or the patch refuses.
    """
    project = Path.cwd()
    if not (project / "Snakefile").is_file():
        raise FileNotFoundError(f"{project}: no Snakefile here; run in the project's folder")
    if arguments.cores < 1 or (arguments.gpus is not None and arguments.gpus < 1):
        raise ValueError("--cores and --gpus must be at least 1")
    copy = patched_project(project, arguments.after) if arguments.after else nullcontext(project)
    with copy as folder:
        jobs = read_dry_run(_dry_run(folder, arguments))
        if arguments.first:
            return Answer(tuple(job.record for job in first_stage(jobs)))
        if not jobs:
            return Answer(("Nothing would run: all is as the code and the configuration want it.",))
        reasons = (Reasons(folder / "src") if arguments.after else Reasons()).summary(jobs)
    past = PastRuns(_results(jobs))
    costs = [past.cost(job) for job in jobs]
    return Answer(tuple(_lines(jobs, costs, reasons, arguments)))


def _dry_run(folder: Path, arguments: Namespace) -> str:
    """Return what a dry run of Snakemake in a folder prints."""
    profile = arguments.workflow_profile or (PROFILE if PROFILE.is_dir() else None)
    words = [sys.executable, "-m", "snakemake", "--dry-run", "--nocolor"]
    words += ["--cores", str(arguments.cores)]
    words += ["--workflow-profile", str(profile)] if profile else []
    if arguments.configfile:
        files = (
            path if (folder / path).is_file() else path.absolute() for path in arguments.configfile
        )
        words += ["--configfile", *map(str, files)]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - snakemake of this environment
        [*words, "--", *arguments.targets],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout + done.stderr
    if done.returncode != 0:
        last = "\n  ".join(printed.strip().splitlines()[-12:])
        raise ValueError(f"snakemake cannot plan:\n  {last}")
    return printed


def _results(jobs: Sequence[PlannedJob]) -> Path:
    return results_of(Path(next(job.record for job in jobs if job.record)))


def _lines(
    jobs: Sequence[PlannedJob],
    costs: Sequence[Cost],
    reasons: Sequence[tuple[str, int]],
    arguments: Namespace,
) -> Iterable[str]:
    yield f"{len(jobs)} jobs would run."
    yield ""
    yield from _table("rule", jobs, costs, lambda job: job.rule)
    if {job.arm for job in jobs} != {"-"}:
        yield ""
        yield from _table("arm", jobs, costs, lambda job: job.arm)
    yield ""
    yield _together(jobs, costs, arguments)
    yield ""
    yield "why"
    yield from (f"  {count:5}  {shortened(reason)}" for reason, count in reasons[:SHOWN_REASONS])
    if len(reasons) > SHOWN_REASONS:
        yield f"         and {len(reasons) - SHOWN_REASONS} more reasons"
    stage = first_stage(jobs)
    if len(stage) < len(jobs) and may_change_no_byte(stage):
        yield ""
        yield f"If the edit may change no byte, run {len(stage)} jobs first, then plan again:"
        yield "  snakemake --cores all $(crest plan --first)   (with the same --configfile)"
        yield "What reads equal bytes will not run. If you know that it changes none: crest accept."


def _table(
    title: str,
    jobs: Sequence[PlannedJob],
    costs: Sequence[Cost],
    name: Callable[[PlannedJob], str],
) -> list[str]:
    names = list(dict.fromkeys(map(name, jobs)))
    pairs = list(zip(jobs, costs, strict=True))
    of_name = {each: [pair for pair in pairs if name(pair[0]) == each] for each in names}
    rows = [_row(each, of_name[each]) for each in names]
    head = (title, "jobs", "wall", "CPU", "GPU", "disk", "from past runs")
    return columns([head, *rows, _row("total", pairs)])


def _row(name: str, pairs: Sequence[tuple[PlannedJob, Cost]]) -> tuple[str, ...]:
    known = [(job, cost.run) for job, cost in pairs if cost.run is not None]
    sizes = [run.bytes for _, run in known]
    return (
        name,
        str(len(pairs)),
        *(
            time_text(sum(seconds)) if known else "?"
            for seconds in (
                [run.wall_s for _, run in known],
                [run.cpu_s for _, run in known],
                [run.wall_s * job.gpus for job, run in known],
            )
        ),
        bytes_text(sum(size for size in sizes if size is not None)) if any(sizes) else "?",
        _basis([cost for _, cost in pairs]),
    )


def _basis(costs: Sequence[Cost]) -> str:
    """Return which past runs a row rests on, as `8 own, 2 same arm (of 16)`."""
    counts = Counter(cost.basis for cost in costs)
    of = {cost.basis: cost.runs for cost in costs if cost.basis in (SAME_ARM, SAME_RULE)}
    most = {basis: max(cost.runs for cost in costs if cost.basis == basis) for basis in of}
    return ", ".join(
        f"{count} {basis}" + (f" (mean of {most[basis]})" if basis in most else "")
        for basis, count in counts.items()
    )


def _together(jobs: Sequence[PlannedJob], costs: Sequence[Cost], arguments: Namespace) -> str:
    makers = {path: place for place, job in enumerate(jobs) for path in job.outputs}
    tasks = [
        Task(
            wall_s=cost.run.wall_s if cost.run else 0.0,
            threads=job.threads,
            gpus=job.gpus,
            parents=tuple(sorted({makers[path] for path in job.inputs if path in makers})),
        )
        for job, cost in zip(jobs, costs, strict=True)
    ]
    seconds = makespan(tasks, arguments.cores, arguments.gpus)
    unknown = sum(cost.basis == UNKNOWN for cost in costs)
    place = f"on {arguments.cores} cores" + (
        f" and {arguments.gpus} GPUs" if arguments.gpus else ""
    )
    if unknown == len(jobs):
        return "How long that takes is unknown: none of these rules has run here before."
    rest = f", and {unknown} jobs of unknown cost" if unknown else ""
    return f"Together {place}: {time_text(seconds)}{rest}."
