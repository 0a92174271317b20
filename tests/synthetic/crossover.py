"""Tables of a crossover study that never ran, whose truth is known.

Each task has a log-odds with which the base model solves it. Training sharpens: it steepens the
log-odds and shifts them, so that what was easy gets easier and what was hard gets harder, with the
same final state reached by halves. True pass@K, and so the true crossing, are means over tasks.
Selectors are told apart on tasks whose candidates disagree, and there alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest import seeds

MAIN = "keep_1"
RECIPES = (MAIN, "keep_4")
BANKS = ("easy", "hard")
STEEPNESS, SHIFT = 1.5, 1.5
SCORED = {"critic": 0.16, "critic_vote": 0.18}
"""How often a selector with a critic is right on tasks that disagree, beyond `FREE`."""
FREE = {
    "random": 0.0,
    "majority": 0.01,
    "vote": 0.05,
    "likelihood": 0.06,
    "runs_everywhere": 0.05,
    "shortest": 0.0,
}


@dataclass(frozen=True, slots=True)
class CrossoverDesign:
    """The size of a synthetic crossover study.

    Attributes:
        recipes: In the order of the table, the study's own first.
        trajectories: Seeds of trajectories.
        base_seeds: Base models; trajectories take them in turn.
        rounds: Of each trajectory.
        num_tasks: Of a bank.
        num_samples: A task and checkpoint.
        split_seeds: Of the selection study.
        budgets: Candidates a pick.
        critic_tasks: Tasks that train the critic.
    """

    recipes: Sequence[str] = RECIPES
    trajectories: Sequence[int] = (0, 1, 2, 3)
    base_seeds: Sequence[int] = (0, 1)
    rounds: int = 3
    num_tasks: int = 40
    num_samples: int = 128
    split_seeds: Sequence[int] = (0, 1, 2, 3, 4, 5)
    budgets: Sequence[int] = (8, 32)
    critic_tasks: Sequence[int] = (250, 1000)

    def base_of(self, trajectory: int) -> int:
        """Return the base seed of a trajectory."""
        return self.base_seeds[list(self.trajectories).index(trajectory) % len(self.base_seeds)]


SMALL = CrossoverDesign()
TINY = CrossoverDesign(
    recipes=(MAIN,),
    trajectories=(0, 1),
    rounds=2,
    num_tasks=12,
    split_seeds=(0, 1),
    critic_tasks=(1000,),
)
KS = (1, 2, 4, 8, 16, 32, 64)


def make_crossover_tables(
    design: CrossoverDesign = SMALL, *, seed: int = 0
) -> dict[str, pl.DataFrame]:
    """Return the collected tables by name."""
    return {
        "crossover/samples": samples_table(design, seed=seed),
        "crossover/harvest": harvest_table(design, seed=seed),
        "crossover/picks": picks_table(design, seed=seed),
        "crossover/scores": scores_table(design, seed=seed),
        "crossover/disjoint": disjoint_table(),
    }


def disjoint_table() -> pl.DataFrame:
    """Return what is found when banks and pools share no program."""
    pairs = [("easy", "hard"), ("easy", "corpus0"), ("hard", "corpus0")]
    return pl.DataFrame(
        [
            {
                "bank": bank,
                "other": other,
                "num_bank": 12,
                "num_other": 40,
                "shared_forms": 0,
                "shared_behaviours": 0,
            }
            for bank, other in pairs
        ]
    )


def log_odds(bank: str, num_tasks: int, *, seed: int = 0) -> NDArray[np.float64]:
    """Return the base model's log-odds of each task: float64[task]."""
    centre = -2.0 if bank == "easy" else -3.0
    return seeds.generator("synthetic crossover", seed, bank).normal(centre, 2.0, num_tasks)


