"""What today's study makes of the spec of an earlier job."""

from collections.abc import Callable, Mapping
from typing import Any

from crest.plan.crossover import Trajectory
from crest.plan.crossover_specs import BASE as CROSSOVER_BASE
from crest.plan.specs import BASE, FROZEN, Plan
from crest.plan.studies import Chain
from crest.plan.tables import FIGURES, STATISTICS, collected_tables

ONE_CELL = ("make_tasks", "make_oracle", "audit_grader", "simulate_gate")
"""Jobs of which a study has one."""

A_GRID = ("judge_claims", "build_report")
"""Jobs of which each grid has one."""

A_CHAIN = ("evaluate_chain", "sample_pass_at_k", "compare_labels")
A_REFEREED_CHAIN = ("repeat_evaluations", "evaluate_pools")
COLLECTORS = ("collect_table", "collect_decisions")


def present_spec(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    """Return the spec that today's config and code give to the cell of an earlier spec.

    Returns:
        None if the study has no such cell any more.
    """
    job = spec["job"]
    if job in ONE_CELL:
        return str(getattr(plan, job)())
    if job in A_GRID:
        return str(getattr(plan, job)(spec["grid"]))
    if job in (*A_CHAIN, *A_REFEREED_CHAIN):
        return _of_chain(plan, spec)
    if job in COLLECTORS:
        return _table(plan, spec)
    return _OTHERS[job](plan, spec) if job in _OTHERS else None


def chain_of(keys: Mapping[str, Any]) -> Chain:
    """Return the chain that key columns name."""
    return Chain(keys["study"], keys["model"], keys["method"], keys["seed"])


def _has(plan: Plan, chain: Chain) -> bool:
    study = plan.files.studies.get((chain.study, chain.model))
    return study is not None and study.has(chain)


def _uses_base(plan: Plan, model: str, base_seed: int) -> bool:
    return any(
        plan.files.base_seed(chain) == base_seed
        for study in plan.files.studies.values()
        if study.model == model
        for chain in study.chains()
    )


def _of_chain(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    job, chain = spec["job"], chain_of(spec["keys"])
    is_base = chain.study == BASE
    known = _uses_base(plan, chain.model, chain.seed) if is_base else _has(plan, chain)
    if job in A_REFEREED_CHAIN:
        known = known and chain.method in plan.config.referee.arms
    return str(getattr(plan, job)(chain)) if known else None


def _campaign(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    settings = spec["config"]["settings"]
    chain, campaign = chain_of(settings), settings["campaign"]
    if not _has(plan, chain) or campaign > plan.files.study(chain).campaigns:
        return None
    return plan.run_campaign(chain, campaign)


def _base(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    model, base_seed = spec["model"], spec["seed"]
    return plan.train_base(model, base_seed) if _uses_base(plan, model, base_seed) else None


def _pilot(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    model = spec["model"]
    return plan.choose_learning_rates(model) if ("pilot", model) in plan.files.studies else None


def _stationarity(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    keys = spec["keys"]
    study = plan.files.studies.get(("collapse", keys["model"]))
    if study is None or keys["seed"] not in study.seeds or keys["method"] != FROZEN:
        return None
    return plan.measure_stationarity(keys["model"], keys["seed"])


def _table(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    collection, table = spec["collection"], spec["table"]
    has_parts = table in collected_tables(collection) and plan.files.table_parts(collection, table)
    return plan.collect_table(collection, table) if has_parts else None


def _statistic(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    (name,) = spec["choices"][STATISTICS.package]
    known = name in STATISTICS.names() and plan.files.grid(spec["grid"]).has_entry(STATISTICS, name)
    return plan.compute_statistic(name, spec["grid"]) if known else None


def _figure(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    (name,) = spec["choices"][FIGURES.package]
    known = name in FIGURES.names() and plan.files.grid(spec["grid"]).has_entry(FIGURES, name)
    return plan.draw_figure(name, spec["grid"]) if known else None


def _pool(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    pool = spec["pool"]
    known = pool in plan.files.crossover.pools()
    return plan.crossover.make_pool(pool) if known else None


def _generator(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    known = spec["seed"] in plan.config.crossover.generator.base_seeds
    return plan.crossover.train_generator(spec["seed"]) if known else None


def _bank_samples(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    keys = spec["keys"]
    if keys["method"] != CROSSOVER_BASE:
        return _of_round(plan, keys, plan.crossover.sample_round)
    known = keys["seed"] in plan.config.crossover.generator.base_seeds
    return plan.crossover.sample_base(keys["seed"]) if known else None


def _round(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    return _of_round(plan, spec["keys"], plan.crossover.run_round)


def _of_round(
    plan: Plan, keys: Mapping[str, Any], spec_of: Callable[[Trajectory, int], str]
) -> str | None:
    trajectory = Trajectory(keys["method"], keys["seed"])
    known = plan.files.crossover.has(trajectory, keys["round"])
    return spec_of(trajectory, keys["round"]) if known else None


def _split(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    seed, selection = spec["keys"]["seed"], plan.config.crossover.selection
    if seed not in selection.split_seeds:
        return None
    if spec["job"] != "train_critic":
        return str(getattr(plan.crossover, spec["job"])(seed))
    num_tasks = spec["num_tasks"]
    known = num_tasks in selection.training.num_tasks
    return plan.crossover.train_critic(seed, num_tasks) if known else None


_OTHERS: dict[str, Callable[[Plan, Mapping[str, Any]], str | None]] = {
    "train_base": _base,
    "run_campaign": _campaign,
    "choose_learning_rates": _pilot,
    "measure_stationarity": _stationarity,
    "compute_statistic": _statistic,
    "draw_figure": _figure,
    "make_banks": lambda plan, _: plan.crossover.make_banks(),
    "make_pool": _pool,
    "train_generator": _generator,
    "sample_banks": _bank_samples,
    "run_round": _round,
    "draw_candidates": _split,
    "train_critic": _split,
    "pick_candidates": _split,
}
