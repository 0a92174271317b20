"""The samples of a round of self-training, and which of them are kept to train on.

What is kept is the model's own: nothing here looks at a task's secret program.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from crest import seeds
from crest.config import RecipeConfig, SamplingConfig
from crest.crossover.counts import fits
from crest.learning.kept_samples import from_samples
from crest.learning.supervised import Example, SupervisedOptions, fine_tune
from crest.models.policy import Policy
from crest.records import Problem, Rollout
from crest.tasks.flashfill.verifier import verify
from crest.work import Kept

log = logging.getLogger(__name__)

SCHEMA = {
    "task_id": pl.String,
    "level": pl.Int64,
    "num_samples": pl.Int64,
    "num_correct": pl.Int64,
    "num_distinct_correct": pl.Int64,
    "num_kept": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one round gathered.

    Attributes:
        table: One row a task, with the columns of `SCHEMA`.
        examples: The kept programs, with their prompts.
    """

    table: pl.DataFrame
    examples: list[Example]


def gather(
    policy: Policy,
    problems: Sequence[Problem],
    recipe: RecipeConfig,
    sampling: SamplingConfig,
    stream: Sequence[str | int],
    *,
    num_visible: int,
    kept: Kept,
) -> Harvest:
    """Sample programs for every problem, and keep some of those that the verifier accepts.

    Args:
        policy: Writes the programs.
        problems: The round's pool.
        recipe: How many samples, which count as verified, and how many are kept.
        sampling: Temperature and cap.
        stream: Names the samples. Recipes that share it, and the weights, draw the same samples.
        num_visible: Pairs that a problem shows.
        kept: What is finished already, and where the rest is kept as it is finished.
    """

    def piece(group: Sequence[Rollout]) -> list[Any]:
        return _piece(group, recipe, stream, num_visible)

    pieces = from_samples(
        policy,
        problems,
        verify,
        stream,
        piece,
        num_generations=recipe.num_generations,
        sampling=sampling,
        kept=kept,
        place="pool",
    )
    rows, examples = [], []
    for problem, (row, chosen) in zip(problems, pieces, strict=True):
        rows.append(row)
        examples += [Example(problem.task_id, problem.prompt, tuple(ids)) for ids in chosen]
    return Harvest(pl.DataFrame(rows, schema=SCHEMA), examples)


def learn(
    policy: Policy,
    examples: Sequence[Example],
    recipe: RecipeConfig,
    stream: Sequence[str | int],
) -> None:
    """Fine-tune a policy in place on what was kept; without a kept program it stays as it is."""
    if not examples:
        log.warning("no program was verified, so the model stays as it is")
        return
    options = SupervisedOptions(
        learning_rate=recipe.learning_rate,
        num_train_epochs=recipe.num_train_epochs,
        batch_size=recipe.batch_size,
    )
    metrics = fine_tune(policy, examples, options, stream)
    log.info("%d updates, loss %.3f", len(metrics), metrics[-1]["loss"])


def _piece(
    group: Sequence[Rollout], recipe: RecipeConfig, stream: Sequence[str | int], num_visible: int
) -> list[Any]:
    """Return a task's row, and the token ids of what is kept of its samples."""
    problem = group[0].problem
    verified = [each for each in group if _is_verified(each, recipe, num_visible)]
    correct = [each.completion.text for each in group if each.verdict.passed]
    chosen = choose(verified, recipe.keep, (*stream, "keep", problem.task_id))
    row = {
        "task_id": problem.task_id,
        "level": problem.level,
        "num_samples": len(group),
        "num_correct": len(correct),
        "num_distinct_correct": len(set(correct)),
        "num_kept": len(chosen),
    }
    return [row, [list(ids) for ids in chosen]]


def choose(
    verified: Sequence[Rollout], keep: int, stream: Sequence[str | int]
) -> list[tuple[int, ...]]:
    """Return the token ids of at most `keep` programs, drawn from the distinct ones.

    Args:
        verified: Of one task. Those that were cut off have no end, and are not learnt.
        keep: How many at most.
        stream: Names the draw.
    """
    whole = (each.completion for each in verified if each.completion.finish_reason == "stop")
    distinct = list({completion.text: completion.token_ids for completion in whole}.values())
    order = seeds.generator(*stream).permutation(len(distinct))
    return [distinct[place] for place in order[:keep]]


def _is_verified(rollout: Rollout, recipe: RecipeConfig, num_visible: int) -> bool:
    if recipe.verify == "visible":
        return fits(rollout, num_visible)
    return rollout.verdict.passed
