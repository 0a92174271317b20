"""Every claim about the crossover reaches every verdict, on tables made by hand."""

import polars as pl
import pytest

from crest.registry import Registry
from crest.statistics.claims._evidence import Verdict
from crest.statistics.judge import judge_claims

CLAIMS = Registry("crest.statistics.claims")
ABOVE, BELOW, ACROSS, WIDE = (0.1, 0.2), (-0.2, -0.1), (-0.02, 0.03), (-0.2, 0.3)
NAMES = [name for name in CLAIMS.names() if name.startswith("b")]

CRITIC = {"method": "critic", "reference": "first", "primary": True, "free": True}
ROUNDS = {"metric": None, "round": None}
# The number that a claim rests on, on each bank: its table, its row's keys and its sign.
PARTS = {
    "b1_critic": ("selection_gains", CRITIC | {"subset": "all"}, 1),
    "b2_divergence": ("selection_gains", CRITIC | {"subset": "divergent"}, 1),
    "b3_ceiling": ("star_rounds", ROUNDS | {"metric": "ceiling_mean_gain"}, 1),
    "b4_deceleration": ("star_rounds", ROUNDS | {"metric": "pass@1_deceleration"}, 1),
    "b5_trained_wins": ("crossover_pass_at_k", {"metric": "gain", "last": True, "k": 8}, 1),
    "b6_base_wins": ("crossover_pass_at_k", {"metric": "gain", "last": True, "k": 64}, -1),
}
FIRST_ROUND = ("star_rounds", {"metric": "pass@1_increment", "round": 1})
SCHEMAS = {
    "selection_gains": {
        **dict.fromkeys(["bank", "method", "reference", "subset"], pl.String),
        **dict.fromkeys(["primary", "free"], pl.Boolean),
    },
    "star_rounds": {
        **dict.fromkeys(["bank", "metric"], pl.String),
        "main": pl.Boolean,
        **dict.fromkeys(["round", "n_bases"], pl.Int64),
    },
    "crossover_pass_at_k": {
        "bank": pl.String,
        **dict.fromkeys(["main", "last"], pl.Boolean),
        "metric": pl.String,
        **dict.fromkeys(["k", "n_bases"], pl.Int64),
    },
}
NUMBERS = {
    **dict.fromkeys(["estimate", "ci_low", "ci_high", "t_low", "t_high"], pl.Float64),
    **dict.fromkeys(["n_seeds", "seeds_better"], pl.Int64),
    **dict.fromkeys(["p_value", "p_tasks_holm"], pl.Float64),
    "test": pl.String,
}


def tables(name, easy, hard, *, first=(ABOVE, ABOVE), n_seeds=6, student=None, **others):
    """Return tables in which a claim's number has the given intervals on the two banks."""
    table, keys, _ = PARTS[name]
    rows = {key: [] for key in SCHEMAS}
    for bank, interval in (("easy", easy), ("hard", hard)):
        rows[table].append(row(bank, keys | others, interval, n_seeds, student))
    for bank, interval in zip(("easy", "hard"), first, strict=True):
        rows["star_rounds"].append(row(bank, FIRST_ROUND[1], interval, n_seeds, None))
    made = {key: pl.DataFrame(rows[key], schema=SCHEMAS[key] | NUMBERS) for key in SCHEMAS}
    return {**made, "crossing": crossings()}


def row(bank, keys, interval, n_seeds, student):
    low, high = interval or (None, None)
    t_low, t_high = student or (low, high)
    return {
        "main": True,
        "n_bases": 2,
        **keys,
        "bank": bank,
        "estimate": sum(interval) / 2 if interval else 0.1,
        "ci_low": low,
        "ci_high": high,
        "t_low": t_low,
        "t_high": t_high,
        "n_seeds": n_seeds,
        "seeds_better": n_seeds,
        "p_value": 0.03125,
        "p_tasks_holm": 0.2,
        "test": "exact sign-flip",
    }


