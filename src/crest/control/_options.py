"""Options that CARE and its parts share; defaults are those of CARE v2 [ours]."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

Share = Annotated[float, Field(gt=0, le=1)]
Probability = Annotated[float, Field(ge=0, le=1)]


class BudgetOptions(BaseModel):
    """Which budgets there are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budgets: tuple[Share, Share, Share] = Field(
        default=(1.0, 0.75, 0.5),
        description="Steps of a campaign that reuses, adapts and pilots, as shares of the study's: "
        "20, 15 and 10 of 20. The strict variant has 1, 0.5 and 0.5.",
    )

    @field_validator("budgets")
    @classmethod
    def _falls(cls, budgets: tuple[float, float, float]) -> tuple[float, float, float]:
        if sorted(budgets, reverse=True) != list(budgets):
            raise ValueError(f"budgets {budgets} rise; give them from the largest to the smallest")
        return budgets


class GateOptions(BudgetOptions):
    """When the transfer gate lets a campaign run in full."""

    reuse_ratio: Probability = Field(
        default=0.8, description="End over peak from which a campaign reuses the whole budget."
    )
    adapt_ratio: Probability = Field(
        default=0.5, description="End over peak from which it adapts; below, it pilots."
    )


class PosteriorOptions(BaseModel):
    """What is believed beforehand, and which predictions are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prior_sd: float = Field(
        default=0.15, gt=0, description="tau: prior standard deviation of every coefficient."
    )
    campaign_sd: float = Field(
        default=0.08,
        gt=0,
        description="s: standard deviation of true changes about the regression line.",
    )
    regression_margin: float = Field(
        default=0.05, ge=0, description="A capability regresses where it falls by more than this."
    )
    max_regression: Probability = Field(
        default=0.8, description="Refused: a larger probability that pass@1 regresses."
    )
    max_protected_regression: Probability = Field(
        default=0.9, description="Refused: a larger probability that a protected one regresses."
    )
    protected: tuple[str, ...] = Field(
        default=("distinct", "hard"), description="Capabilities that are protected."
    )
    window: int = Field(
        default=3, ge=1, description="Last campaigns among which those that regressed are counted."
    )


class RevisionOptions(BaseModel):
    """How beliefs are revised after a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inflation: float = Field(
        default=1.5, ge=1, description="Factor on the covariance after a bad surprise."
    )
    tightening: float = Field(
        default=0.1, ge=0, description="Rise of the gate's two ratios after a bad surprise."
    )
    decay: float = Field(
        default=0.05, gt=0, description="What a campaign without one takes off that rise."
    )


class CareOptions(GateOptions, PosteriorOptions, RevisionOptions):
    """Options of CARE with all its parts."""

    max_rejections: int | None = Field(
        default=None,
        ge=1,
        description="Campaigns in a row that may be rejected; the next pilots. Null, as in CARE "
        "v2, sets no limit: a rejected campaign shows nothing, so few chains then train again.",
    )
