"""Every claim about collapse reaches every verdict, on tables made by hand.

What holds of all claims is asked here, too; those of the crossover have tables of their own in
test_crossover_claims.py.
"""

import polars as pl
import pytest

from crest.registry import Registry
from crest.statistics.claims._evidence import Verdict
from crest.statistics.judge import SCHEMA, judge_claims

CLAIMS = Registry("crest.statistics.claims")
OF_COLLAPSE = [name for name in CLAIMS.names() if name.startswith("a")]
ABOVE, BELOW, ACROSS, WIDE = (0.1, 0.2), (-0.2, -0.1), (-0.02, 0.03), (-0.2, 0.3)

ARMS = ("naive", "healthy", "es", "grpo", "grpo_es", "kl", "ewc", "care", "care_healthy", "oracle")
FALL = ("fresh_gap", "excess_gap", "shared_fall")

# The numbers that a claim rests on, as (table, method, reference, metric).
PARTS = {
    "a1_rise_then_fall": [
        ("gaps", "naive", None, "fresh_gap"),
        ("gaps", "naive", None, "rise"),
        ("gaps", "naive", None, "excess_gap"),
        ("gaps", "naive", None, "shared_rise"),
        ("gaps", "naive", None, "shared_fall"),
    ],
    "a2_not_cured_by_kl": [
        *(("gaps", "kl", None, metric) for metric in FALL),
        ("comparisons", "kl", "naive", "short_of_cure"),
    ],
    "a3_not_cured_by_ewc": [
        *(("gaps", "ewc", None, metric) for metric in FALL),
        ("comparisons", "ewc", "naive", "short_of_cure"),
    ],
    "a4_care": [("comparisons", "care", "naive", "end_pass@1")],
    "a5_care_at_parity": [("comparisons", "care_healthy", "healthy", "end_pass@1")],
    "a10_not_forgetting": [
        ("forgetting", "naive", None, "own_drop"),
        ("forgetting", "naive", None, "own_beyond_half"),
    ],
    "a11_oracle_label": [
        *(("gaps", "oracle", None, metric) for metric in FALL),
        ("comparisons", "oracle", "naive", "half_gap_kept"),
    ],
    "a12_second_architecture": [
        ("architectures", "naive", None, metric)
        for metric in ("fresh_gap", "rise", "excess_gap", "shared_rise", "shared_fall")
    ],
    "a6_early_stop": [("comparisons", "es", "naive", "end_pass@1")],
    "a7_grpo": [("comparisons", "grpo", "naive", "end_pass@1")],
    "a8_grpo_gap": [
        ("gaps", "grpo", None, "fresh_gap"),
        ("comparisons", "grpo", "naive", "half_gap_kept"),
        ("comparisons", "grpo", "naive", "select_carry_over"),
    ],
    "a9_grpo_es": [
        ("comparisons", "grpo_es", "es", "end_pass@1"),
        ("comparisons", "grpo_es", "grpo", "end_pass@1"),
    ],
}
# Numbers that are no part of a verdict and stand in the tables all the same, with their interval.
NAIVE_FALLS = (("gaps", "naive", None, "fresh_gap"), (0.1, 0.2))
COLLAPSE_COSTS = (("comparisons", "healthy", "naive", "end_pass@1"), (0.1, 0.2))
HEALTHY_STAYS = (("gaps", "healthy", None, "fresh_gap"), (0.0, 0.02))
BESIDE = {
    "a2_not_cured_by_kl": [COLLAPSE_COSTS],
    "a3_not_cured_by_ewc": [COLLAPSE_COSTS],
    "a4_care": [COLLAPSE_COSTS],
    "a5_care_at_parity": [HEALTHY_STAYS],
    "a8_grpo_gap": [NAIVE_FALLS],
    "a11_oracle_label": [NAIVE_FALLS],
}
ALL_ABOVE = [name for name in PARTS if name not in {"a9_grpo_es", "a5_care_at_parity"}]
OF_FURTHER_MODELS = "a12_second_architecture"


def tables(
    name,
    intervals,
    *,
    student=None,
    n_seeds=5,
    arms=ARMS,
    beside=None,
):
    """Return tables in which the parts of a claim have the given intervals."""
    rows = {"gaps": [], "comparisons": [], "forgetting": [], "architectures": []}
    parts = [
        *zip(PARTS[name], intervals, strict=True),
        *(BESIDE.get(name, ()) if beside is None else beside),
    ]
    for part, interval in parts:
        table, method, reference, metric = part
        value = sum(interval) / 2 if interval else 0.1
        low, high = interval or (None, None)
        t_low, t_high = student or (low, high)
        rows[table].append((method, reference, metric, value, low, high, t_low, t_high, n_seeds))
    made = {table: _frame(values) for table, values in rows.items()}
    return {
        "arms": pl.DataFrame({"method": list(arms)}),
        "gaps": made["gaps"],
        "comparisons": made["comparisons"].rename({"estimate": "effect"}),
        "forgetting": made["forgetting"],
        "architectures": made["architectures"].with_columns(model=pl.lit("other")),
        "labels_agreement": agreement(),
    }


