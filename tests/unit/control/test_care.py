import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.synthetic.campaigns import curve, history, rng, snapshot

from crest.control._beliefs import refusal
from crest.control._experience import FEATURES
from crest.control._posterior import Prediction
from crest.records import CampaignCurve, Decision, History, Selection
from crest.registry import Registry

CONTROLLERS = Registry("crest.control")
WITH_POSTERIOR = ("care", "care_early_stop", "care_vector", "memory")
KINDS = (*WITH_POSTERIOR, "gate", "care_v1")
RATES = st.lists(st.floats(0, 1), min_size=21, max_size=21)
STARTS = st.lists(RATES, max_size=6)

SLIGHT = [0.4, 0.5, 0.45]  # end over peak .90
DEEP = [0.3, 0.5, 0.35]  # .71
RUIN = [0.2, 0.5, 0.2]  # .40


def plan(kind, past=None, start=None, max_steps=20, **options):
    module = CONTROLLERS[kind]
    return module.plan(
        past or History(),
        start or snapshot(0.4),
        module.Options(**options),
        max_steps=max_steps,
    )


def select(kind, past, run):
    module = CONTROLLERS[kind]
    return module.select(past, run, module.Options(), rng=rng())


def live(kind, courses, max_steps=20, **options):
    """Return the history of a chain whose campaigns would take the given courses if run in full."""
    module = CONTROLLERS[kind]
    parsed = module.Options(**options)
    past = History()
    for campaign, values in enumerate(courses, start=1):
        full = curve(values, campaign)
        made = module.plan(past, full.snapshots[0], parsed, max_steps=max_steps)
        run = CampaignCurve(campaign, made, full.snapshots[: made.num_steps + 1])
        chosen = module.select(past, run, parsed, rng=rng(campaign))
        past = History((*past.decisions, Decision(run, chosen)))
    return past


def ruin(campaigns):
    """Return a chain that first learns and is then ruined and restored again and again."""
    return [[0.2, 0.6], *[[0.6, 0.6, 0.1]] * campaigns]


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_closed_frozen_and_described(kind):
    options = CONTROLLERS[kind].Options
    with pytest.raises(ValidationError, match="budjet"):
        options(budjet=3)
    assert options.model_config["frozen"]
    assert all(field.description for field in options.model_fields.values())


@pytest.mark.parametrize("kind", KINDS)
@given(courses=STARTS)
def test_budgets_and_selections_are_sound_whatever_the_chain(kind, courses):
    past = live(kind, courses)
    for position, decision in enumerate(past.decisions):
        made, chosen = decision.curve.plan, decision.selection
        assert 0 <= made.num_steps <= 20
        assert 0 <= chosen.step <= decision.curve.steps_run
        assert made.reason
        assert chosen.reason
        json.dumps(made.beliefs, allow_nan=False)
        if chosen.campaign is not None:
            assert CONTROLLERS.literal(kind, "RESTARTS") is True
            assert 0 <= chosen.campaign < position
            assert made.num_steps == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_campaign_runs_in_full(kind):
    assert plan(kind, max_steps=17).num_steps == 17


@pytest.mark.parametrize("kind", ["care", "gate"])
def test_the_gate_grants_20_15_or_10_steps(kind):
    for course, num_steps in ((SLIGHT, 20), (DEEP, 15), (RUIN, 10)):
        assert plan(kind, history(course)).num_steps == num_steps, course
    assert "adapt: end over peak 0.71" in plan(kind, history(DEEP)).reason


def test_the_strict_variant_has_only_20_and_10():
    strict = {"budgets": (1.0, 0.5, 0.5)}
    for course, num_steps in ((SLIGHT, 20), (DEEP, 10), (RUIN, 10)):
        assert plan("care", history(course), **strict).num_steps == num_steps


def test_budgets_that_rise_are_refused():
    with pytest.raises(ValidationError, match="from the largest to the smallest"):
        CONTROLLERS["care"].Options(budgets=(0.5, 0.75, 1.0))


