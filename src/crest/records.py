"""The records that flow between layers: frozen, small, and free of behaviour.

A problem goes to a policy, which returns completions; problem and completion go to the grader as
a submission, which returns a verdict; problem, completion and verdict together are a rollout.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from crest.testing import Tests


@dataclass(frozen=True, slots=True)
class Problem:
    """One item: a prompt, and the tests that decide whether a completion solves it.

    Attributes:
        task_id: Unique over all splits.
        family: The kind of problem; one entry of the capability vector.
        level: Difficulty from 1, by construction.
        prompt: Text that the model continues.
        reference: A completion that passes; never shown to the model during training.
        tests: The hidden tests.
        continues_prompt: The program is `prompt + completion`; if not, the completion holds it.
        prelude: Source that stands before every program, as in the data set's own harness.
    """

    task_id: str
    family: str
    level: int
    prompt: str
    reference: str
    tests: Tests
    continues_prompt: bool = True
    prelude: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a policy wrote after a prompt.

    Attributes:
        token_ids: Sampled tokens, the end-of-sequence token included when it was sampled.
        text: The tokens as text, without the end-of-sequence token.
        log_probs: Natural log-probability of each sampled token at the sampling temperature.
        finish_reason: `stop` when the end-of-sequence token was sampled, `length` at the cap.
    """

    token_ids: tuple[int, ...]
    text: str
    log_probs: tuple[float, ...]
    finish_reason: Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Submission:
    """A program and the tests that judge it; what they expect never enters its process."""

    source: str
    tests: Tests


class Status(StrEnum):
    """What became of a submission. Only `PASS` earns a reward."""

    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    """Every test was right."""
    WA = "WA"
    """An output differs, is missing, or is no plain value."""
    NOCODE = "NOCODE"
    """The completion holds no program."""
    CE = "CE"
    """The program does not compile."""
    LOAD = "LOAD"
    """The module body raised, or the entry function is not there."""
    EXC = "EXC"
    """A call raised, or a run ended with an exception or a non-zero status."""
    TLE = "TLE"
    """The CPU limit was reached."""
    MLE = "MLE"
    """The memory limit was reached, or there were far too many threads."""
    OLE = "OLE"
    """The output limit was reached."""
    SIG = "SIG"
    """The process died of a signal."""
    WALL = "WALL"
    """The program stood still, or the wall-clock back-stop was reached; never cached."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The grader's judgement of one submission.

    Attributes:
        status: What happened.
        passed_tests: One flag a hidden test, in the problem's order.
        level: Name of the jail's level in which the program ran.
    """

    status: Status
    passed_tests: tuple[bool, ...]
    level: str = ""

    @property
    def passed(self) -> bool:
        """Return whether the submission solves its problem."""
        return self.status is Status.PASS


Grade = Callable[[Sequence[Submission]], list[Verdict]]
"""What learning and evaluation know of the grader: submissions in, verdicts out, same order."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """One graded sample: the unit of training."""

    problem: Problem
    sample_id: int
    completion: Completion
    verdict: Verdict


CAPABILITIES = ("pass@1", "pass@k", "distinct", "hard")
"""The capability vector: names of its components, in order."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured number and its sampling variance, the problems taken as given."""

    value: float
    variance: float


Capability = Mapping[str, Estimate]
"""Estimates by name, among `CAPABILITIES`; what the watched problems cannot show is absent.

pass@1; pass@k, where k is the number of samples a problem; distinct, distinct passing programs over
samples, mean over problems; hard, pass@1 on problems of the highest level.
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A policy at one step of a campaign, by its samples of the watched problems.

    Attributes:
        capability: What it can do.
        entropy: Of its next token, in nats, mean over the sampled tokens.
        num_correct: Samples that pass.
        num_samples: Samples in all.
    """

    capability: Capability
    entropy: float
    num_correct: int
    num_samples: int


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What a controller decides before a campaign's first step.

    Attributes:
        num_steps: Budget of gradient steps; 0 measures the start and trains nothing.
        patience: Stop this many steps after the best step so far; None runs the whole budget.
        learning_rate_scale: Factor on the arm's learning rate.
        reason: Why, in words.
        beliefs: Numbers behind the decision, as JSON values, for the record alone.
    """

    num_steps: int
    patience: int | None = None
    learning_rate_scale: float = 1.0
    reason: str = ""
    beliefs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CampaignCurve:
    """What a controller may look at after a campaign.

    Attributes:
        campaign: Position in the chain, from 1.
        plan: What was decided before it.
        snapshots: On the select split, before any step and after each step run.
    """

    campaign: int
    plan: CampaignPlan
    snapshots: tuple[Snapshot, ...]

    @property
    def select_pass_at_1(self) -> tuple[float, ...]:
        """Return pass@1 on the select split before any step and after each step run."""
        return tuple(snapshot.capability["pass@1"].value for snapshot in self.snapshots)

    @property
    def steps_run(self) -> int:
        """Return the number of gradient steps taken."""
        return len(self.snapshots) - 1

    @property
    def peak_step(self) -> int:
        """Return the first step with the highest select pass@1 (0 is the start)."""
        curve = self.select_pass_at_1
        return max(range(len(curve)), key=curve.__getitem__)


@dataclass(frozen=True, slots=True)
class Selection:
    """What rolls forward to the next campaign, and why.

    Attributes:
        step: Of this campaign.
        reason: In words.
        campaign: An earlier campaign, whose rolled-out checkpoint rolls forward in place of this
            campaign's step; 0 is the chain's first start. None: this campaign's step.
    """

    step: int
    reason: str
    campaign: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A finished campaign as its successors see it."""

    curve: CampaignCurve
    selection: Selection


@dataclass(frozen=True, slots=True)
class History:
    """The decisions of a chain so far, oldest first."""

    decisions: tuple[Decision, ...] = ()
