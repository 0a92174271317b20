"""Every table that figures and the report read, made from the tables of a study that never ran."""

from collections.abc import Mapping

import polars as pl
from tests.synthetic import crossover
from tests.synthetic.decisions import decisions_table
from tests.synthetic.further import SMALL, TINY, make_further_tables
from tests.synthetic.tables import Design, make_tables

from crest.registry import Registry
from crest.simulate.chain import Design as Chains
from crest.simulate.study import ARMS, simulate_study
from crest.simulate.watched import Monitor
from crest.statistics.judge import judge_claims
from crest.statistics.settings import Settings

STATISTICS = Registry("crest.statistics.tables")
SETTINGS = Settings(
    {
        "confidence_level": 0.95,
        "num_resamples": 200,
        "seed": 0,
        "collapse_gap": 0.2,
        "reference_arm": "naive",
        "ks": (1, 2, 4, 8, 16, 32, 64),
        "crossover_ks": crossover.KS,
        "pick_budget": 8,
        "recipe": crossover.MAIN,
    }
)
USUAL = Design()
DEMO = Design(methods=("naive", "es"), seeds=(0, 1), campaigns=2, max_steps=6, num_problems=16)
LABELS = {
    "naive": "naive REINFORCE",
    "healthy": "naive, healthy rate",
    "grpo": "GRPO",
    "es": "early stopping",
    "es_patience": "ES, patience",
    "grpo_es": "GRPO + ES",
    "short": "5-step campaigns",
    "random_step": "random step",
}


def make_results(design: Design = USUAL) -> dict[str, pl.DataFrame]:
    """Return collected tables, tables of results, claims, pilot and mutation by name."""
    further = TINY if design == DEMO else SMALL
    collected = {**make_tables(design), **make_further_tables(further), **gate_tables(design)}
    collected |= crossover.make_crossover_tables(
        crossover.TINY if design == DEMO else crossover.SMALL
    )
    tables = with_statistics(collected, SETTINGS)
    tables["claims"] = judge_claims(tables)
    return {**tables, "pilot": pilot_table(), "mutation": mutation_table()}


def gate_tables(design: Design) -> dict[str, pl.DataFrame]:
    """Return decisions of the design's arms, and of CARE but in the demo, and simulations."""
    methods = design.methods if design == DEMO else (*design.methods, "care")
    arms = {name: ARMS[name] for name in ("naive", "care", "gate")}
    return {
        "decisions": decisions_table(
            methods, design.seeds, campaigns=design.campaigns, max_steps=design.max_steps
        ),
        "simulations": simulate_study(Chains(3, 8, Monitor(8, 4)), arms, num_chains=3, seed=0),
    }


def with_statistics(
    collected: Mapping[str, pl.DataFrame], settings: Settings
) -> dict[str, pl.DataFrame]:
    """Return the tables and every table of results that can be made of them."""
    tables, waiting = dict(collected), set(STATISTICS.names())
    while ready := sorted(
        name for name in waiting if set(STATISTICS.literal(name, "TABLES")) <= set(tables)
    ):
        for name in ready:
            read = {table: tables[table] for table in STATISTICS.literal(name, "TABLES")}
            tables[name] = STATISTICS[name].compute(read, settings)
            waiting.remove(name)
    return tables


def pilot_table() -> pl.DataFrame:
    """Return a pilot whose second rate was chosen as collapsing and whose first as healthy."""
    rows = [
        (0.0005, 0.17, 0.30, 0.29, "healthy"),
        (0.001, 0.17, 0.31, 0.18, "collapsing"),
        (0.002, 0.17, 0.25, 0.05, None),
    ]
    columns = ["learning_rate", "start", "peak", "end", "role"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        method=pl.format("lr{}", "learning_rate"),
        n_seeds=2,
        rise=pl.col("peak") - pl.col("start"),
        fall=pl.col("peak") - pl.col("end"),
        chosen=pl.col("role").is_not_null(),
    )


def mutation_table() -> pl.DataFrame:
    """Return six problems of two families, each with five near misses."""
    return pl.DataFrame(
        {
            "split": ["report"] * 6,
            "task_id": [f"report-{index}" for index in range(6)],
            "family": ["string", "cond"] * 3,
            "level": [1, 2] * 3,
            "num_mutants": [5] * 6,
            "num_killed": [5, 4, 5, 5, 5, 5],
            "num_equivalent_on_candidates": [0, 1, 0, 0, 0, 0],
        }
    )