def test_budgets_scale_with_the_study_s():
    assert plan("gate", history(DEEP), max_steps=8).num_steps == 6
    assert plan("gate", history(RUIN), max_steps=1).num_steps == 1


def test_a_bad_surprise_tightens_the_gate_for_two_campaigns():
    calm = [[0.5, 0.5]] * 3
    surprise, good = [0.7, 0.7, 0.1], [0.5, 0.5]
    before = plan("care", history(*calm))
    assert (before.beliefs["tightening"], before.beliefs["reuse_ratio"]) == (0.0, 0.8)
    for clean, tightening in ((0, 0.1), (1, 0.05), (2, 0.0)):
        beliefs = plan("care", history(*calm, surprise, *[good] * clean)).beliefs
        assert beliefs["tightening"] == pytest.approx(tightening)
        assert beliefs["surprised"] is (clean == 0)


def test_a_tightened_gate_cuts_where_it_would_have_reused():
    slip = [0.5, 0.55, 0.46]  # end over peak .84, not far enough for a surprise of its own
    past = history([0.5, 0.5], [0.7, 0.7, 0.1], slip)
    assert plan("gate", past).num_steps == 20
    made = plan("care", past)
    assert made.beliefs["tightening"] == pytest.approx(0.05)
    assert made.beliefs["reuse_ratio"] == pytest.approx(0.85)
    assert made.num_steps == 15


@pytest.mark.parametrize("kind", WITH_POSTERIOR)
def test_a_chain_that_is_ruined_again_and_again_is_rejected_and_goes_back_to_its_best(kind):
    past = live(kind, ruin(12))
    rejected = [each for each in past.decisions if each.curve.plan.num_steps == 0]
    assert rejected
    assert rejected[0].curve.plan.reason.startswith("reject: ")
    assert rejected[0].selection.step == 0


@pytest.mark.parametrize("kind", ["care", "memory"])
def test_a_chain_that_only_rises_is_never_cut(kind):
    rising = [[0.2 + 0.07 * campaign, 0.27 + 0.07 * campaign] for campaign in range(10)]
    past = live(kind, rising)
    assert {each.curve.plan.num_steps for each in past.decisions} == {20}


def test_a_limit_on_rejections_makes_the_next_campaign_pilot():
    unlimited, limited = (
        [each.curve.plan.num_steps for each in live("care", ruin(12), **options).decisions]
        for options in ({}, {"max_rejections": 2})
    )
    first = unlimited.index(0)
    assert set(unlimited[first:]) == {0}
    assert limited[: first + 3] == [*unlimited[:first], 0, 0, 10]
    assert [0, 0, 0] not in [limited[i : i + 3] for i in range(len(limited))]


def test_the_gate_alone_never_rejects():
    past = live("gate", ruin(12))
    assert {each.curve.plan.num_steps for each in past.decisions[2:]} == {10}
    assert {each.selection.campaign for each in past.decisions} == {None}


def test_memory_takes_the_largest_budget_that_is_not_refused():
    past = history(*[[0.6] * 20 + [0.2]] * 4, *[[0.6] * 6] * 4)  # long ones fall, short ones do not
    start = snapshot(0.6)

    def memory(**options):
        return plan("memory", past, start, protected=(), **options)

    chances = [
        memory(budgets=(share,) * 3, max_regression=1.0).beliefs["changes"]["pass@1"]["p_regress"]
        for share in (1.0, 0.75, 0.5)
    ]
    assert chances[0] > chances[1] > chances[2]
    limits = {1.0: 20, (chances[0] + chances[1]) / 2: 15, (chances[1] + chances[2]) / 2: 10, 0.0: 0}
    assert {limit: memory(max_regression=limit).num_steps for limit in limits} == limits


def test_a_protected_capability_can_reject_while_pass_at_1_rises():
    def course(start, end):
        run = curve([start, end])
        lost = snapshot(end, distinct=0.0, entropy=0.3)
        first = snapshot(start, distinct=0.9)
        return CampaignCurve(1, run.plan, (first, lost))

    past = History(tuple(Decision(course(0.4, 0.5), Selection(1, "")) for _ in range(5)))
    start = snapshot(0.4, distinct=0.9)
    assert "distinct regresses" in plan("care", past, start).reason
    assert plan("care", past, start, protected=()).num_steps == 20


