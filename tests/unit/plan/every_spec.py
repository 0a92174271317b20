"""The specs of all jobs of the small study, listed by hand: no list of the project is asked."""

from crest.plan import FIGURES, STATISTICS, Chain, Plan, Trajectory

SEEDS = (0, 1, 2)
ORGANISM, GEMMA = "organism", "organism_gemma3"
GRIDS = ("default", "extended")

COLLAPSE = [
    Chain("collapse", ORGANISM, arm, seed) for arm in ("naive", "es", "oracle") for seed in SEEDS
]
REGIME = [
    Chain("regime", ORGANISM, f"grpo-p{prompts}-lr{rate}", 2000)
    for prompts in (4, 8)
    for rate in ("0.001", "0.002")
]
DIAGNOSTIC = [Chain("diagnostic", ORGANISM, "naive", 3000)]
ARCHITECTURES = [Chain("architectures", GEMMA, "naive", seed) for seed in SEEDS]
PILOT = [
    Chain("pilot", model, f"lr{rate}", 1000)
    for model in (ORGANISM, GEMMA)
    for rate in ("0.001", "0.002")
]
TRAJECTORIES = [
    *(Trajectory("standard", seed) for seed in (0, 1)),
    Trajectory("from_base", 0),
]
CAMPAIGNS = {"collapse": 2, "regime": 2}
"""Lengths of chains of the studies; one campaign elsewhere."""

COLLECTED = {
    "collapse": (
        *("steps", "select", "evaluation", "samples", "decisions", "repeats", "pools"),
        "stationarity",
    ),
    "regime": ("steps", "evaluation"),
    "diagnostic": ("steps",),
    "architectures": ("select", "evaluation"),
    "crossover": ("samples", "harvest", "picks", "scores", "disjoint"),
}


def every_spec(plan: Plan) -> list[str]:
    """Return the specs of all jobs."""
    return [*_of_chains(plan), *_of_models(plan), *_of_crossover(plan), *_of_tables(plan)]


def _of_chains(plan: Plan) -> list[str]:
    chains = [*COLLAPSE, *REGIME, *DIAGNOSTIC, *ARCHITECTURES, *PILOT]
    refereed = [chain for chain in COLLAPSE if chain.method == "naive"]
    return [
        *(
            plan.run_campaign(chain, campaign)
            for chain in chains
            for campaign in range(1, CAMPAIGNS.get(chain.study, 1) + 1)
        ),
        *map(plan.evaluate_chain, chains),
        *map(plan.sample_pass_at_k, COLLAPSE),
        *map(plan.compare_labels, COLLAPSE),
        *map(plan.repeat_evaluations, refereed),
        *map(plan.evaluate_pools, refereed),
        *(plan.measure_stationarity(ORGANISM, seed) for seed in SEEDS),
    ]


def _of_models(plan: Plan) -> list[str]:
    return [
        *(plan.make_tasks(), plan.make_oracle(), plan.audit_grader(), plan.simulate_gate()),
        *(plan.train_base(model, seed) for model in (ORGANISM, GEMMA) for seed in (7, 8)),
        *(plan.sample_base_pass_at_k(ORGANISM, seed) for seed in (7, 8)),
        *map(plan.choose_learning_rates, (ORGANISM, GEMMA)),
    ]


def _of_crossover(plan: Plan) -> list[str]:
    own = plan.crossover
    rounds = [(trajectory, number) for trajectory in TRAJECTORIES for number in (1, 2)]
    pools = ("trajectory0", "trajectory1", "split0", "split1", "split2")
    return [
        own.make_banks(),
        *map(own.make_pool, pools),
        *map(own.train_generator, (7, 8)),
        *map(own.sample_base, (7, 8)),
        *(own.run_round(*each) for each in rounds),
        *(own.sample_round(*each) for each in rounds),
        *map(own.draw_candidates, SEEDS),
        *(own.train_critic(seed, num_tasks) for seed in SEEDS for num_tasks in (10, 20)),
        *map(own.pick_candidates, SEEDS),
    ]


def _of_tables(plan: Plan) -> list[str]:
    extended = {
        "extended/collapse": (*COLLECTED["collapse"], "labels"),
        "extended/crossover": COLLECTED["crossover"],
    }
    return [
        *(
            plan.collect_table(folder, table)
            for folder, tables in (COLLECTED | extended).items()
            for table in tables
        ),
        *(plan.compute_statistic(name, grid) for grid in GRIDS for name in _in(grid, STATISTICS)),
        *(plan.draw_figure(name, grid) for grid in GRIDS for name in _in(grid, FIGURES)),
        *map(plan.judge_claims, GRIDS),
        *map(plan.build_report, GRIDS),
    ]


def _in(grid: str, registry) -> list[str]:
    """Return the entries that a grid has: those that read of its own chains alone."""
    return [name for name in registry.names() if grid == "extended" or _is_default(name, registry)]


def _is_default(name: str, registry) -> bool:
    for table in registry.literal(name, "TABLES"):
        if table.startswith("crossover/"):
            continue
        if "/" in table or table in {"labels", "domains"}:
            return False
        if table in STATISTICS.names() and not _is_default(table, STATISTICS):
            return False
    return True
