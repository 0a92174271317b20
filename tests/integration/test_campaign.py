"""A campaign of every kind of arm on a tiny organism: resumed, repeated, and read back."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import torch

from crest.campaigns.clock import Clock
from crest.campaigns.run import CampaignResult, run_campaign
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.step import CampaignInputs
from crest.campaigns.work import CampaignWork, set_weights, weights_of
from crest.config import SamplingConfig
from crest.evaluate import evaluate
from crest.jobs._tables import with_keys
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.records import History, Problem, Status, Submission, Verdict
from crest.testing import FunctionTests
from crest.work import Kept, open_work

TESTS = FunctionTests("f", ((1,),), (1,))

SHAPE = {
    "vocab_size": 300,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 64,
}
PROBLEMS = [Problem(f"task{i}", f"family{i % 2}", 1, f"# say {i}\n", "a", TESTS) for i in range(12)]
ARMS = {
    "naive": ("reinforce", "none", {"kind": "fixed"}),
    "moving": ({"kind": "reinforce", "baseline": "moving_average"}, "none", "random_step"),
    "es": ("reinforce", "none", "early_stop"),
    "patience": ("reinforce", "ewc", {"kind": "patience", "patience": 2}),
    "adaptive": ("reinforce", {"kind": "adaptive_kl", "target": 0.001}, "fixed"),
    "grpo": ({"kind": "grpo", "num_iterations": 2}, {"kind": "kl", "beta": 0.1}, "fixed"),
}
"""Objective, penalty and controller of each arm: a kind, or a kind with options."""


class Killed(Exception):  # noqa: N818 (it stands for a signal)
    """Stands for a kill in the middle of a step."""


def grade(submissions: Sequence[Submission]) -> list[Verdict]:
    """Pass completions with an even number of characters: a reward that a tiny model can move."""
    passed = [len(each.source) % 2 == 0 for each in submissions]
    return [Verdict(Status.PASS if good else Status.WA, (good,), "C") for good in passed]


def fresh_policy() -> OrganismPolicy:
    texts = [problem.prompt + "abc def\n" for problem in PROBLEMS]
    tokenizer = Tokenizer.train(texts, TokenizerOptions(vocab_size=SHAPE["vocab_size"]))
    shape = load_shape("qwen2", SHAPE).with_vocabulary(tokenizer.vocab_size)
    network = Organism(shape)
    network.initialise(torch.Generator().manual_seed(0), std=0.3)
    return OrganismPolicy(network, tokenizer)


def settings(arm: str) -> CampaignSettings:
    objective, penalty, controller = (
        {"kind": part} if isinstance(part, str) else part for part in ARMS[arm]
    )
    return CampaignSettings.model_validate(
        {
            "study": "collapse",
            "model": "organism",
            "method": arm,
            "seed": 0,
            "campaign": 2,
            "max_steps": 5,
            "objective": objective,
            "penalty": penalty,
            "controller": controller,
            "sampling": {"temperature": 1.0, "max_completion_length": 8},
            "training": {
                "problems_per_campaign": 6,
                "prompts_per_step": 3,
                "num_generations": 4,
                "warmup_steps": 2,
                "adam_beta1": 0.9,
                "adam_beta2": 0.999,
                "max_grad_norm": 1.0,
                "micro_batch_size": 5,
            },
            "monitor": {"num_problems": 4, "num_generations": 3, "kl_completions": 5},
        }
    )


def run(arm: str, folder: Path, *, kill_at_grading: int | None = None) -> CampaignResult:
    calls = 0

    def counted(submissions: Sequence[Submission]) -> list[Verdict]:
        nonlocal calls
        calls += 1
        if calls == kill_at_grading:
            raise Killed
        return grade(submissions)

    inputs = CampaignInputs(
        policy=fresh_policy(),
        start=fresh_policy(),
        base=fresh_policy(),
        train=PROBLEMS,
        select=PROBLEMS,
        history=History(),
        learning_rate=0.01,
        grade=counted,
    )
    with open_work(arm, [], root=folder) as work:
        return run_campaign(settings(arm), inputs, CampaignWork(work), Clock())


def files(root: Path) -> dict[str, bytes]:
    """Return every file of the work folder: weights and tables of all steps, and what resumes."""
    (folder,) = root.iterdir()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_once(arm: str, folder: Path, kill: int) -> bool:
    """Kill a campaign at its next such grading; tell whether it came that far."""
    try:
        run(arm, folder, kill_at_grading=kill)
    except Killed:
        return True
    return False


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("kills", [(1, 2, 3), (4,), (3, 3, 3, 2), tuple([2] * 10)])
def test_a_killed_and_resumed_campaign_equals_an_uninterrupted_one(
    arm: str, kills: tuple[int, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = run(arm, tmp_path / "whole")
    caplog.set_level(logging.INFO)
    killed = [kill for kill in kills if kill_once(arm, tmp_path / "broken", kill)]
    resumed = run(arm, tmp_path / "broken")
    assert killed
    assert re.search(r"resumed after step \d of 5", caplog.text)
    assert resumed.curve == whole.curve
    assert resumed.selection == whole.selection
    for name, table in whole.tables.items():
        assert table.equals(resumed.tables[name]), name
    assert files(tmp_path / "broken") == files(tmp_path / "whole")


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("file", ["weights.safetensors", "optimiser.safetensors", "steps.parquet"])
def test_a_campaign_goes_on_from_the_step_before_a_torn_one(
    arm: str, file: str, tmp_path: Path
) -> None:
    run(arm, tmp_path / "whole")
    assert kill_once(arm, tmp_path / "broken", 6)
    torn = max((tmp_path / "broken").glob(f"*/entry-*-{file}"))
    torn.write_bytes(torn.read_bytes()[:-1])
    run(arm, tmp_path / "broken")
    assert files(tmp_path / "broken") == files(tmp_path / "whole")
    assert len(list((tmp_path / "set-aside").iterdir())) == 1


def test_tables_hold_every_step_and_every_sample(tmp_path: Path) -> None:
    tables = run("naive", tmp_path).tables
    assert tables["steps"]["step"].to_list() == [0, 1, 2, 3, 4, 5]
    assert tables["steps"]["reward"].null_count() == 1
    assert tables["steps"]["select_pass@1"].null_count() == 0
    assert tables["rollouts"].height == 5 * 3 * 4
    assert tables["select"].height == 6 * 4
    groups = tables["rollouts"].group_by("step", maintain_order=True)
    by_step = groups.agg(pl.col("reward").mean())["reward"].to_list()
    assert by_step == tables["steps"]["reward"].to_list()[1:]


def test_every_table_says_at_which_level_its_programs_ran(tmp_path: Path) -> None:
    sampling = SamplingConfig(temperature=1.0, max_completion_length=8)
    with open_work("evaluation", [], root=tmp_path / "work") as work, Kept(work) as kept:
        counts = evaluate(
            fresh_policy(),
            PROBLEMS,
            grade,
            ("fresh",),
            num_generations=2,
            sampling=sampling,
            kept=kept,
            place="base",
        )
    tables = {**run("naive", tmp_path / "run").tables, "counts": with_keys(counts, {"seed": 0})}
    assert set(tables) == {"steps", "select", "rollouts", "counts"}
    assert all(set(table["grader_level"]) == {"C"} for table in tables.values())


def test_kl_to_the_start_is_zero_at_the_first_step_and_positive_later(tmp_path: Path) -> None:
    kl = run("naive", tmp_path).tables["steps"]["kl"].to_list()
    assert kl[0] is None
    assert kl[1] == pytest.approx(0.0, abs=1e-6)
    assert kl[-1] > 1e-6


def test_patience_ends_a_campaign_before_its_budget_is_used_up(tmp_path: Path) -> None:
    curve = run("patience", tmp_path).curve
    assert curve.steps_run == min(5, curve.peak_step + 2)


def test_weights_read_back_are_the_weights_set() -> None:
    policy, other = fresh_policy(), fresh_policy()
    with torch.no_grad():
        for tensor in policy.parameters():
            tensor.add_(1.0)
    set_weights(other, weights_of(policy))
    pairs = zip(policy.parameters(), other.parameters(), strict=True)
    assert all(torch.equal(one, two) for one, two in pairs)
