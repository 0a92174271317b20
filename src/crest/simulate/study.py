"""The simulated study: every scenario under every arm, one row a chain."""

from collections.abc import Mapping, Sequence

import polars as pl

from crest.control import care, care_vector, fixed, gate, memory
from crest.simulate.chain import Arm, Design, Ruling, run_chain
from crest.simulate.scenarios import SCENARIOS

ARMS = {
    "naive": Arm(fixed, fixed.Options()),
    "care": Arm(care, care.Options()),
    "care_strict": Arm(care, care.Options(budgets=(1.0, 0.5, 0.5))),
    "care_retry": Arm(care, care.Options(max_rejections=2)),
    "memory": Arm(memory, memory.Options()),
    "gate": Arm(gate, gate.Options()),
    "care_vector": Arm(care_vector, care_vector.Options()),
}
"""Arms whose controllers set budgets by what they saw, by the names of the configuration; `naive`,
that never does; and `care_retry`, which pilots after two rejections in a row [ours]."""

SCHEMA = {
    "scenario": pl.String,
    "size": pl.Float64,  # fall of a campaign that regresses; spread of ends in `rebound`
    "method": pl.String,
    "chain": pl.Int64,
    "num_sound": pl.Int64,  # campaigns after the first that would not have regressed in full
    "num_sound_cut": pl.Int64,  # of these, run shorter or rejected
    "num_sound_rejected": pl.Int64,
    "num_regressing": pl.Int64,  # campaigns after the first that would have regressed in full
    "num_regressing_full": pl.Int64,  # of these, run in full
    "num_regressing_rejected": pl.Int64,
    "num_rejected": pl.Int64,  # campaigns
    "num_after_rejection": pl.Int64,  # campaigns after the first that was rejected
    "num_trained_after_rejection": pl.Int64,  # of these, that took steps
    "total_steps": pl.Int64,
    "end_pass@1": pl.Float64,  # true, of what rolls out of the last campaign
}


def simulate_study(
    design: Design, arms: Mapping[str, Arm], *, num_chains: int, seed: int
) -> pl.DataFrame:
    """Return one row a scenario, arm and chain; `SCHEMA` has the columns.

    Args:
        design: The size of a chain.
        arms: Controllers by the name of their arm.
        num_chains: Chains of each scenario; the same for every arm.
        seed: Of all of them.
    """
    rows = [
        {
            "scenario": scenario.kind.value,
            "size": scenario.size,
            "method": method,
            "chain": chain,
            **chain_counts(run_chain(scenario, design, arm, seed, chain), design.max_steps),
        }
        for scenario in SCENARIOS
        for method, arm in arms.items()
        for chain in range(num_chains)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def chain_counts(rulings: Sequence[Ruling], max_steps: int) -> dict[str, float]:
    """Return how often a controller was right and wrong about one chain's campaigns.

    The first campaign is left out: nothing is known before it, and no controller cuts it.
    """
    sound = [ruling.num_steps for ruling in rulings[1:] if not ruling.regresses]
    regressing = [ruling.num_steps for ruling in rulings[1:] if ruling.regresses]
    steps = [ruling.num_steps for ruling in rulings]
    later = steps[steps.index(0) + 1 :] if 0 in steps else []
    return {
        "num_sound": len(sound),
        "num_sound_cut": sum(num < max_steps for num in sound),
        "num_sound_rejected": sound.count(0),
        "num_regressing": len(regressing),
        "num_regressing_full": regressing.count(max_steps),
        "num_regressing_rejected": regressing.count(0),
        "num_rejected": steps.count(0),
        "num_after_rejection": len(later),
        "num_trained_after_rejection": sum(num > 0 for num in later),
        "total_steps": sum(steps),
        "end_pass@1": rulings[-1].end,
    }
