"""Samples of many problems, some at a time; what is taken of each problem's is kept at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crest.config import SamplingConfig
from crest.learning.sampling import sample_rollouts
from crest.models.policy import Policy
from crest.records import Grade, Problem, Rollout
from crest.work import Kept

MAX_ROWS = 1024
"""Completions drawn together, and finished together; more take memory, fewer take time.

Fixed, since another size rounds other products of matrices, which once in a while moves a sample.
"""


def from_samples(
    policy: Policy,
    problems: Sequence[Problem],
    grade: Grade,
    stream: Sequence[str | int],
    take: Callable[[Sequence[Rollout]], Any],
    *,
    num_generations: int,
    sampling: SamplingConfig,
    kept: Kept,
    place: str,
) -> Iterator[Any]:
    """Yield what is taken from each problem's samples, in the problems' order.

    Args:
        policy: Writes the completions.
        problems: Distinct problems.
        grade: Judges programs.
        stream: Names the samples. Checkpoints that share it share their noise, so that their
            difference is measured more sharply than either.
        take: What is wanted of one problem's samples, as plain values that JSON holds.
        num_generations: Samples a problem.
        sampling: Temperature and cap.
        kept: What is finished already, and where the rest is kept as it is finished.
        place: Name of these samples there; no two calls of a job share it.
    """
    chunk = max(1, MAX_ROWS // num_generations)
    for first in range(0, len(problems), chunk):
        name = f"{place}, problems from {first}"
        taken = kept.recall(name)
        if taken is None:
            groups = sample_rollouts(
                policy,
                problems[first : first + chunk],
                grade,
                stream,
                num_generations=num_generations,
                temperature=sampling.temperature,
                max_completion_length=sampling.max_completion_length,
            )
            taken = [take(group) for group in groups]
            done = first + len(taken)
            kept.put(name, taken, f"problem {done} of {len(problems)} of {place}")
        yield from taken
