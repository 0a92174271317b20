"""What today's study makes of the spec of an earlier job."""

from collections.abc import Callable, Mapping
from typing import Any

from crest.plan.specs import BASE, FROZEN, Plan
from crest.plan.studies import Chain
from crest.plan.tables import COLLECTED, COLLECTIONS, FIGURES, STATISTICS

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
    known = collection in COLLECTIONS and table in COLLECTED
    has_parts = known and plan.files.table_parts(collection, table)
    return plan.collect_table(collection, table) if has_parts else None


def _statistic(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    (name,) = spec["choices"][STATISTICS.package]
    known = name in STATISTICS.names() and plan.files.grid(spec["grid"]).has_entry(STATISTICS, name)
    return plan.compute_statistic(name, spec["grid"]) if known else None


def _figure(plan: Plan, spec: Mapping[str, Any]) -> str | None:
    (name,) = spec["choices"][FIGURES.package]
    known = name in FIGURES.names() and plan.files.grid(spec["grid"]).has_entry(FIGURES, name)
    return plan.draw_figure(name, spec["grid"]) if known else None


_OTHERS: dict[str, Callable[[Plan, Mapping[str, Any]], str | None]] = {
    "train_base": _base,
    "run_campaign": _campaign,
    "choose_learning_rates": _pilot,
    "measure_stationarity": _stationarity,
    "compute_statistic": _statistic,
    "draw_figure": _figure,
}