def success_rates(
    bank: str, num_tasks: int, *, sharpened: float = 0.0, seed: int = 0
) -> NDArray[np.float64]:
    """Return how often a sample solves each task, after a share of the sharpening."""
    base = log_odds(bank, num_tasks, seed=seed)
    trained = SHIFT + STEEPNESS * base
    return 1 / (1 + np.exp(-((1 - sharpened) * base + sharpened * trained)))


def sharpening(method: str, number: int) -> float:
    """Return the share of the sharpening after a round: halves; the second recipe goes beyond."""
    return (1 - 0.5**number) * (1.0 if method == MAIN else 1.4)


def true_curve(rates: NDArray[np.float64], ks: Sequence[int]) -> NDArray[np.float64]:
    """Return true pass@K: float64[k]."""
    return np.array([np.mean(1 - (1 - rates) ** k) for k in ks])


def samples_table(design: CrossoverDesign = SMALL, *, seed: int = 0) -> pl.DataFrame:
    """Return one row a checkpoint, bank and task."""
    parts = []
    for bank in BANKS:
        for base in design.base_seeds:
            rates = success_rates(bank, design.num_tasks, seed=seed)
            keys = {"method": "base", "seed": base, "base_seed": base, "round": 0}
            parts.append(_sampled(design, keys, bank, rates, seed, narrow=0.0))
        for method in design.recipes:
            for trajectory in design.trajectories:
                own = {
                    "method": method,
                    "seed": trajectory,
                    "base_seed": design.base_of(trajectory),
                }
                for number in range(1, design.rounds + 1):
                    share = sharpening(method, number)
                    rates = success_rates(bank, design.num_tasks, sharpened=share, seed=seed)
                    keys = {**own, "round": number}
                    parts.append(_sampled(design, keys, bank, rates, seed, narrow=share))
    return pl.concat(parts)


def harvest_table(design: CrossoverDesign = SMALL, *, seed: int = 0) -> pl.DataFrame:
    """Return one row a recipe, trajectory, round and pool task."""
    rows = []
    for method in design.recipes:
        for trajectory in design.trajectories:
            rng = seeds.generator("synthetic harvest", seed, method, trajectory)
            keys = {"study": "crossover", "model": "generator", "method": method}
            keys |= {"seed": trajectory, "base_seed": design.base_of(trajectory)}
            for number in range(1, design.rounds + 1):
                for task in range(design.num_tasks):
                    correct = int(rng.binomial(8, 0.2 + 0.05 * number))
                    distinct = min(correct, int(rng.integers(1, 4)))
                    rows.append(
                        {**keys, "round": number, "task_id": f"pool-{number}-{task}", "level": 1}
                        | {"num_samples": 8, "num_correct": correct}
                        | {"num_distinct_correct": distinct, "num_kept": min(1, distinct)}
                    )
    return pl.DataFrame(rows)


def picks_table(design: CrossoverDesign = SMALL, *, seed: int = 0) -> pl.DataFrame:
    """Return one row a split seed, bank, task, budget and selector."""
    rows = []
    for split in design.split_seeds:
        for bank in BANKS:
            rng = seeds.generator("synthetic picks", seed, split, bank)
            for task, rate in enumerate(success_rates(bank, design.num_tasks, seed=seed)):
                keys = {"study": "crossover", "model": "generator", "method": "selection"}
                keys |= {"seed": split, "bank": bank, "task_id": f"{bank}-{task:03d}"}
                keys |= {"level": 1 + task % 4}
                for k in design.budgets:
                    rows += [{**keys, "k": k, **row} for row in _picks(design, rate, k, rng)]
    return pl.DataFrame(rows, schema_overrides={"correct": pl.Float64})


