"""Studies to plan, without a run: crest's own workflow, and a bare Snakefile of the same shape."""

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from tests.workflow.project import Job, PlannedJob, Project, copy_project

from crest.checksums import SUMS, format_sums
from crest.config import load_config
from crest.job_record import FileRecord, JobRecord, record_file
from crest.plan import Plan
from crest.tracking import Memory, Tracking

RESULTS = "results"
OVERLAY = "overlay.yaml"
BARE_PARAMS = "constant"
MADE_AT = 1_000_000_000
"""Time of all files, so that none is newer than another, in seconds since 1970."""
PROFILE = "workflow/profiles/default/config.yaml"

RULE = re.compile(r"^(?:use )?rule (?:\w+ as )?(\w+)(?: with)?:\n((?:    .*\n|\n)+)", re.MULTILINE)
Spec = Callable[[Plan, Job], str]

SPECS: dict[str, Spec] = {
    "make_tasks": lambda plan, _: plan.make_tasks(),
    "train_base": lambda plan, job: plan.train_base(int(job["base_seed"])),
    "run_campaign": lambda plan, job: plan.run_campaign(*_chain(job), int(job["campaign"])),
    "evaluate_chain": lambda plan, job: plan.evaluate_chain(*_chain(job)),
    "sample_pass_at_k": lambda plan, job: plan.sample_pass_at_k(*_chain(job)),
    "sample_base_pass_at_k": lambda plan, job: plan.sample_pass_at_k(
        "base", "base", int(job["base_seed"])
    ),
    "audit_grader": lambda plan, _: plan.audit_grader(),
    "choose_learning_rates": lambda plan, _: plan.choose_learning_rates(),
    "collect_table": lambda plan, job: plan.collect_table(job["table"]),
    "compute_statistic": lambda plan, job: plan.compute_statistic(job["statistic"]),
    "judge_claims": lambda plan, _: plan.judge_claims(),
    "draw_figure": lambda plan, job: plan.draw_figure(job["figure"]),
    "build_report": lambda plan, _: plan.build_report(),
}
"""How the rules ask for their specs."""


def _chain(job: Job) -> tuple[str, str, int]:
    return job["study"], job["method"], int(job["seed"])


def all_specs(plan: Plan, jobs: Iterable[Job]) -> list[str]:
    """Return the spec of each job."""
    return [SPECS[job.rule](plan, job) for job in jobs]


@dataclass(frozen=True)
class Tree:
    """A study of crest and a bare one, each in a folder of its own.

    Attributes:
        crest: A copy of the project with an overlay that sets the number of seeds and campaigns.
        bare: A folder whose Snakefile has the same jobs with the same inputs and outputs.
        jobs: All jobs but `all`.
    """

    crest: Project
    bare: Path
    jobs: tuple[PlannedJob, ...]


def make_tree(folder: Path, *, seeds: int, campaigns: int) -> Tree:
    """Return both studies, nothing of them made yet.

    Raises:
        ValueError: The two do not plan the same jobs.
    """
    (folder / "crest").mkdir()
    crest = copy_project(folder / "crest")
    study = {"seeds": list(range(seeds)), "campaigns": campaigns}
    overlay = {"study": study, "pilot": {"seeds": [10_000, 10_001]}}
    (crest.folder / OVERLAY).write_text(yaml.safe_dump(overlay))
    jobs = crest.plan(preset=OVERLAY)
    bare = folder / "bare"
    _write_bare(crest.folder, bare, jobs)
    if set(Project(bare).plan(preset=OVERLAY)) != set(jobs):
        raise ValueError(f"{bare} plans other jobs than {crest.folder}")
    return Tree(crest, bare, tuple(each for each in jobs if each.job.rule != "all"))