def crossings():
    """Return K* of both banks, and of a trajectory, which is not told."""
    found = [("easy", None, 22.6, "crosses", 0.99), ("hard", None, None, "leads throughout", 0.1)]
    found.append(("easy", 3, 5.0, "crosses", 0.5))
    columns = ["bank", "seed", "crossing_k", "state", "probability"]
    return pl.DataFrame(found, schema=columns, orient="row").with_columns(
        main=True, last=True, interval=pl.lit("13.3 to beyond 128")
    )


def judge(name, easy, hard, **options):
    made = tables(name, easy, hard, **options)
    return CLAIMS[name].judge({key: made[key] for key in CLAIMS[name].TABLES})


def claimed(name, interval):
    """Return the interval as it is, or turned where the claim is that the number is negative."""
    return interval if PARTS[name][2] > 0 else (-interval[1], -interval[0])


def test_there_are_six_claims():
    assert [CLAIMS[name].ID for name in NAMES] == [f"B{number}" for number in range(1, 7)]
    assert {CLAIMS[name].STUDY for name in NAMES} == {"crossover"}


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_is_reproduced_where_it_holds_on_both_banks(name):
    judgement = judge(name, claimed(name, ABOVE), claimed(name, ABOVE))
    assert judgement.verdict == Verdict.REPRODUCED
    assert (judgement.estimate, judgement.ci_low) == (pytest.approx(0.15), 0.1)
    assert (judgement.n, judgement.p_value) == (6, 0.03125)
    assert judgement.table == PARTS[name][0]
    assert "easy bank" in judgement.quantity


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_is_contradicted_where_one_bank_shows_the_opposite(name):
    for banks in ((ABOVE, BELOW), (BELOW, ABOVE), (BELOW, BELOW)):
        easy, hard = (claimed(name, each) for each in banks)
        assert judge(name, easy, hard).verdict == Verdict.CONTRADICTED


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_is_open_where_one_bank_is(name):
    easy, hard = claimed(name, ABOVE), claimed(name, ACROSS)
    assert judge(name, easy, hard).verdict == Verdict.INCONCLUSIVE
    assert judge(name, easy, easy, student=WIDE).verdict == Verdict.INCONCLUSIVE


@pytest.mark.parametrize("name", NAMES)
def test_one_seed_is_never_enough(name):
    judgement = judge(name, None, None, n_seeds=1)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "1 seed: an interval needs two" in judgement.note


@pytest.mark.parametrize("name", NAMES)
def test_a_bank_that_was_not_measured_leaves_a_claim_open(name):
    made = tables(name, claimed(name, ABOVE), claimed(name, ABOVE))
    made = {
        key: frame if key == "crossing" else frame.filter(pl.col("bank") == "easy")
        for key, frame in made.items()
    }
    judgement = CLAIMS[name].judge(made)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "a number is missing" in judgement.note


@pytest.mark.parametrize("name", NAMES)
def test_without_picks_or_trajectories_a_claim_is_not_run(name):
    made = {key: frame.clear() for key, frame in tables(name, ABOVE, ABOVE).items()}
    assert CLAIMS[name].judge(made).verdict == Verdict.NOT_RUN
    rows = {row["id"]: row["verdict"] for row in judge_claims({}).to_dicts()}
    assert rows[CLAIMS[name].ID] == "not run"


@pytest.mark.parametrize("name", ["b3_ceiling", "b4_deceleration", "b5_trained_wins"])
def test_another_recipe_than_the_studys_own_is_no_evidence(name):
    made = tables(name, ABOVE, ABOVE)
    made = {key: frame.with_columns(main=False) for key, frame in made.items()}
    judgement = CLAIMS[name].judge(made)
    assert judgement.verdict == Verdict.NOT_RUN
    assert judgement.note == "no trajectories of the study's own recipe"