def scores_table(
    design: CrossoverDesign = SMALL, *, slope: float = 1.0, seed: int = 0
) -> pl.DataFrame:
    """Return one row a candidate; calibrated where the slope is one.

    The log-odds that a candidate generalises are normal; the critic's score is the log-odds over
    the slope, so that a slope below one makes it too sure.
    """
    parts = []
    for split in design.split_seeds:
        for bank in BANKS:
            rng = seeds.generator("synthetic scores", seed, split, bank)
            num = 6 * design.num_tasks
            logits = rng.normal(0.3, 1.5, num)
            correct = rng.random(num) < 1 / (1 + np.exp(-logits))
            candidate = pl.DataFrame(
                {
                    "task_id": [f"{bank}-{index // 6:03d}" for index in range(num)],
                    "sample_id": [index % 6 for index in range(num)],
                    "score": logits / slope,
                    "log_prob": 0.3 * logits + rng.normal(-8, 1, num),
                    "correct": correct,
                }
            )
            keys = {"study": "crossover", "model": "generator", "method": "selection"}
            keys |= {"seed": split, "bank": bank}
            parts += [
                _keyed(candidate, {**keys, "critic_tasks": tasks}) for tasks in design.critic_tasks
            ]
    return pl.concat(parts)


def _keyed(frame: pl.DataFrame, keys: dict[str, object]) -> pl.DataFrame:
    """Return the frame with keys, alike in all rows, in front."""
    literals = [pl.lit(value).alias(name) for name, value in keys.items()]
    whole = [pl.col(name).cast(pl.Int64) for name in keys if isinstance(keys[name], int)]
    return frame.select(*literals, *frame.columns).with_columns(whole)


def _sampled(
    design: CrossoverDesign,
    keys: dict[str, object],
    bank: str,
    rates: NDArray[np.float64],
    seed: int,
    *,
    narrow: float,
) -> pl.DataFrame:
    rng = seeds.generator("synthetic samples", seed, bank, *map(str, keys.values()))
    num = design.num_samples
    correct = rng.binomial(num, rates)
    fits = correct + rng.binomial(num - correct, 0.1)
    classes = np.minimum(fits, 1 + rng.poisson(3 * (1 - 0.6 * min(narrow, 1)), len(rates)))
    top = np.where(classes > 0, np.ceil(fits / np.maximum(classes, 1)), 0)
    counts = {
        "num_samples": np.full(len(rates), num),
        "num_correct": correct,
        "num_visible_fit": fits,
        "num_distinct": np.maximum(1, num - (num * narrow / 2)).astype(int) * np.ones_like(correct),
        "num_distinct_correct": (correct + 1) // 2,
        "num_behaviours": classes,
        "num_modal": top.astype(int),
    }
    return pl.DataFrame(
        {
            "study": ["crossover"] * len(rates),
            "model": ["generator"] * len(rates),
            **{name: [value] * len(rates) for name, value in keys.items()},
            "bank": [bank] * len(rates),
            "task_id": [f"{bank}-{task:03d}" for task in range(len(rates))],
            "level": [1 + task % (3 if bank == "easy" else 4) for task in range(len(rates))],
            **{name: values.astype(np.int64) for name, values in counts.items()},
        }
    )


def _picks(
    design: CrossoverDesign, rate: float, k: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Return the picks of one task: all alike where its candidates agree."""
    correct = int(rng.binomial(k, rate))
    fits = correct + int(rng.binomial(k - correct, 0.15))
    divergent = 0 < correct < fits
    row = {"num_visible_fit": fits, "divergent": divergent, "any_correct": correct > 0}
    agreed = float(correct > 0)
    share = correct / fits if fits else 0.0

    def pick(edge: float) -> float:
        return float(rng.random() < min(1.0, share + edge)) if divergent else agreed

    found = [("one_sample", 0, correct / k), ("first", 0, pick(0.0)), ("oracle", 0, agreed)]
    found += [(name, 0, share if name == "random" else pick(edge)) for name, edge in FREE.items()]
    largest = max(design.critic_tasks)
    for tasks in design.critic_tasks:
        scale = np.log2(1 + tasks) / np.log2(1 + largest)
        found += [(name, tasks, pick(edge * scale * 2)) for name, edge in SCORED.items()]
    return [
        {"selector": name, "critic_tasks": tasks, "correct": value, **row}
        for name, tasks, value in found
    ]
