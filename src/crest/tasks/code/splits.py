"""The three splits of the code tasks, and the proof that they share nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from crest.config import TasksConfig
from crest.records import Problem
from crest.tasks.code.behaviour import outputs
from crest.tasks.code.draw import Drawing
from crest.tasks.code.examine import Examined
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.quotas import check_weights
from crest.tasks.code.spec import parse_prompt

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Splits:
    """The problems of a study.

    Attributes:
        train: Problems to train on.
        select: Problems that a method may watch.
        report: Problems that no method sees.
        mutation_table: A row per problem: split, task_id, family, level, num_mutants, num_killed,
            num_equivalent_on_candidates.
        rejected: How many drawn specs were turned down, by reason.
    """

    train: list[Problem]
    select: list[Problem]
    report: list[Problem]
    mutation_table: pl.DataFrame
    rejected: dict[str, int]


def make_splits(config: TasksConfig) -> Splits:
    """Draw the problems of all splits, choose their hidden tests and check what must hold.

    Raises:
        ValueError: The families hold too few problems, or the splits share one.
    """
    check_weights(config.family_weights)
    if config.hidden_tests > config.candidate_inputs // 2:
        raise ValueError(
            f"hidden_tests is {config.hidden_tests} of {config.candidate_inputs} candidate_inputs: "
            "ask for at most half of them"
        )
    drawing = Drawing(config)
    # The splits that are measured come first: if a family runs out, training has less of it.
    drawn = {
        "report": drawing.take(config.report),
        "select": drawing.take(config.select),
        "train": drawing.take(config.train),
    }
    problems = {name: [one.problem for one in examined] for name, examined in drawn.items()}
    check_disjoint(problems, num_inputs=config.candidate_inputs, seed=config.seed)
    return Splits(
        **problems,
        mutation_table=_mutation_table(drawn),
        rejected={reason.value: count for reason, count in sorted(drawing.rejected.items())},
    )


def check_disjoint(splits: Mapping[str, Sequence[Problem]], *, num_inputs: int, seed: int) -> None:
    """Raise if two splits share a problem, by canonical spec or by behaviour.

    Specs are read back from the prompts, so the check holds for problems from a file as well.

    Args:
        splits: The problems of each split.
        num_inputs: Number of candidate inputs on which behaviours are compared.
        seed: The seed of the candidate inputs.

    Raises:
        ValueError: Names the shared problems.
    """
    keys = {
        name: {key: one.task_id for one in split for key in _identities(one, num_inputs, seed)}
        for name, split in splits.items()
    }
    for first, second in combinations(splits, 2):
        shared = {keys[first][key] for key in keys[first].keys() & keys[second].keys()}
        if shared:
            raise ValueError(
                f"the splits {first} and {second} share {len(shared)} problems "
                f"({_shorten(sorted(shared))}): make both from one draw, with another tasks.seed"
            )


def _identities(problem: Problem, num_inputs: int, seed: int) -> tuple[str, str]:
    """Return what no other split may have: the canonical spec, and its outputs as one text."""
    spec = parse_prompt(problem.prompt)
    inputs = candidate_inputs(spec.family, num_inputs, seed)
    return spec.canonical, repr(outputs(spec, inputs))


def _mutation_table(drawn: Mapping[str, Iterable[Examined]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "split": split,
            "task_id": one.problem.task_id,
            "family": one.problem.family,
            "level": one.problem.level,
            "num_mutants": one.num_mutants,
            "num_killed": one.num_killed,
            "num_equivalent_on_candidates": one.num_equivalent_on_candidates,
        }
        for split, examined in drawn.items()
        for one in examined
    )


def _shorten(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