def agreement():
    """Return the labels of 1000 rollouts, 20 of 400 passes of which fail the exact label."""
    schema = {"method": pl.String, "campaign": pl.Int64, "agreement": pl.Float64} | dict.fromkeys(
        ["num_rollouts", "hidden_passed", "hidden_only"], pl.Int64
    )
    rows = [("oracle", None, 0.98, 1000, 400, 20), ("oracle", 1, 0.5, 10, 4, 2)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _frame(rows):
    numbers = ["estimate", "ci_low", "ci_high", "t_low", "t_high"]
    schema = {
        **dict.fromkeys(["method", "reference", "metric"], pl.String),
        **dict.fromkeys(numbers, pl.Float64),
        "n_seeds": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        p_value=0.0625, test=pl.lit("exact sign-flip"), seeds_better=4
    )


def judge(name, intervals, **options):
    return CLAIMS[name].judge(tables(name, intervals, **options))


@pytest.mark.parametrize("name", ALL_ABOVE)
def test_a_claim_is_reproduced_when_all_of_its_parts_lie_above_zero(name):
    judgement = judge(name, [ABOVE] * len(PARTS[name]))
    assert judgement.verdict == Verdict.REPRODUCED
    assert (judgement.estimate, judgement.ci_low, judgement.n) == (pytest.approx(0.15), 0.1, 5)
    assert judgement.table == PARTS[name][0][0]


@pytest.mark.parametrize("name", ALL_ABOVE)
def test_a_claim_is_contradicted_when_any_part_lies_below_zero(name):
    for wrong in range(len(PARTS[name])):
        intervals = [BELOW if part == wrong else ABOVE for part in range(len(PARTS[name]))]
        assert judge(name, intervals).verdict == Verdict.CONTRADICTED


@pytest.mark.parametrize("name", ALL_ABOVE)
def test_a_claim_is_open_when_any_part_may_be_zero(name):
    for unclear in range(len(PARTS[name])):
        intervals = [ACROSS if part == unclear else ABOVE for part in range(len(PARTS[name]))]
        assert judge(name, intervals).verdict == Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("against_es", "against_grpo", "verdict"),
    [
        (ABOVE, ABOVE, Verdict.CONTRADICTED),
        (BELOW, BELOW, Verdict.CONTRADICTED),
        (BELOW, ABOVE, Verdict.REPRODUCED),
        (ABOVE, BELOW, Verdict.REPRODUCED),
        (ACROSS, ABOVE, Verdict.REPRODUCED),
        (WIDE, ABOVE, Verdict.INCONCLUSIVE),
        (WIDE, WIDE, Verdict.INCONCLUSIVE),
        ((0.01, 0.04), ABOVE, Verdict.CONTRADICTED),
        ((0.01, 0.04), WIDE, Verdict.INCONCLUSIVE),
    ],
)
def test_the_combination_is_mixed_when_it_adds_nothing_to_one_of_its_parts(
    against_es, against_grpo, verdict
):
    assert judge("a9_grpo_es", [against_es, against_grpo]).verdict == verdict


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        (ACROSS, Verdict.REPRODUCED),
        ((0.01, 0.04), Verdict.REPRODUCED),
        (ABOVE, Verdict.CONTRADICTED),
        (BELOW, Verdict.CONTRADICTED),
        ((0.01, 0.06), Verdict.INCONCLUSIVE),
        (WIDE, Verdict.INCONCLUSIVE),
    ],
)
def test_parity_is_a_difference_within_the_smallest_that_matters(difference, verdict):
    judgement = judge("a5_care_at_parity", [difference])
    assert judgement.verdict == verdict
    assert "healthy fresh gap +0.010" in judgement.note


@pytest.mark.parametrize("healthy", [(0.02, 0.07), ABOVE, None])
def test_parity_where_the_healthy_setting_may_be_fragile_is_open(healthy):
    beside = [(("gaps", "healthy", None, "fresh_gap"), healthy)]
    judgement = judge("a5_care_at_parity", [ACROSS], beside=beside)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "open: healthy may be fragile" in judgement.note


