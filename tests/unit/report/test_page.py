import dataclasses
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import polars as pl
import pytest

from crest.acceptances import Acceptance
from crest.report.inputs import Table
from crest.report.page import QUESTION, build_report

LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction"}
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """What a page refers to, and whether every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.ids, self.open, self.words = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.loads += [given[name] for name in LOADING & set(given)]
        self.loads += [given.get("href", "")] if tag in {"link", "base"} else []
        self.ids += [given["id"]] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" not in self.open and "style" not in self.open:
            self.words.append(data)


@pytest.fixture(scope="module")
def parsed(page):
    return Page(page)


def changed(inputs, **tables):
    """Return the inputs with some tables replaced."""
    new = {name: dataclasses.replace(inputs.tables[name], frame=f) for name, f in tables.items()}
    return dataclasses.replace(inputs, tables={**inputs.tables, **new}, charts=[])


def text_of(inputs):
    return " ".join(" ".join(Page(build_report(inputs)).words).split())


def test_every_element_is_closed(parsed):
    assert not parsed.open


def test_the_page_loads_nothing_but_its_own_pictures_without_scripts(parsed, page):
    assert all(re.fullmatch(r"figures/\w+\.svg", load) for load in parsed.loads)
    assert "@import" not in page
    assert not re.search(r"url\(\s*['\"]?http", page)


def test_the_page_forbids_the_browser_to_load_anything(page):
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_every_link_leads_to_a_part_of_the_page_or_a_file_beside_it(parsed, folder):
    for link in parsed.links:
        if link.startswith("#"):
            assert link[1:] in parsed.ids, link
        else:
            assert (folder / link).exists(), link


def test_no_two_parts_share_a_name(parsed):
    assert len(parsed.ids) == len(set(parsed.ids))


def test_the_page_is_below_ten_megabytes(page):
    assert len(page.encode()) < 10_000_000


def test_the_page_opens_with_the_question(parsed):
    assert QUESTION in " ".join(parsed.words[:60])


def test_every_claim_stands_there_with_its_verdict_and_rule(page, results):
    plain = html.unescape(page)
    for row in results["claims"].to_dicts():
        assert f'id="claim-{row["id"]}"' in page
        assert row["sentence"] in plain
        assert row["rule"] in plain
        assert row["verdict"] in plain


def test_every_figure_is_drawn_from_what_its_file_holds(page, inputs):
    for chart in inputs.charts:
        name = chart.about["figure"]
        (text,) = re.findall(rf'id="spec-{name}">(.*?)</script>', page, re.DOTALL)
        shown = json.loads(text)
        assert shown["datasets"] == chart.vega["datasets"]
        assert chart.about["caption"] in html.unescape(page)


def test_every_table_is_named_with_the_digest_of_its_spec(page, inputs):
    for table in inputs.tables.values():
        assert f'<a href="{table.path}">' in page
        assert table.digest in page


def test_libraries_are_named_by_version(page):
    assert "altair 6.3.0" in page


def test_the_learning_rate_of_an_arm_is_the_one_that_the_pilot_chose(inputs):
    text = text_of(inputs)
    assert "0.0005 (healthy)" in text
    assert "0.001 (collapsing)" in text


def test_the_restart_of_the_warm_up_stands_beside_the_arms(inputs):
    assert "The optimiser and its warm-up restart with every campaign" in text_of(inputs)


def test_an_arm_without_a_null_gap_is_explained_only_where_there_is_one(inputs):
    words = "a dash where campaigns stop by the select curve itself"
    gaps = inputs.tables["gaps"].frame
    null = (pl.col("method") == "es_patience") & (pl.col("metric") == "null_gap")
    others = changed(inputs, gaps=gaps.filter(pl.col("method") != "es_patience"))
    assert words not in text_of(dataclasses.replace(others, charts=inputs.charts))
    for frame in (gaps, gaps.filter(~null)):
        shown = dataclasses.replace(changed(inputs, gaps=frame), charts=inputs.charts)
        assert words in text_of(shown)


def test_the_end_of_every_chain_is_printed_as_its_table_says(inputs, results):
    text = text_of(inputs)
    for row in results["arms"].filter(metric="end_pass@1").to_dicts():
        assert f"{row['estimate']:.1%} {row['ci_low']:.1%} to {row['ci_high']:.1%}" in text


def test_the_audit_of_the_grader_is_printed_with_its_bound(inputs):
    text = text_of(inputs)
    assert "Does the grader give the same verdict twice?" in text
    assert "all statuses 6 120 0 0.025 0 120 0 0.025 2" in text


def test_text_from_tables_cannot_become_markup(inputs):
    claims = inputs.tables["claims"].frame.with_columns(
        sentence=pl.lit("<script>alert(1)</script>")
    )
    page = build_report(changed(inputs, claims=claims))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_text_inside_a_chart_cannot_end_its_script(inputs):
    chart = inputs.charts[0]
    spiked = dataclasses.replace(chart, vega={**chart.vega, "description": "</script><b>"})
    page = build_report(dataclasses.replace(inputs, charts=[spiked]))
    assert "</script><b>" not in page


def test_a_study_whose_cells_are_all_there_says_so(inputs):
    assert "Every cell of the grid has results." in text_of(inputs)


def test_a_missing_campaign_is_named(inputs):
    campaigns = inputs.tables["campaigns"].frame.filter(
        ~((pl.col("method") == "es") & (pl.col("seed") == 1) & (pl.col("campaign") > 1))
    )
    text = text_of(changed(inputs, campaigns=campaigns))
    assert "es seed 1: campaign 2-3" in text
    assert "1 of 3" in text


def test_a_report_without_claims_is_refused(inputs):
    tables = {name: table for name, table in inputs.tables.items() if name != "claims"}
    with pytest.raises(ValueError, match="lacks the table claims"):
        build_report(dataclasses.replace(inputs, tables=tables))


def test_claims_alone_make_a_page(inputs):
    tables = {"claims": inputs.tables["claims"]}
    bare = dataclasses.replace(inputs, tables=tables, charts=[], choice={}, spec=None)
    assert QUESTION in text_of(bare)


def test_a_table_without_a_stamp_is_called_so(inputs):
    claims = inputs.tables["claims"]
    bare = Table("claims", claims.path, claims.frame)
    assert "not stamped" in text_of(dataclasses.replace(inputs, tables={"claims": bare}, charts=[]))


def test_equal_inputs_give_equal_pages(inputs, page):
    assert build_report(inputs) == page


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="needs the browser chromium on the PATH")
@pytest.mark.usefixtures("page")
def test_a_browser_draws_every_chart_without_an_error(folder, inputs, tmp_path):
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    quiet = "--disable-background-networking --disable-component-update --disable-sync"
    shown = subprocess.run(
        [
            "chromium",
            *options.split(),
            *quiet.split(),
            f"--user-data-dir={tmp_path}",
            "--virtual-time-budget=10000",
            "--enable-logging=stderr",
            "--v=0",
            "--dump-dom",
            (folder / "report.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "CONSOLE" not in shown.stderr
    assert shown.stdout.count('class="chart vega-embed has-actions drawn"') == len(inputs.charts)


def test_accepted_changes_are_shown_with_who_decided_and_why(inputs):
    accepted = Acceptance(
        why="same numbers <on seed 0>",
        by="ada",
        at="2026-11-21T10:00:00+00:00",
        changes=["crest.statistics.bootstrap:_resampled changed"],
        jobs=["compute_statistic, statistic arms", "compute_statistic, statistic gaps"],
        records=["records/compute_statistic/arms.json", "records/compute_statistic/gaps.json"],
    )
    page = build_report(
        dataclasses.replace(inputs, accepted=[accepted, dataclasses.replace(accepted, undone=True)])
    )
    for text in ("same numbers &lt;on seed 0&gt;", "ada", "taken back: ", "statistic gaps"):
        assert text in page
    assert "accepted as harmless once, listed under Provenance" in page


def test_a_report_without_accepted_changes_does_not_speak_of_them(page):
    assert "accepted" not in page.partition("<script>")[0]
