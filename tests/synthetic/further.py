"""Tables of the other studies and of the referee's checks, of known shape and made up.

Cells of the regime map fall the more the higher their learning rate is. With few prompts a step
they over-fit: training reward stays at its highest while report falls. The label of hidden tests
passes one program in twenty that the exact label fails. A campaign loses as much on its own pool
as on earlier ones.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from tests.synthetic.tables import Design, make_tables

from crest import seeds

OBJECTIVES = ("grpo", "reinforce_batch_mean")
PROMPTS = (4, 16)
RATES = (0.0005, 0.001, 0.002)
POOL = 8  # problems of a pool
SMALL = Design(seeds=(0, 1, 2), campaigns=2, max_steps=8, num_problems=12, num_select=12)
TINY = replace(SMALL, seeds=(0, 1), max_steps=6)


def cells(
    objectives: Sequence[str] = OBJECTIVES,
    prompts: Sequence[int] = PROMPTS,
    rates: Sequence[float] = RATES,
) -> tuple[str, ...]:
    """Return the methods of the study `regime`."""
    return tuple(
        f"{objective}-p{num}-lr{rate:g}"
        for objective in objectives
        for num in prompts
        for rate in rates
    )


def make_further_tables(
    design: Design = SMALL,
    *,
    regime: Sequence[str] = (),
    diagnostic_steps: int = 40,
    seed: int = 0,
) -> dict[str, pl.DataFrame]:
    """Return tables whose names have a slash, and labels, pools, repeats and stationarity."""
    pair = ("naive", "healthy")
    studies = {
        "regime": replace(design, methods=tuple(regime) or cells()),
        "architectures": replace(design, methods=pair, model="organism_gemma3"),
        "diagnostic": replace(design, methods=pair, campaigns=1, max_steps=diagnostic_steps),
    }
    wanted = {
        "regime": ("evaluation", "steps"),
        "architectures": ("evaluation", "select"),
        "diagnostic": ("steps",),
    }
    tables = {}
    for study, size in studies.items():
        made = make_tables(replace(size, study=study), seed=seed)
        tables |= {f"{study}/{name}": made[name] for name in wanted[study]}
    methods = [method for method in ("naive", "es") if method in design.methods]
    return {
        **tables,
        "labels": labels_table(design, ["naive", "oracle"]),
        "pools": pools_table(design, methods),
        "repeats": repeats_table(design, methods),
        "stationarity": stationarity_table(design),
    }


def labels_table(design: Design, methods: Sequence[str]) -> pl.DataFrame:
    """Return 1000 rollouts a campaign: 400 pass hidden tests, of which 20 fail the exact label."""
    counts = [(True, True, 380, 40), (True, False, 20, 8), (False, False, 600, 300)]
    rows = [
        {**_keys(design, method, chain), "campaign": campaign}
        | {"hidden_passed": hidden, "oracle_passed": exact}
        | {"num_rollouts": rollouts, "num_programs": programs}
        for method in methods
        for chain in design.seeds
        for campaign in _campaigns(design)
        for hidden, exact, rollouts, programs in counts
    ]
    return pl.DataFrame(rows)


def pools_table(design: Design, methods: Sequence[str], *, seed: int = 0) -> pl.DataFrame:
    """Return pass@1 of each campaign's checkpoints on its own pool and on earlier ones."""
    levels = {"start": 0.2, "peak": 0.4, "end": 0.25}
    rows = []
    for method in methods:
        rng = seeds.generator("synthetic", seed, "pools", method)
        for chain in design.seeds:
            for campaign in _campaigns(design):
                keys = {**_keys(design, method, chain), "campaign": campaign}
                for checkpoint, rate in levels.items():
                    for pool, num in (("own", POOL), ("earlier", POOL * (campaign - 1))):
                        if num == 0:
                            continue
                        samples = 50 * num
                        rows.append(
                            {**keys, "checkpoint": checkpoint, "pool": pool, "num_problems": num}
                            | {"num_samples": samples, "num_correct": rng.binomial(samples, rate)}
                        )
    return pl.DataFrame(rows)


def repeats_table(design: Design, methods: Sequence[str], *, seed: int = 0) -> pl.DataFrame:
    """Return five evaluations of each checkpoint, equal but for binomial noise."""
    rng = seeds.generator("synthetic", seed, "repeats")
    levels = {"start": 0.2, "peak": 0.4, "end": 0.25}
    rows = [
        {**_keys(design, method, chain), "campaign": campaign, "checkpoint": checkpoint}
        | {"repeat": repeat, "num_problems": 25, "num_samples": 100}
        | {"num_correct": rng.binomial(100, rate)}
        for method in methods
        for chain in design.seeds
        for campaign in _campaigns(design)
        for checkpoint, rate in levels.items()
        for repeat in range(1, 6)
    ]
    return pl.DataFrame(rows)


def stationarity_table(design: Design, *, slope: float = 0.0, seed: int = 0) -> pl.DataFrame:
    """Return a frozen policy's passing samples on each pool; its reward may drift by a slope."""
    rng = seeds.generator("synthetic", seed, "stationarity")
    rows = [
        {**_keys(design, "base", chain), "campaign": campaign}
        | {"pool_sha256": f"{chain}-{campaign}", "task_id": f"train-{task}", "family": "string"}
        | {"num_samples": 20, "num_correct": rng.binomial(20, 0.3 + slope * campaign)}
        for chain in design.seeds
        for campaign in _campaigns(design)
        for task in range(POOL)
    ]
    return pl.DataFrame(rows)


def _campaigns(design: Design) -> range:
    return range(1, design.campaigns + 1)


def _keys(design: Design, method: str, chain: int) -> dict[str, object]:
    return {"study": design.study, "model": design.model, "method": method, "seed": chain}