@pytest.mark.parametrize("cost", [(0.01, 0.2), ACROSS, BELOW, None])
def test_care_is_judged_only_where_naive_is_fragile(cost):
    beside = [(("comparisons", "healthy", "naive", "end_pass@1"), cost)]
    for gain in (ABOVE, BELOW):
        judgement = judge("a4_care", [gain], beside=beside)
        assert judgement.verdict == Verdict.INCONCLUSIVE
        assert "open: naive is not fragile" in judgement.note
    assert "better on 4 of 5 seeds" in judge("a4_care", [ABOVE]).note


@pytest.mark.parametrize("cost", [ACROSS, BELOW, None])
@pytest.mark.parametrize("name", ["a2_not_cured_by_kl", "a3_not_cured_by_ewc"])
def test_nothing_is_a_cure_or_falls_short_of_one_where_collapse_costs_nothing(name, cost):
    beside = [(("comparisons", "healthy", "naive", "end_pass@1"), cost)]
    for short in (ABOVE, BELOW):
        judgement = judge(name, [ABOVE, ABOVE, ABOVE, short], beside=beside)
        assert judgement.verdict == Verdict.INCONCLUSIVE
        assert "open: healthy itself does not end above naive" in judgement.note


def test_variants_of_a_penalty_are_judged_in_the_note_alone():
    style = [(("gaps", "ewc_style", None, metric), ABOVE) for metric in FALL]
    cured = (("comparisons", "ewc_style", "naive", "short_of_cure"), BELOW)
    judgement = judge(
        "a3_not_cured_by_ewc",
        [ABOVE] * 4,
        arms=(*ARMS, "ewc_style"),
        beside=[COLLAPSE_COSTS, *style, cured],
    )
    assert judgement.verdict == Verdict.REPRODUCED
    assert "ewc_style by the same rule, not part of the verdict: contradicted" in judgement.note


def test_the_oracle_claim_tells_how_often_the_labels_differ():
    note = judge("a11_oracle_label", [ABOVE] * 4).note
    told = "the labels agree on 0.9800 of 1000 rollouts, 20 of 400 passes fail the exact label"
    assert note.endswith(f"oracle: {told}")


def test_every_further_model_must_rise_and_fall():
    made = tables(OF_FURTHER_MODELS, [ABOVE] * 5)
    third = tables(OF_FURTHER_MODELS, [ABOVE, ABOVE, BELOW, ABOVE, ABOVE])["architectures"]
    both = pl.concat([made["architectures"], third.with_columns(model=pl.lit("third"))])
    judgement = CLAIMS[OF_FURTHER_MODELS].judge({"architectures": both})
    assert judgement.verdict == Verdict.CONTRADICTED
    assert "third naive excess gap -0.150" in judgement.note


def test_without_a_further_model_its_claim_is_not_run():
    made = tables(OF_FURTHER_MODELS, [ABOVE] * 5)["architectures"].clear()
    assert CLAIMS[OF_FURTHER_MODELS].judge({"architectures": made}).verdict == Verdict.NOT_RUN


def test_a_claim_whose_table_a_grid_lacks_is_not_run_there():
    made = tables("a11_oracle_label", [ABOVE] * 4)
    del made["labels_agreement"], made["architectures"]
    verdicts = {row["id"]: row for row in judge_claims(made).to_dicts()}
    assert verdicts["A11"]["verdict"] == verdicts["A12"]["verdict"] == "not run"
    assert verdicts["A11"]["note"] == "this grid has no table labels_agreement"
    assert verdicts["A11"]["plain"] == ""


@pytest.mark.parametrize("name", CLAIMS.names())
def test_every_verdict_is_told_in_plain_words_without_numbers(name):
    plain = CLAIMS[name].PLAIN
    assert list(plain) == ["reproduced", "contradicted", "inconclusive"]
    for sentence in plain.values():
        assert sentence.endswith(".")
        assert not any(character.isdigit() for character in sentence)
    assert "open" in plain["inconclusive"]


@pytest.mark.parametrize("name", [name for name in PARTS if name != OF_FURTHER_MODELS])
def test_a_claim_about_an_arm_without_chains_is_not_run(name):
    judgement = judge(name, [ABOVE] * len(PARTS[name]), arms=("memory",))
    assert judgement.verdict == Verdict.NOT_RUN
    assert judgement.note.startswith("no chains of ")
    assert judgement.estimate is None


