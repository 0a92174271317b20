"""Collected tables of a study that never ran: consistent, small, and of known shape.

Each problem has a difficulty; a policy is one number, its skill; a sample passes with probability
`sigmoid(skill - difficulty)`. An arm is a rule for how the skill moves within a campaign and for
which step rolls forward, so that `naive` rises and falls and `es` keeps its peaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest import seeds

ALL_METHODS = ("naive", "healthy", "grpo", "es", "es_patience", "grpo_es", "short", "random_step")
FAMILIES = {
    "map_reduce": 1,
    "filter_reduce": 1,
    "order_slice": 1,
    "string": 1,
    "filter_map": 2,
    "pairwise": 2,
    "cond": 2,
    "chain3": 3,
}
COUNTS = (
    "task_id",
    "family",
    "level",
    "num_samples",
    "num_correct",
    "num_distinct",
    "num_distinct_correct",
    "grader_level",
)


@dataclass(frozen=True, slots=True)
class Design:
    """The size of a synthetic study.

    Attributes:
        methods: Arms, in the order of the tables.
        seeds: Chain seeds; base seeds are the same.
        campaigns: Campaigns in a chain.
        max_steps: Steps of a full campaign.
        num_problems: Problems of the report split and of the pass@k table.
        num_select: Problems watched at every step.
        num_generations: Samples a problem on select and on report.
        num_samples: Samples a problem in the pass@k table.
        rise: Gain in skill from the start of a campaign to its peak.
        fall: Loss in skill from the peak of a full naive campaign to its end.
        jitter: Standard deviation of the skill at each step but the start, independent of others.
        study: Value of the study column.
        model: Value of the model column.
    """

    methods: Sequence[str] = ALL_METHODS
    seeds: Sequence[int] = (0, 1, 2)
    campaigns: int = 3
    max_steps: int = 10
    num_problems: int = 24
    num_select: int = 16
    num_generations: int = 8
    num_samples: int = 64
    rise: float = 1.0
    fall: float = 1.6
    jitter: float = 0.05
    study: str = "collapse"
    model: str = "organism"


@dataclass(frozen=True, slots=True)
class _Arm:
    """How an arm's skill moves: shares of the design's rise and fall, and the controller."""

    rise: float = 1.0
    fall: float = 1.0
    controller: str = "fixed"
    num_steps: int | None = None
    over_fits: bool = False


_ARMS = {
    "naive": _Arm(),
    "healthy": _Arm(rise=0.6, fall=0.1),
    "grpo": _Arm(rise=1.2, fall=0.7),
    "es": _Arm(controller="early_stop"),
    "es_patience": _Arm(controller="patience"),
    "grpo_es": _Arm(rise=1.2, fall=0.7, controller="early_stop"),
    "short": _Arm(num_steps=5),
    "random_step": _Arm(controller="random_step"),
}


def _arm(method: str) -> _Arm:
    """Return an arm by its name; a cell of the regime map by its learning rate and prompts."""
    if "-lr" not in method:
        return _ARMS.get(method, _Arm())
    prompts, rate = method.partition("-p")[2].split("-lr")
    steepness = float(rate) / 0.001 * (0.6 if method.startswith("grpo") else 1.0)
    return _Arm(
        rise=min(1.0, 0.4 + steepness / 2),
        fall=max(0.0, 1.2 * (steepness - 0.6)),
        over_fits=int(prompts) < 8,
    )


def make_tables(design: Design = Design(), *, seed: int = 0) -> dict[str, pl.DataFrame]:
    """Return the collected tables by name: steps, select, evaluation and samples.

    `samples` holds the many samples behind pass@k: of base models, whose `method` is `base` and
    whose `seed` is the base seed, then of the ends of chains. Checkpoints of equal weights share
    their samples. An arm that the module does not know moves as `naive`. `regrades` is the audit
    of a grader that never errs.
    """
    names = ("samples", "steps", "select", "evaluation")
    tables: dict[str, list[pl.DataFrame]] = {name: [] for name in names}
    report = _problems("report", design.num_problems, seed)
    for chain in design.seeds:
        base = _base_skill(seed, chain)
        rng = seeds.generator("synthetic", seed, "base", chain)
        keys = _keys(design, "base", chain)
        tables["samples"].append(_sampled(keys, report, base, design.num_samples, rng))
    for chain in design.seeds:
        base = _base_skill(seed, chain)
        for method in design.methods:
            made = _chain(design, report, method, chain=chain, base=base, seed=seed)
            for name, frames in made.items():
                tables[name].extend(frames)
    collected = {name: pl.concat(frames) for name, frames in tables.items()}
    return {**collected, "regrades": regrades_table()}


def regrades_table() -> pl.DataFrame:
    """Return an audit of six programs, none of which ever got another verdict."""
    return pl.DataFrame(
        {
            "busy_per_core": [0] * 6 + [4] * 6,
            "origin": (["rollout"] * 4 + ["written"] * 2) * 2,
            "status": ["PASS", "PASS", "WA", "CE", "TLE", "MLE"] * 2,
            "grader_level": ["A"] * 12,
            "regrades": [20] * 12,
            "flips": [0] * 12,
            "back_stops": [0] * 11 + [2],
        }
    )


def _base_skill(seed: int, chain: int) -> float:
    return float(seeds.generator("synthetic", seed, "base skill", chain).normal(-1.5, 0.1))


def _problems(split: str, num: int, seed: int) -> pl.DataFrame:
    rng = seeds.generator("synthetic", seed, split)
    families = [list(FAMILIES)[index % len(FAMILIES)] for index in range(num)]
    levels = [FAMILIES[family] for family in families]
    return pl.DataFrame(
        {
            "task_id": [f"{split}-{index:03d}" for index in range(num)],
            "family": families,
            "level": levels,
            "difficulty": rng.normal(0, 1, num) + 0.4 * (np.array(levels) - 1.5),
        }
    )


def _chain(
    design: Design,
    report: pl.DataFrame,
    method: str,
    *,
    chain: int,
    base: float,
    seed: int,
) -> dict[str, list[pl.DataFrame]]:
    rng = seeds.generator("synthetic", seed, method, chain)
    arm = _arm(method)
    tables: dict[str, list[pl.DataFrame]] = {"steps": [], "select": [], "evaluation": []}
    seen: dict[float, pl.DataFrame] = {}
    start, budget = base, arm.num_steps or design.max_steps
    for campaign in range(1, design.campaigns + 1):
        keys = {**_keys(design, method, chain), "campaign": campaign}
        skills = _skills(design, arm, start, budget, rng)
        select = _select(design, keys, skills, seed, rng)
        curve = _curve(select)
        if arm.controller == "patience":
            skills = skills[: _patience_stop(curve) + 1]
            select = select.filter(pl.col("step") < len(skills))
            curve = curve[: len(skills)]
        peak, end = int(np.argmax(curve)), len(skills) - 1
        forward = _roll_forward(arm, peak, end, rng)
        tables["select"].append(select)
        tables["steps"].append(_steps(keys, skills, curve, rng, over_fits=arm.over_fits))
        for checkpoint, step in (("start", 0), ("peak", peak), ("end", end), ("next", forward)):
            skill = float(skills[step])
            where = {**keys, "checkpoint": checkpoint, "step": step, **_weights(skill)}
            if skill not in seen:
                seen[skill] = _sampled({}, report, skill, design.num_generations, rng)
            tables["evaluation"].append(seen[skill].select(*_literals(where), *COUNTS))
        start = float(skills[forward])
        if arm.controller == "early_stop":
            budget = min(max(peak, 1) + 3, design.max_steps)
    keys = _keys(design, method, chain)
    tables["samples"] = [_sampled(keys, report, start, design.num_samples, rng)]
    return tables


def _skills(
    design: Design, arm: _Arm, start: float, budget: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the skill before any step and after each: float64[step]."""
    peak = design.max_steps * rng.uniform(0.35, 0.55)
    steps = np.arange(budget + 1)
    rise = arm.rise * design.rise * np.minimum(steps / peak, 1)
    fall = arm.fall * design.fall * np.clip((steps - peak) / (design.max_steps - peak), 0, 1)
    noise = rng.normal(0, design.jitter, budget + 1)
    noise[0] = 0.0
    headroom = 1 / (1 + np.exp(start - 1))
    return start + rise * headroom - fall * headroom + noise


