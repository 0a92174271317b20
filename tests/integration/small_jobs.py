"""Jobs that resume, each on inputs that take seconds: what tests of kills and stops drive.

A folder is prepared by `prepare`, once; `JOBS` names them, `command` starts one in it.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
import yaml

from crest.config import load_config
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.plan import Chain, Plan
from crest.records import Problem
from crest.tasks.bank import write_problems
from crest.tasks.code import make_splits
from crest.testing import FunctionTests

ROOT = Path(__file__).parents[2]
RESULTS = Path("results")
SUMS = "SHA256SUMS"
CHAIN = Chain("collapse", "organism", "naive", 0)
CAMPAIGN = RESULTS / CHAIN.campaign(1)
MODEL = RESULTS / "models/organism/seed0/model" / SUMS
SPLITS = ("train", "select", "report")
TASKS = {name: RESULTS / f"tasks/{name}.parquet" for name in SPLITS}
MADE = {name: RESULTS / f"made/{name}.parquet" for name in SPLITS}
"""Problems as the study makes them, which no random model solves; those in `TASKS`, it may."""

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}

SHAPE = {
    "vocab_size": 270,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 128,
}
OVERLAY = {
    "tasks": {"train": 8, "select": 8, "report": 8, "hidden_tests": 3, "candidate_inputs": 20},
    "study": {"arms": ["naive"], "seeds": [0], "campaigns": 1, "max_steps": 8},
    "models": {
        "organism": {
            "base_seeds": [0],
            "shape": {"kind": "qwen2", **SHAPE},
            "corpus": {"num_pairs": 4000},
            "pretraining": {"batch_size": 16},
        },
    },
    "sampling": {"max_completion_length": 12},
    "training": {"problems_per_campaign": 8, "prompts_per_step": 4, "num_generations": 8},
    "monitor": {"num_problems": 6, "num_generations": 4, "kl_completions": 6},
    "evaluation": {"num_problems": 3, "num_generations": 1024},
    "pass_at_k": {"num_problems": 5, "num_generations": 1024},
    "referee": {
        "repeats": 2,
        "repeat_problems": 3,
        "repeat_generations": 512,
        "pool_problems": 8,
    },
    "regime": {"prompts_per_step": [4]},
    "audit": {"num_programs": 30, "repeats": 4, "oversubscription": 1},
}


def plan() -> Plan:
    """Return the plan of the small study."""
    raw = _merged(yaml.safe_load((ROOT / "config.yaml").read_text()), OVERLAY)
    raw["arms"]["naive"]["learning_rate"] = 0.01
    return Plan(load_config(raw))


def prepare(folder: Path) -> None:
    """Make problems and a base model with random weights in an empty folder."""
    problems = [_problem(number) for number in range(24)]
    made = make_splits(plan().config.tasks)
    for position, name in enumerate(SPLITS):
        own = problems[8 * position : 8 * position + 8]
        write_problems(own, folder / TASKS[name], stamp="{}")
        write_problems(getattr(made, name), folder / MADE[name], stamp="{}")
    texts = [problem.prompt + problem.reference for problem in problems]
    tokenizer = Tokenizer.train(texts, TokenizerOptions(vocab_size=SHAPE["vocab_size"]))
    shape = load_shape("qwen2", SHAPE).with_vocabulary(tokenizer.vocab_size)
    network = Organism(shape)
    network.initialise(torch.Generator().manual_seed(0), std=0.3)
    OrganismPolicy(network, tokenizer).save((folder / MODEL).parent, stamp="{}")


def run_campaign() -> list[str]:
    """Return the arguments of the first campaign."""
    cell = CAMPAIGN
    outputs = {name: cell / name / SUMS for name in ("start", "peak", "end", "next")}
    outputs |= {name: cell / f"{name}.parquet" for name in ("steps", "monitor", "rollouts")}
    return _arguments(
        plan().run_campaign(CHAIN, 1),
        CHAIN.campaign(1),
        {
            **{name: TASKS[name] for name in ("train", "select")},
            "start-model": MODEL,
            "base": MODEL,
            **outputs,
            "decision": cell / "decision.json",
        },
        {"history": [], "earlier": [], "learning-rates": []},
    )


def train_base() -> list[str]:
    """Return the arguments of a base model's training."""
    return _arguments(
        plan().train_base("organism", 1),
        "train_base/organism/seed1",
        {**MADE, "model": RESULTS / "models/organism/seed1/model" / SUMS},
    )