@pytest.mark.parametrize("name", ALL_ABOVE)
def test_both_intervals_must_agree(name):
    intervals = [ABOVE] * len(PARTS[name])
    assert judge(name, intervals, student=WIDE).verdict == Verdict.INCONCLUSIVE


@pytest.mark.parametrize("name", PARTS)
def test_one_seed_is_never_enough_and_the_note_says_so(name):
    judgement = judge(name, [None] * len(PARTS[name]), n_seeds=1)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "1 seed: an interval needs two" in judgement.note


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_number_leaves_a_claim_open(name):
    made = tables(name, [ABOVE] * len(PARTS[name]))
    kept = {"arms", "labels_agreement", "architectures"}
    made = {key: table if key in kept else table.clear() for key, table in made.items()}
    made["architectures"] = made["architectures"].head(1)
    judgement = CLAIMS[name].judge(made)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "a number is missing" in judgement.note


@pytest.mark.parametrize("naive", [ACROSS, BELOW, None])
def test_half_of_a_gap_that_naive_does_not_show_is_not_kept(naive):
    beside = [(("gaps", "naive", None, "fresh_gap"), naive)]
    for half in (ABOVE, BELOW):
        judgement = judge("a8_grpo_gap", [ABOVE, half, ABOVE], beside=beside)
        assert judgement.verdict == Verdict.INCONCLUSIVE
        assert "open: naive's own fresh gap" in judgement.note
    assert judge("a8_grpo_gap", [ABOVE, ABOVE, BELOW], beside=beside).verdict == "contradicted"


@pytest.mark.parametrize("interval", [ABOVE, BELOW])
def test_the_controls_of_early_stopping_are_noted_and_change_no_verdict(interval):
    beside = [(("comparisons", "es", "random_step", "end_pass@1"), interval)]
    judgement = judge("a6_early_stop", [ABOVE], beside=beside)
    assert judgement.verdict == Verdict.REPRODUCED
    assert "not part of the verdict: es - random_step end pass@1" in judgement.note
    assert "es - short" not in judgement.note


@pytest.mark.parametrize("name", PARTS)
def test_the_note_says_that_verdicts_are_not_corrected(name):
    note = judge(name, [ABOVE] * len(PARTS[name])).note
    assert "verdicts are not corrected for the number of claims" in note
    assert "%" not in CLAIMS[name].RULE


def test_the_note_says_how_small_a_p_can_be():
    judgement = judge("a6_early_stop", [ABOVE], n_seeds=5)
    assert "5 seeds: no exact two-sided p below 0.0625" in judgement.note
    assert "no exact" not in judge("a6_early_stop", [ABOVE], n_seeds=6).note


@pytest.mark.parametrize("name", OF_COLLAPSE)
def test_every_claim_reads_only_the_tables_that_it_names(name):
    module = CLAIMS[name]
    made = tables(name, [ABOVE] * len(PARTS[name]))
    assert set(CLAIMS.literal(name, "TABLES")) == set(module.TABLES)
    module.judge({table: made[table] for table in module.TABLES})
    assert module.ID in module.__doc__
    assert module.RULE.endswith("Else inconclusive.")


def test_the_smallest_study_judges_what_it_ran_and_says_what_it_did_not(demo):
    claims = judge_claims(demo)
    assert dict(claims.schema) == SCHEMA
    ids = [f"A{number}" for number in range(1, 13)] + [f"B{number}" for number in range(1, 7)]
    assert claims["id"].to_list() == ids
    verdicts = dict(claims.select("id", "verdict").iter_rows())
    ran = {name for name, verdict in verdicts.items() if verdict != "not run"}
    assert ran == {"A1", "A6"}
    assert "2 seeds: no exact two-sided p below 0.5" in claims.filter(id="A6")["note"].item()


def test_a_policy_that_only_jitters_does_not_rise_and_fall(jitter):
    gaps = jitter["gaps"].filter(pl.col("metric").is_in(["rise", "fresh_gap", "excess_gap"]))
    assert gaps.select(pl.min_horizontal("ci_low", "t_low").min()).item() > 0
    verdict = CLAIMS["a1_rise_then_fall"].judge(jitter).verdict
    assert verdict == Verdict.INCONCLUSIVE


def test_a_policy_that_drifts_up_and_down_under_the_same_jitter_does(drift):
    assert CLAIMS["a1_rise_then_fall"].judge(drift).verdict == Verdict.REPRODUCED


def test_claims_hold_in_a_study_made_to_rise_and_fall(results):
    verdicts = dict(judge_claims(results).select("id", "verdict").iter_rows())
    assert verdicts["A1"] == "reproduced"
    assert verdicts["A6"] == "reproduced"