def _write_bare(crest: Path, bare: Path, jobs: Iterable[PlannedJob]) -> None:
    """Write a Snakefile with the rules' outputs, and inputs looked up by the first output."""
    text = "\n".join(path.read_text() for path in sorted((crest / "workflow/rules").glob("*.smk")))
    outputs = {name: _outputs(body) for name, body in RULE.findall(text)}
    constraints = sorted(set(re.findall(r'\b(\w+=r?"[^"<>{}/ ]+"),\n', text)))
    lines = [
        "import json",
        "with open('inputs.json') as file:",
        "    INPUTS = json.load(file)",
        "wildcard_constraints:",
        *(f"    {line}," for line in constraints),
        "rule all:",
        f"    input: '{RESULTS}/report.html'",
    ]
    for name, patterns in outputs.items():
        lines += [
            f"rule {name}:",
            f"    input: lambda wildcards: INPUTS[{patterns[0]!r}.format(**wildcards)]",
            f"    output: {', '.join(map(repr, patterns))}",
            f"    params: spec={BARE_PARAMS!r}",
            "    shell: 'touch {output}'",
        ]
    named = [planned for planned in jobs if planned.job.rule in outputs]
    inputs = {
        outputs[each.job.rule][0].format(**dict(each.job.wildcards)): each.inputs for each in named
    }
    (bare / PROFILE).parent.mkdir(parents=True)
    (bare / PROFILE).write_text((crest / PROFILE).read_text())
    (bare / "Snakefile").write_text("\n".join(lines) + "\n")
    (bare / "inputs.json").write_text(json.dumps(inputs))
    (bare / OVERLAY).write_text("{}\n")


def _outputs(body: str) -> list[str]:
    """Return the patterns of a rule's outputs."""
    block = re.search(r"^    output:\n((?:        .*\n)+)", body, re.MULTILINE)
    patterns = re.findall(r'"(<\w+>/[^"]*)"', block.group(1) if block else "")
    return [_placed(pattern) for pattern in patterns]


def _placed(pattern: str) -> str:
    return pattern.replace("<results>", RESULTS).replace("<records>", f"{RESULTS}/records")


def finish_crest(tree: Tree) -> None:
    """Make every file of crest's study, and every record; Snakemake knows of none of them."""
    for planned in tree.jobs:
        for path in planned.outputs:
            _fill(tree.crest.folder / path)
    files: dict[str, FileRecord] = {}
    specs = all_specs(study_plan(tree.crest.folder), (planned.job for planned in tree.jobs))
    for planned, spec in zip(tree.jobs, specs, strict=True):
        (record,) = (path for path in planned.outputs if path.startswith(f"{RESULTS}/records/"))
        made = [path for path in planned.outputs if path != record]
        for path in made:
            files[path] = _recorded(tree, path)
        inputs, outputs = ([files[path] for path in side] for side in (planned.inputs, made))
        job_record = JobRecord(json.loads(spec), {"inputs": inputs}, {"outputs": outputs})
        text = json.dumps({"form": 1, **asdict(job_record)})
        (tree.crest.folder / record).write_text(text)


def finish_bare(tree: Tree) -> None:
    """Make every file of the bare study, and let Snakemake remember its jobs."""
    memories: dict[str, Memory] = {}
    for planned in tree.jobs:
        for path in planned.outputs:
            _fill(tree.bare / path)
        memory = Memory(planned.job.rule, {}, planned.inputs, [BARE_PARAMS], MADE_AT)
        memories |= dict.fromkeys(planned.outputs, memory)
    Tracking(tree.bare).write(memories)


def study_plan(folder: Path) -> Plan:
    """Return the plan of a copy of the project with its overlay."""
    config = yaml.safe_load((folder / "config.yaml").read_text())
    for section, values in yaml.safe_load((folder / OVERLAY).read_text()).items():
        config[section] = {**config[section], **values}
    return Plan(load_config(config))


def _fill(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == SUMS:
        (path.parent / "weights").write_text(f"{path.parent}\n")
        path.write_text(format_sums(path.parent))
    else:
        path.write_text(f"{path}\n")
    os.utime(path, (MADE_AT, MADE_AT))


def _recorded(tree: Tree, path: str) -> FileRecord:
    return record_file(tree.crest.folder / path, tree.crest.folder / RESULTS)
