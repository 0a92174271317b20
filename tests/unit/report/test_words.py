import dataclasses

import polars as pl
import pytest

from crest.report.inputs import Table
from crest.report.words import plain_words


def told(inputs, **tables):
    """Return the sentences by part, with some tables replaced, or taken away where None."""
    given = dict(inputs.tables)
    for name, frame in tables.items():
        if frame is None:
            del given[name]
        else:
            given[name] = Table(name, f"{name}.parquet", frame)
    parts = plain_words(dataclasses.replace(inputs, tables=given))
    return {part["title"]: [each["text"] for each in part["sentences"]] for part in parts}


def claims(*verdicts):
    rows = [
        {
            "id": f"A{number}",
            "sentence": f"claim {number}",
            "verdict": verdict,
            "plain": f"plain {number}" if verdict != "not run" else "",
            "note": "no chains of care",
            "quantity": "naive fresh gap",
            "estimate": None if verdict == "not run" else 0.123,
            "ci_low": 0.1,
            "ci_high": 0.2,
            "n": 5,
        }
        for number, verdict in enumerate(verdicts, start=1)
    ]
    return pl.DataFrame(rows)


def test_every_claim_is_told_under_its_verdict(inputs):
    words = told(inputs, claims=claims("reproduced", "contradicted", "inconclusive", "not run"))
    assert words["What held at this scale"] == ["plain 1"]
    assert words["What did not"] == ["plain 2"]
    assert words["What is open"] == ["plain 3"]
    assert words["What was not run here"] == ["claim 4"]


def test_a_verdict_that_no_claim_has_has_no_part(inputs):
    assert "What did not" not in told(inputs, claims=claims("reproduced"))


def test_a_claim_stands_with_its_number_in_points(inputs):
    given = {**inputs.tables, "claims": Table("claims", "c", claims("reproduced"))}
    parts = plain_words(dataclasses.replace(inputs, tables=given))
    sentence = parts[0]["sentences"][0]
    assert sentence["claim"] == "A1"
    assert sentence["figure"] == "naive fresh gap +12.3 points, +10.0 to +20.0; 5 seeds"


def test_what_has_no_table_is_not_spoken_of(inputs):
    absent = dict.fromkeys(name for name in inputs.tables if name != "claims")
    bare = dataclasses.replace(inputs, choice={})
    words = told(bare, claims=claims("reproduced"), **absent)
    assert list(words) == ["What held at this scale"]


def test_the_map_is_told_with_counts_of_its_cells(inputs, results):
    causes = results["regime_causes"].filter(campaigns=2)
    falling = causes.filter(pl.col("cause") != "none")
    (map_,) = [text for text in told(inputs)["When it collapses"] if text.startswith("Of ")]
    assert map_.startswith(f"Of {len(causes)} settings of the regime map, {len(falling)} fall")


def boundaries(*rows):
    columns = ["objective", "campaigns", "n_rates", "n_falling", "below", "boundary", "above"]
    schema = {"objective": pl.String} | dict.fromkeys(columns[1:4], pl.Int64)
    schema |= dict.fromkeys(columns[4:], pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_boundary_is_told_as_the_rates_around_it(inputs):
    given = boundaries(
        ("grpo", 2, 3, 1, 0.001, 0.0015, 0.002),
        ("grpo_none", 2, 3, 1, 0.002, 0.003, 0.004),
        ("reinforce_none", 2, 3, 0, None, None, None),
        ("reinforce_batch_mean", 2, 3, 3, None, None, None),
    )
    words = told(inputs, regime_boundaries=given)["When it collapses"]
    assert any("GRPO begins to fall between learning rates of 0.001 and 0.004" in w for w in words)
    assert any("1 of its 2 rows fall at every rate" in text for text in words)


def test_the_pilot_is_told_only_where_both_rules_were_met(inputs):
    assert any("at a learning rate of 0.001" in t for t in told(inputs)["When it collapses"])
    unmet = dataclasses.replace(inputs, choice={**inputs.choice, "rule_met": False})
    assert not any("In the pilot" in text for text in told(unmet)["When it collapses"])


def test_the_long_run_is_told_with_its_peak_and_its_end(inputs, results):
    rows = results["diagnostic"].filter(method="naive").with_columns(num_steps=pl.lit(200))
    told_of = [text for text in told(inputs, diagnostic=rows)["When it collapses"] if "200" in text]
    (text,) = told_of
    assert text.startswith("In one campaign of 200 steps naive REINFORCE goes from ")
    alone = rows.filter(pl.col("metric").is_in(["start", "end", "train_end"]))
    assert not [
        text for text in told(inputs, diagnostic=alone)["When it collapses"] if "200" in text
    ]


def test_causes_are_counted_with_those_that_are_sure(inputs, results):
    falling = results["regime_causes"].filter(pl.col("cause") != "none")
    unstable = falling.filter(cause="instability")
    sure = unstable["cause_sure"].sum()
    why = told(inputs)["Why"][0]
    assert f"{len(unstable)} by instability ({sure} by both intervals)" in why


def test_labels_and_noise_are_told_of_the_reference_arm(inputs):
    why = told(inputs)["Why"]
    assert any("pass the hidden tests, 5.00% fail the exact label" in text for text in why)
    assert any("Measuring again moves the gap of one campaign of naive" in text for text in why)


@pytest.mark.parametrize(
    ("interval", "student", "words"),
    [
        ((0.1, 0.3), (0.05, 0.4), "above naive"),
        ((-0.3, -0.1), (-0.4, -0.05), "Below naive"),
        ((0.1, 0.3), (-0.05, 0.4), "On neither side"),
        ((None, None), (None, None), "On neither side"),
    ],
)
def test_what_helps_needs_both_intervals(inputs, results, interval, student, words):
    row = results["comparisons"].filter(method="es", reference="naive", metric="end_pass@1")
    names = ("ci_low", "ci_high", "t_low", "t_high")
    given = row.with_columns(
        pl.lit(value, dtype=pl.Float64).alias(name)
        for name, value in zip(names, (*interval, *student), strict=True)
    )
    (text,) = told(inputs, comparisons=given)["What helps"]
    assert words in text
    assert "early stopping (" in text


def test_five_seeds_are_said_to_be_too_few_for_the_exact_test(inputs, results):
    power = results["power"].with_columns(n_seeds=pl.lit(5), smallest_p=pl.lit(0.0625))
    words = told(inputs, power=power)["How small a difference could be seen"]
    assert words[0].startswith("With 5 seeds a difference from naive REINFORCE")
    assert words[1] == "The exact sign-flip test can find none: its p cannot fall below 0.0625."


def test_the_differences_that_seeds_could_show_are_those_of_the_power_table(inputs, results):
    rows = results["power"].filter(reference="naive", metric="end_pass@1").head(3)
    power = rows.with_columns(
        t_detectable=pl.Series([0.02, 0.05, 0.11]),
        exact_detectable=pl.Series([0.03, 0.06, 0.12]),
        seeds_for_margin=pl.Series([3, 6, None], dtype=pl.Int64),
    )
    by_t, by_flips, needed = told(inputs, power=power)["How small a difference could be seen"]
    assert "must be about 5 points" in by_t
    assert "(2 to 11 over 3 arms" in by_t
    assert by_flips == "The exact sign-flip test needs about 6 points."
    assert "takes 3 to 6 seeds, by arm (median 4); 1 arms would need more" in needed