def test_beliefs_hold_the_context_and_the_changes_foreseen():
    beliefs = plan("care", history(DEEP), snapshot(0.45, entropy=0.25)).beliefs
    assert list(beliefs["context"]) == list(FEATURES)
    assert beliefs["context"]["start"] == pytest.approx(0.45)
    assert beliefs["context"]["budget"] == 0.75
    change = beliefs["changes"]["pass@1"]
    assert change["measured_sd"] ** 2 == pytest.approx(change["sd"] ** 2 + 2 * 0.0005)
    assert 0 < change["p_regress"] < 1


def test_care_v1_halves_the_learning_rate_after_each_regression_and_never_stops():
    falls, holds = [0.5, 0.44], [0.5, 0.46]
    for courses, scale in (([], 1), ([holds], 1), ([falls], 0.5), ([falls, holds, falls], 0.25)):
        made = plan("care_v1", history(*courses))
        assert (made.learning_rate_scale, made.num_steps) == (scale, 20), courses


def test_care_never_touches_the_learning_rate():
    for kind in set(KINDS) - {"care_v1"}:
        assert {each.curve.plan.learning_rate_scale for each in live(kind, ruin(8)).decisions} == {
            1
        }


def test_care_and_early_stop_take_the_smaller_budget_and_roll_the_peak_forward():
    early = [0.4, 0.5, *[0.49] * 5]
    assert plan("care_early_stop", history(early)).num_steps == 4
    assert plan("care_early_stop", history(early), margin=7).num_steps == 8
    late = [0.4] * 16 + [0.6, 0.3]
    assert plan("care_early_stop", history(late)).num_steps == plan("care", history(late)).num_steps
    assert select("care_early_stop", History(), curve(early)).step == 1


def test_care_and_early_stop_keep_a_rejection():
    past = live("care_early_stop", ruin(12))
    rejected = [each for each in past.decisions if each.curve.plan.num_steps == 0]
    assert rejected
    assert "early stopping" not in rejected[0].curve.plan.reason


def test_the_trust_region_shrinks_on_losses_grows_on_gains_and_restarts():
    fall, rise, rejected = [0.6, 0.3], [0.3, 0.6], [0.3]

    def steps(*courses):
        fearless = {"max_regression": 1.0, "max_protected_regression": 1.0}
        return plan("care_vector", history(*courses), **fearless).num_steps

    assert steps(fall) == 10
    assert steps(fall, fall) == 5
    assert steps(fall, fall, rise) == 10
    assert steps(fall, fall, fall) == 0
    assert steps(fall, fall, fall, rejected) == 20


def test_the_hypervolume_gate_sees_a_loss_that_pass_at_1_does_not_show():
    first, last = snapshot(0.5, hard=0.4, distinct=0.3), snapshot(0.5, hard=0.3, distinct=0.2)
    run = CampaignCurve(1, plan("care"), (first, last))
    past = History((Decision(run, Selection(1, "")),))
    assert plan("gate", past).num_steps == 20
    assert plan("care_vector", past).num_steps == 10


def test_a_protected_capability_must_be_foreseen_to_fall_by_fifteen_points():
    options = CONTROLLERS["care"].Options()
    for fall, refused in ((0.15, False), (0.16, True)):
        foreseen = {"distinct": Prediction(-fall, options.campaign_sd**2)}
        assert bool(refusal(foreseen, options)) is refused


def test_a_second_campaign_is_a_bad_surprise_after_a_first_that_learnt_much():
    levelled = history([0.17, 0.65], [0.65, 0.65])
    assert plan("care", levelled, snapshot(0.65)).beliefs["surprised"]
    slow = history([0.17, 0.22], [0.22, 0.22])
    assert not plan("care", slow, snapshot(0.22)).beliefs["surprised"]