@pytest.mark.parametrize("name", ["b5_trained_wins", "b6_base_wins"])
def test_an_earlier_round_is_no_evidence(name):
    judgement = judge(name, claimed(name, ABOVE), claimed(name, ABOVE), last=False)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert "a number is missing" in judgement.note


@pytest.mark.parametrize("name", ["b1_critic", "b2_divergence"])
def test_a_critic_at_another_budget_is_no_evidence(name):
    judgement = judge(name, ABOVE, ABOVE, primary=False)
    assert judgement.verdict == Verdict.INCONCLUSIVE


@pytest.mark.parametrize("first", [(ACROSS, ABOVE), (ABOVE, BELOW), (None, None)])
def test_gains_decelerate_only_where_the_first_round_gains(first):
    for slower in (ABOVE, BELOW):
        judgement = judge("b4_deceleration", slower, slower, first=first)
        expected = Verdict.CONTRADICTED if slower == BELOW and first != (None, None) else None
        assert judgement.verdict == (expected or Verdict.INCONCLUSIVE)
        assert "open: the first round itself does not gain" in judgement.note


def test_the_critics_claim_tells_its_seeds_and_its_gain_over_every_free_selector():
    made = tables("b1_critic", ABOVE, ABOVE)
    more = [
        row("hard", CRITIC | {"subset": "all", "reference": other}, (-0.01, 0.03), 6, None)
        for other in ("likelihood", "vote")
    ]
    gains = pl.concat(
        [
            made["selection_gains"],
            pl.DataFrame(more, schema=SCHEMAS["selection_gains"] | NUMBERS),
        ]
    )
    judgement = CLAIMS["b1_critic"].judge({"selection_gains": gains})
    assert judgement.verdict == Verdict.REPRODUCED
    assert "better on 6 of 6 seeds (easy)" in judgement.note
    told = "hard bank: likelihood +0.010 (-0.010 to +0.030, Holm's p over tasks 0.200), vote"
    assert told in judgement.note


def test_that_agreeing_tasks_gain_nothing_is_said_to_be_a_check():
    judgement = judge("b2_divergence", ABOVE, ABOVE)
    assert judgement.note.endswith("the difference is zero by construction (checked)")


@pytest.mark.parametrize("name", ["b3_ceiling", "b4_deceleration", "b5_trained_wins"])
def test_claims_about_trajectories_tell_how_many_bases_these_come_from(name):
    note = judge(name, ABOVE, ABOVE).note
    assert "6 trajectories from 2 base models" in note


def test_the_crossing_of_each_bank_stands_in_the_note():
    for name in ("b5_trained_wins", "b6_base_wins"):
        note = judge(name, claimed(name, ABOVE), claimed(name, ABOVE)).note
        assert "easy bank: K* 22.6 (13.3 to beyond 128), P(crossing) 0.99" in note
        assert "hard bank: K* none, leads throughout" in note
        assert "K* 5.0" not in note


def test_what_the_base_wins_by_is_turned_with_its_interval():
    judgement = judge("b6_base_wins", (-0.3, -0.1), (-0.3, -0.1))
    assert judgement.verdict == Verdict.REPRODUCED
    assert judgement.estimate == pytest.approx(0.2)
    assert (judgement.ci_low, judgement.ci_high) == (0.1, 0.3)
    assert judgement.quantity == "base - trained at k = 64, easy bank"


@pytest.mark.parametrize("name", NAMES)
def test_rules_say_their_id_banks_and_ending(name):
    module = CLAIMS[name]
    assert module.__doc__.startswith(f"{module.ID}: ")
    assert "both banks" in module.RULE
    assert module.RULE.endswith("Else inconclusive.")


def test_a_study_made_to_sharpen_decelerates_and_is_overtaken(results):
    verdicts = dict(judge_claims(results).select("id", "verdict").iter_rows())
    assert verdicts["B4"] == "reproduced"
    ran = {name for name, verdict in verdicts.items() if verdict != "not run"}
    assert {f"B{number}" for number in range(1, 7)} <= ran
