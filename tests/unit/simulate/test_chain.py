from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from crest.control._experience import end_to_peak
from crest.records import CampaignPlan, Selection
from crest.registry import Registry
from crest.simulate.chain import Arm, Design, run_chain
from crest.simulate.scenarios import BASE, SCENARIOS, Kind, Scenario
from crest.simulate.study import SCHEMA, chain_counts, simulate_study
from crest.simulate.watched import Monitor

CONTROLLERS = Registry("crest.control")
DESIGN = Design(num_campaigns=6, max_steps=8, monitor=Monitor(16, 8))
PERSISTENT = Scenario(Kind.PERSISTENT, 0.2, 0.3, 0.9)


def arm(kind, **options):
    controller = CONTROLLERS[kind]
    return Arm(controller, controller.Options(**options))


def scripted(budgets, back_to=None):
    """Return an arm that grants given budgets; where there is none, it names a campaign."""

    def plan(history, start, options, *, max_steps):  # noqa: ARG001 (a controller's signature)
        return CampaignPlan(budgets[len(history.decisions)])

    def select(history, curve, options, *, rng):  # noqa: ARG001
        return Selection(curve.steps_run, "", None if curve.steps_run else back_to)

    return Arm(SimpleNamespace(plan=plan, select=select), None)


def test_the_truth_of_a_campaign_in_full_does_not_depend_on_what_is_granted():
    full = run_chain(PERSISTENT, DESIGN, scripted([8] * 6), 3)
    cut = run_chain(PERSISTENT, DESIGN, scripted([8] * 5 + [1]), 3)
    assert [each.regresses for each in full] == [each.regresses for each in cut]
    assert [each.num_steps for each in cut] == [8] * 5 + [1]


def test_a_campaign_regresses_where_in_full_it_would_end_more_than_the_margin_below_its_start():
    for seed in range(20):
        for each in run_chain(PERSISTENT, DESIGN, scripted([8] * 6), seed):
            assert each.regresses == (each.end < each.start - 0.05)


def test_the_end_rolls_forward_and_a_rejection_goes_back():
    rulings = run_chain(PERSISTENT, DESIGN, scripted([8, 8, 8, 0, 8, 8], back_to=1), 0)
    assert rulings[0].start == pytest.approx(BASE)
    for before, after in pairwise(rulings):
        assert after.start == pytest.approx(before.end)
    assert rulings[3].end == pytest.approx(rulings[0].end)


def test_controllers_meet_the_same_chains_and_a_chain_is_a_function_of_its_seed():
    one, two = (run_chain(PERSISTENT, DESIGN, arm("care"), 1) for _ in range(2))
    assert one == two
    others = run_chain(PERSISTENT, DESIGN, arm("fixed"), 1)
    assert one[0].decision.curve.snapshots == others[0].decision.curve.snapshots
    assert one != run_chain(PERSISTENT, DESIGN, arm("care"), 2)


def test_counts_are_those_of_the_rulings_after_the_first():
    def ruling(regresses, num_steps):
        return SimpleNamespace(regresses=regresses, num_steps=num_steps, end=0.5)

    granted = [(False, 8), (False, 8), (False, 6), (True, 8), (True, 0), (False, 0), (True, 4)]
    counts = chain_counts([ruling(*each) for each in granted], max_steps=8)
    assert counts == {
        "num_sound": 3,
        "num_sound_cut": 2,
        "num_sound_rejected": 1,
        "num_regressing": 3,
        "num_regressing_full": 1,
        "num_regressing_rejected": 1,
        "num_rejected": 2,
        "num_after_rejection": 2,
        "num_trained_after_rejection": 1,
        "total_steps": 34,
        "end_pass@1": 0.5,
    }


def test_the_study_has_a_row_a_scenario_arm_and_chain():
    arms = {"naive": arm("fixed"), "gate": arm("gate")}
    table = simulate_study(Design(3, 4, Monitor(8, 4)), arms, num_chains=2, seed=0)
    assert table.schema == SCHEMA
    assert table.height == len(SCENARIOS) * 2 * 2
    naive = table.filter(method="naive")
    assert naive["num_sound_cut"].sum() == 0
    assert naive["num_regressing"].equals(naive["num_regressing_full"], check_names=False)
    assert set(table["num_sound"] + table["num_regressing"]) == {2}


def test_no_healthy_or_flat_campaign_regresses_and_end_over_peak_is_the_organism_s():
    design = Design(6, 20, Monitor(32, 8))
    rulings = {
        scenario.kind: [
            ruling
            for chain in range(15)
            for ruling in run_chain(scenario, design, arm("fixed"), chain)[1:]
        ]
        for scenario in SCENARIOS[:2]
    }
    assert not any(each.regresses for kind in rulings.values() for each in kind)
    ratios = [end_to_peak(each.decision.curve) for each in rulings[Kind.HEALTHY]]
    assert np.median(ratios) == pytest.approx(0.94, abs=0.015)


@pytest.mark.parametrize("kind", ["care", "gate"])
def test_a_gate_tells_persistent_falls_apart_and_leaves_healthy_chains_alone(kind):
    design = Design(8, 20, Monitor(32, 8))
    rulings = [
        each for seed in range(8) for each in run_chain(PERSISTENT, design, arm(kind), seed)[1:]
    ]
    cut = {
        regresses: [each.num_steps < 20 for each in rulings if each.regresses is regresses]
        for regresses in (True, False)
    }
    rates = {regresses: sum(cuts) / len(cuts) for regresses, cuts in cut.items()}
    assert rates[True] > rates[False] + 0.25
    healthy = [run_chain(SCENARIOS[0], design, arm(kind), seed) for seed in range(8)]
    assert sum(each.num_steps < 20 for chain in healthy for each in chain) <= 3