def _roll_forward(arm: _Arm, peak: int, end: int, rng: np.random.Generator) -> int:
    if arm.controller in ("early_stop", "patience"):
        return peak
    if arm.controller == "random_step":
        return int(rng.integers(1, end + 1))
    return end


def _patience_stop(curve: NDArray[np.float64]) -> int:
    """Return the step at which three steps have passed without a new best one."""
    for step in range(len(curve)):
        if step - int(np.argmax(curve[: step + 1])) >= 3:
            return step
    return len(curve) - 1


def _select(
    design: Design,
    keys: dict[str, object],
    skills: NDArray[np.float64],
    seed: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    problems = _problems("select", design.num_select, seed)
    steps = [
        _counts(problems, float(skill), design.num_generations, rng).with_columns(
            pl.lit(step, dtype=pl.Int64).alias("step")
        )
        for step, skill in enumerate(skills)
    ]
    columns = ["step", "task_id", "family", "num_samples", "num_correct", "grader_level"]
    return pl.concat(steps).select(*_literals(keys), *columns)


def _sampled(
    keys: dict[str, object],
    problems: pl.DataFrame,
    skill: float,
    num_samples: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    return _counts(problems, skill, num_samples, rng).select(*_literals(keys), *COUNTS)


def _keys(design: Design, method: str, chain: int) -> dict[str, object]:
    return {"study": design.study, "model": design.model, "method": method, "seed": chain}


def _weights(skill: float) -> dict[str, object]:
    return {"weights_sha256": sha256(repr(skill).encode()).hexdigest(), "split": "report"}


def _counts(
    problems: pl.DataFrame, skill: float, num_samples: int, rng: np.random.Generator
) -> pl.DataFrame:
    rates = 1 / (1 + np.exp(problems["difficulty"].to_numpy() - skill))
    correct = rng.binomial(num_samples, rates)
    distinct = {
        "num_distinct": rng.integers(1, num_samples + 1, len(correct)),
        "num_distinct_correct": (correct + 1) // 2,
    }
    columns = {"num_correct": correct, **distinct}
    return problems.with_columns(
        pl.lit(num_samples, dtype=pl.Int64).alias("num_samples"),
        pl.lit("A").alias("grader_level"),
        *(pl.Series(name, values, dtype=pl.Int64) for name, values in columns.items()),
    )


def _curve(select: pl.DataFrame) -> NDArray[np.float64]:
    rates = select.group_by("step").agg(
        (pl.col("num_correct") / pl.col("num_samples")).mean().alias("rate")
    )
    return rates.sort("step")["rate"].to_numpy()


def _steps(
    keys: dict[str, object],
    skills: NDArray[np.float64],
    curve: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    over_fits: bool = False,
) -> pl.DataFrame:
    """Return one row a step; the training columns are null at step 0.

    Training reward follows the curve; where the pool is over-fitted, its running maximum.
    """
    num = len(skills)
    steps = np.arange(num)
    drift = np.abs(skills - skills[0])
    followed = np.maximum.accumulate(curve) if over_fits else curve
    reward = np.clip(followed + rng.normal(0, 0.03, num), 0, 1)
    entropy = np.clip(1.2 - 0.05 * steps + 0.1 * drift, 0.05, None)
    train = {
        "learning_rate": 1e-3 * np.minimum(steps / 5, 1),
        "loss": rng.normal(0, 0.1, num),
        "reward": reward,
        "reward_std": np.sqrt(reward * (1 - reward)),
        "frac_reward_zero_std": np.clip(0.5 - 0.3 * reward, 0, 1),
        "entropy": entropy,
        "kl": 0.1 * drift,
        "kl_base": 0.1 * np.abs(skills + 1.5),
        "grad_norm": 1 + rng.exponential(0.2, num),
        "clip_ratio/region_mean": np.zeros(num),
        "completions/mean_length": 15 - 0.3 * steps,
        "completions/min_length": np.maximum(1, 8 - steps).astype(float),
        "completions/max_length": np.full(num, 32.0),
        "completions/clipped_ratio": np.clip(0.05 + 0.02 * drift, 0, 1),
        "eos_at_0": np.clip(0.01 * drift, 0, 1),
        "distinct_completions": np.clip(0.95 - 0.03 * steps, 0.05, 1),
        "num_tokens": (1900 * steps).astype(float),
        "train_pass@1": reward,
    }
    monitor = {"select_pass@1": curve, "select_distinct": np.clip(0.95 - 0.03 * steps, 0.05, 1)}
    frame = pl.DataFrame({"step": steps, **train, **monitor}).with_columns(
        *(pl.when(pl.col("step") > 0).then(pl.col(name)).alias(name) for name in train),
        pl.lit("A").alias("grader_level"),
    )
    return frame.select(*_literals(keys), *frame.columns)


def _literals(values: dict[str, object]) -> list[pl.Expr]:
    return [pl.lit(value).cast(_kind(value)).alias(name) for name, value in values.items()]


def _kind(value: object) -> type[pl.DataType]:
    return pl.Int64 if isinstance(value, int) else pl.String