def evaluate_chain() -> list[str]:
    """Return the arguments of the evaluation of the campaign, which has run."""
    cell = CAMPAIGN
    return _arguments(
        plan().evaluate_chain(CHAIN),
        f"{CHAIN.folder}/evaluation",
        {
            "problems": TASKS["report"],
            "decision": cell / "decision.json",
            "evaluation": cell.parent / "evaluation.parquet",
        },
        {"checkpoints": [cell / name / SUMS for name in ("start", "peak", "end", "next")]},
    )


def sample_pass_at_k() -> list[str]:
    """Return the arguments of the many samples of the base model."""
    return _arguments(
        plan().sample_base_pass_at_k("organism", 0),
        "sample_base_pass_at_k/organism/seed0",
        {
            "report": TASKS["report"],
            "model": MODEL,
            "samples": RESULTS / "models/organism/seed0/samples.parquet",
        },
    )


def repeat_evaluations() -> list[str]:
    """Return the arguments of the repeated evaluation of the campaign, which has run."""
    return _arguments(
        plan().repeat_evaluations(CHAIN),
        f"{CHAIN.folder}/repeats",
        {"problems": TASKS["report"], "repeats": CAMPAIGN.parent / "repeats.parquet"},
        {"checkpoints": [CAMPAIGN / name / SUMS for name in ("start", "peak", "end")]},
    )


def audit_grader() -> list[str]:
    """Return the arguments of the audit of the campaign, which has run."""
    rollouts = [CAMPAIGN / "rollouts.parquet"]
    return _arguments(
        plan().audit_grader(),
        "audit_grader",
        {"problems": TASKS["train"], "regrades": RESULTS / "grader/regrades.parquet"},
        {"rollouts": rollouts},
    )


JOBS: Mapping[str, Callable[[], list[str]]] = {
    "campaign": run_campaign,
    "base": train_base,
    "evaluation": evaluate_chain,
    "pass@k": sample_pass_at_k,
    "repeats": repeat_evaluations,
    "audit": audit_grader,
}
"""The arguments of jobs that resume, by a name for each."""

NEEDS = dict.fromkeys(("evaluation", "repeats", "audit"), "campaign")
"""The job whose outputs another one reads, where these are not prepared."""


def command(job: str) -> list[str]:
    """Return the command line of a job, to be run in its folder with `ENVIRONMENT`."""
    return [sys.executable, "-m", *JOBS[job]()]


def work_entries(folder: Path) -> list[Path]:
    """Return the markers of all entries that jobs keep in a folder."""
    return sorted((folder / ".crest/work").glob("*/entry-?????.json"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the results, records among them, by path."""
    results = folder / RESULTS
    return {
        str(path.relative_to(results)): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file()
    }


def copy(folder: Path, target: Path) -> Path:
    """Return a copy of a prepared folder with its results alone: no work, no verdicts."""
    shutil.copytree(folder / RESULTS, target / RESULTS)
    return target


def _problem(number: int) -> Problem:
    """Return a problem that a completion solves which is a comment of one line."""
    tests = FunctionTests("f", ((1,), (2,)), (1 + number, 2 + number))
    prompt = f"def f(x):\n    return x + {number}  #"
    return Problem(f"task{number}", f"family{number % 2}", 1, prompt, " so\n", tests)


def _arguments(
    spec: str,
    name: str,
    files: Mapping[str, Path],
    lists: Mapping[str, list[Path]] | None = None,
) -> list[str]:
    job = yaml.safe_load(spec)["job"]
    record = RESULTS / "records" / f"{name}.json"
    options = [part for key, path in files.items() for part in (f"--{key}", str(path))]
    for key, paths in (lists or {}).items():
        options += [f"--{key}", *map(str, paths)]
    return [f"crest.jobs.{job}", "--spec", spec, "--record", str(record), *options]


def _merged(base: dict[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in overlay.items():
        inner = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if inner else value
    return merged
