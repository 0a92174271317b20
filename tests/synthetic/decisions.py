"""The decisions of controllers on simulated chains, as the collected table has them."""

from collections.abc import Mapping, Sequence

import polars as pl

from crest.records import CAPABILITIES
from crest.registry import Registry
from crest.simulate.chain import Arm, Design, run_chain
from crest.simulate.scenarios import Kind, Scenario
from crest.simulate.watched import Monitor
from crest.spec import canonical

CONTROLLERS = Registry("crest.control")
FRAGILE = Scenario(Kind.PERSISTENT, 0.3, 0.3, 0.9)
KINDS = {
    "care": "care",
    "care_v1": "care_v1",
    "care_vector": "care_vector",
    "es": "early_stop",
    "es_patience": "patience",
    "gate": "gate",
    "grpo_es": "early_stop",
    "memory": "memory",
    "random_step": "random_step",
}
"""Controllers of arms; any other has a fixed budget."""


def decisions_table(
    methods: Sequence[str],
    chain_seeds: Sequence[int],
    *,
    campaigns: int,
    max_steps: int,
    options: Mapping[str, Mapping[str, object]] | None = None,
) -> pl.DataFrame:
    """Return one row a campaign of fragile chains under the arms' controllers."""
    design = Design(campaigns, max_steps, Monitor(num_problems=16, num_generations=8))
    rows = []
    for method in methods:
        controller = CONTROLLERS[KINDS.get(method, "fixed")]
        arm = Arm(controller, controller.Options(**(options or {}).get(method, {})))
        for seed in chain_seeds:
            rulings = run_chain(FRAGILE, design, arm, seed)
            keys = {"study": "collapse", "model": "organism", "method": method, "seed": seed}
            rows += [keys | _row(ruling.decision) for ruling in rulings]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("roll_forward_campaign").cast(pl.Int64)
    )


def _row(decision):
    curve, chosen = decision.curve, decision.selection
    start, end = curve.snapshots[0], curve.snapshots[-1]
    return {
        "campaign": curve.campaign,
        "num_steps": curve.plan.num_steps,
        "steps_run": curve.steps_run,
        "peak_step": curve.peak_step,
        "roll_forward_step": chosen.step,
        "roll_forward_campaign": chosen.campaign,
        "learning_rate_scale": curve.plan.learning_rate_scale,
        "plan_reason": curve.plan.reason,
        "reason": chosen.reason,
        "start_entropy": start.entropy,
        "end_entropy": end.entropy,
        **{f"start_{name}": start.capability[name].value for name in CAPABILITIES},
        **{f"end_{name}": end.capability[name].value for name in CAPABILITIES},
        "beliefs": canonical(dict(curve.plan.beliefs)),
    }
