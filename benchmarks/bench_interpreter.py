"""Speed of the string language: evaluations, verdicts, tasks, and the search for fewer parts.

Usage:
    python benchmarks/bench_interpreter.py

Rates are per CPU second of one thread: that is the wall clock of a quiet machine, also where other
work runs beside it. Tasks and programs are those of `config.yaml`.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from crest.config import load_config
from crest.records import Problem, Submission
from crest.tasks.flashfill.banks import draw_banks, draw_corpus, draw_pool
from crest.tasks.flashfill.canonical import canonical_text
from crest.tasks.flashfill.enumeration import explain
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.problem import make_problem
from crest.tasks.flashfill.signature import signature
from crest.tasks.flashfill.text import parse_program
from crest.tasks.flashfill.verifier import verify

CONFIG = Path(__file__).parents[1] / "config.yaml"
NUM_TASKS, NUM_SEARCHES = 3000, 60
PER_COMPILE = 8
REPEATS = 3


def rate(count: int, work: Callable[[], object]) -> float:
    """Return the median number of things done in a CPU second."""
    rates = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        rates.append(count / (time.process_time() - start))
    return statistics.median(rates)


def main() -> None:
    """Print one line a kind of work."""
    config = load_config(yaml.safe_load(CONFIG.read_text(encoding="utf-8"))).crossover.tasks
    start = time.process_time()
    banks = draw_banks(config)
    print(f"banks: {time.process_time() - start:.1f} CPU-s for two of {config.bank_size} tasks")
    claimed = banks.claimed
    tasks = draw_pool(config, "bench", NUM_TASKS, claimed)
    programs = [parse_program(task.program) for task in tasks]
    functions = [compile_program(program) for program in programs]
    problems: list[Problem] = [
        make_problem(task, 0, num_visible=2, irregular_visible=config.irregular_visible)
        for task in tasks
    ]
    submissions = [Submission(problem.reference, problem.tests) for problem in problems]
    searched = [task for task in tasks if task.level > 1][:NUM_SEARCHES]
    kinds: dict[str, tuple[int, Callable[[], object]]] = {
        "evaluations, compiled once": (
            NUM_TASKS * config.num_pairs,
            lambda: [run(f, task.inputs) for f, task in zip(functions, tasks, strict=True)],
        ),
        f"evaluations, {PER_COMPILE} a compilation": (
            NUM_TASKS * PER_COMPILE,
            lambda: [
                run(compile_program(program), task.inputs[:PER_COMPILE])
                for program, task in zip(programs, tasks, strict=True)
            ],
        ),
        "programs parsed": (NUM_TASKS, lambda: [parse_program(task.program) for task in tasks]),
        "verdicts": (NUM_TASKS, lambda: verify(submissions)),
        "normal forms": (NUM_TASKS, lambda: list(map(canonical_text, programs))),
        "signatures": (NUM_TASKS, lambda: list(map(signature, functions))),
        "tasks of a pool": (NUM_TASKS, lambda: draw_pool(config, "bench", NUM_TASKS, claimed)),
        "examples of a corpus": (
            NUM_TASKS,
            lambda: list(draw_corpus(config, 0, NUM_TASKS, claimed)),
        ),
        "searches for fewer parts": (
            len(searched),
            lambda: [explain(task.inputs, task.outputs, task.level - 1) for task in searched],
        ),
    }
    for name, (count, work) in kinds.items():
        print(f"{name:30} {rate(count, work):10.0f} per CPU-s")


if __name__ == "__main__":
    main()
