"""What a controller with a posterior foresees of the campaign that is about to run."""

from dataclasses import dataclass

from crest.control._beliefs import Beliefs, Predictions, beliefs_after, changes_json, refusal
from crest.control._experience import (
    FEATURES,
    Setting,
    context_of,
    experiences,
    latest_ratio,
)
from crest.control._gate import Verdict
from crest.control._options import PosteriorOptions, RevisionOptions
from crest.control._posterior import Vector
from crest.records import History, Snapshot


@dataclass(frozen=True, slots=True)
class Foresight:
    """The start of a campaign in the light of all before it.

    Attributes:
        history: All before it.
        start: Measured before its first step.
        options: Of the posterior.
        setting: What scales contexts.
        beliefs: After all before it.
    """

    history: History
    start: Snapshot
    options: PosteriorOptions
    setting: Setting
    beliefs: Beliefs

    def predict(self, num_steps: int) -> Predictions:
        """Return what is believed of each capability's true change at a budget."""
        names = tuple(self.start.capability)
        return self.beliefs.predict(self._context(num_steps), names, self.options.campaign_sd)

    def refusal(self, num_steps: int) -> str:
        """Return why a budget is refused, or nothing."""
        return refusal(self.predict(num_steps), self.options)

    def to_json(self, verdict: Verdict, num_steps: int) -> dict[str, object]:
        """Return the beliefs behind a verdict as JSON values, foreseen at a number of steps."""
        context = self._context(num_steps).tolist()
        return {
            "verdict": verdict.value,
            "ratio": latest_ratio(self.history),
            "surprised": self.beliefs.surprised,
            "tightening": self.beliefs.tightening,
            "context": dict(zip(FEATURES, context, strict=True)),
            "changes": changes_json(
                self.predict(num_steps), self.start.capability, self.options.regression_margin
            ),
        }

    def _context(self, num_steps: int) -> Vector:
        return context_of(self.history, self.start, num_steps, self.setting)


def foresee(
    history: History,
    start: Snapshot,
    options: PosteriorOptions,
    *,
    revision: RevisionOptions | None,
    max_steps: int,
) -> Foresight:
    """Return the start of a campaign in the light of its history.

    Args:
        history: All campaigns before it.
        start: Measured before its first step.
        options: Of the posterior.
        revision: Of belief revision; None never revises.
        max_steps: The study's budget.
    """
    setting = Setting(max_steps, options.regression_margin, options.window)
    beliefs = beliefs_after(experiences(history, setting), options, revision)
    return Foresight(history, start, options, setting, beliefs)
