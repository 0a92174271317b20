"""Planning: `snakemake -n` of crest's workflow against a bare Snakefile of the same shape.

Usage: python benchmarks/bench_plan.py [SEEDS x CAMPAIGNS ...], such as 5x6 41x10

The bare Snakefile has the same jobs with the same inputs and outputs, a constant as parameter and
`touch` as command. Both are planned by turns, with nothing made and with everything made. Wall
times depend on the machine and its load; ratios of CPU time hardly do.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from planning_trees import OVERLAY, Tree, finish_bare, finish_crest, make_tree

ROOT = Path(__file__).parents[1]
ROUNDS = 3
LOG = "plan.txt"
STUDIES = ("5x6", "41x10")
SPECS = """
import json, time
from pathlib import Path
from planning_trees import all_specs, study_plan
from tests.workflow.project import Job
jobs = [Job.of(rule, **wildcards) for rule, wildcards in json.loads(Path("jobs.json").read_text())]
plan = study_plan(Path())
seconds = []
for _ in range(2):
    start = time.process_time()
    all_specs(plan, jobs)
    seconds.append(time.process_time() - start)
print(*seconds)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of CPU time in all processes."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:6.2f} s ({self.cpu_s:6.2f} s CPU)"


def main(studies: list[str]) -> None:
    """Measure studies of several sizes, and print a table each."""
    for study in studies:
        seeds, campaigns = map(int, study.split("x"))
        with tempfile.TemporaryDirectory() as folder:
            tree = make_tree(Path(folder), seeds=seeds, campaigns=campaigns)
            print(f"\n{len(tree.jobs)} jobs: {seeds} seeds, {campaigns} campaigns")
            compare("nothing made", tree)
            tell_specs(tree)
            finish_crest(tree)
            finish_bare(tree)
            print(f"{'records adopted':18} crest {dry_run(tree.crest.folder)}", flush=True)
            compare("all made", tree)
            for plan in (tree.crest.folder / LOG, tree.bare / LOG):
                if "Nothing to be done" not in plan.read_text():
                    sys.exit(f"{plan}: with everything made there should be nothing to do")


def compare(name: str, tree: Tree) -> None:
    """Plan both studies by turns, and print the medians."""
    pairs = [(dry_run(tree.crest.folder), dry_run(tree.bare)) for _ in range(ROUNDS)]
    crest, bare = (median(costs) for costs in zip(*pairs, strict=True))
    print(
        f"{name:18} crest {crest}   bare {bare}   "
        f"ratio {crest.wall_s / bare.wall_s:.2f} ({crest.cpu_s / bare.cpu_s:.2f} of CPU time)",
        flush=True,
    )


def tell_specs(tree: Tree) -> None:
    """Print what all specs cost in a process of their own, without and with digests kept."""
    folder = tree.crest.folder
    jobs = [[planned.job.rule, dict(planned.job.wildcards)] for planned in tree.jobs]
    (folder / "jobs.json").write_text(json.dumps(jobs))
    shutil.rmtree(folder / ".crest", ignore_errors=True)
    path = os.pathsep.join([str(folder / "src"), str(ROOT), str(ROOT / "benchmarks")])
    for name in ("specs, cold", "specs, warm"):
        done = subprocess.run(
            [sys.executable, "-c", SPECS],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        first, again = map(float, done.stdout.split())
        print(
            f"{name:18} {first:.2f} s CPU, of which digests {first - again:.2f} s, "
            f"the rest {1e6 * again / len(jobs):.0f} us a job",
            flush=True,
        )


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each part."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
    )


def dry_run(folder: Path) -> Cost:
    """Return what a dry run in a folder costs."""
    command = [
        *(str(Path(sys.executable).with_name("snakemake")), "--dry-run", "--cores", "2"),
        *("--workflow-profile", "workflow/profiles/default", "--configfile", OVERLAY),
    ]
    start = time.perf_counter()
    with (folder / LOG).open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit((folder / LOG).read_text()[-4000:])
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main(sys.argv[1:] or list(STUDIES))
