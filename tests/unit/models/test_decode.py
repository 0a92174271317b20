import numpy as np
import pytest
import torch
from scipy import stats

from crest.models.organism import decode
from crest.models.organism.policy import OrganismPolicy
from crest.seeds import derive_seed


def texts(completions):
    return [[one.token_ids for one in own] for own in completions]


def test_recorded_log_probs_equal_a_plain_forward(frozen_policy, sampled, plain_logits):
    for prompt, completion in sampled:
        prompt_ids = frozen_policy.tokenizer.encode(prompt)
        logits = plain_logits([*prompt_ids, *completion.token_ids])[len(prompt_ids) - 1 : -1]
        chosen = torch.tensor(completion.token_ids)[:, None]
        expected = logits.log_softmax(-1).gather(1, chosen)[:, 0].detach()
        torch.testing.assert_close(
            torch.tensor(completion.log_probs), expected, atol=1e-4, rtol=1e-4
        )


def test_recorded_log_probs_are_those_at_the_sampling_temperature(frozen_policy, plain_logits):
    prompt = "# total\ndef f(x):\n"
    [[one]] = frozen_policy.generate([prompt], [[3]], temperature=0.5, max_completion_length=1)
    logits = plain_logits(frozen_policy.tokenizer.encode(prompt))[-1] / 0.5
    expected = logits.log_softmax(-1)[one.token_ids[0]].item()
    assert one.log_probs[0] == pytest.approx(expected, abs=1e-4)


def test_samples_do_not_depend_on_order_or_company(frozen_policy, prompts):
    row_seeds = [[derive_seed("row", i, j) for j in range(4)] for i in range(len(prompts))]
    options = {"temperature": 1.0, "max_completion_length": 20}
    together = frozen_policy.generate(prompts, row_seeds, **options)
    backwards = frozen_policy.generate(prompts[::-1], row_seeds[::-1], **options)
    assert texts(together) == texts(backwards[::-1])
    for prompt, own, expected in zip(prompts, row_seeds, together, strict=True):
        [alone] = frozen_policy.generate([prompt], [own[2:3]], **options)
        assert alone[0].token_ids == expected[2].token_ids
        assert alone[0].log_probs == pytest.approx(expected[2].log_probs, abs=1e-4)


def test_equal_seeds_give_equal_samples_and_other_seeds_others(frozen_policy, prompts):
    [own] = frozen_policy.generate(
        prompts[:1], [[7, 7, *range(20)]], temperature=1.0, max_completion_length=20
    )
    assert own[0] == own[1]
    assert len({one.token_ids for one in own}) > 10


@pytest.mark.parametrize(("rows_per_chunk", "keep_share"), [(256, 0.0), (256, 1.0), (7, 0.5)])
def test_dropping_finished_rows_changes_nothing(frozen_policy, prompts, rows_per_chunk, keep_share):
    tokenizer = frozen_policy.tokenizer

    def sample(**options):
        return decode.sample(
            frozen_policy.network,
            [tokenizer.encode(prompt) for prompt in prompts],
            [[10 * i + j for j in range(5)] for i in range(len(prompts))],
            eos_id=tokenizer.eos_id,
            temperature=1.0,
            max_completion_length=20,
            **options,
        )

    expected = sample()
    actual = sample(rows_per_chunk=rows_per_chunk, keep_share=keep_share)
    assert len({len(one.token_ids) for one in expected}) > 3
    assert [one.token_ids for one in actual] == [one.token_ids for one in expected]
    for one, other in zip(actual, expected, strict=True):
        assert one.log_probs == pytest.approx(other.log_probs, abs=1e-4)


@pytest.mark.parametrize("rows_per_chunk", [7, 256])
@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
def test_sharing_beginnings_changes_nothing(frozen_policy, prompts, rows_per_chunk, temperature):
    tokenizer = frozen_policy.tokenizer

    def sample(**options):
        return decode.sample(
            frozen_policy.network,
            [tokenizer.encode(prompt) for prompt in prompts],
            [[10 * i + j for j in range(i)] for i in range(len(prompts))],
            eos_id=tokenizer.eos_id,
            temperature=temperature,
            max_completion_length=20,
            **options,
        )

    expected = sample()
    actual = sample(share_prefixes=True, rows_per_chunk=rows_per_chunk)
    assert [one.token_ids for one in actual] == [one.token_ids for one in expected]
    for one, other in zip(actual, expected, strict=True):
        assert one.log_probs == pytest.approx(other.log_probs, abs=1e-4)


def test_rows_that_began_alike_are_computed_once(frozen_policy, prompts, monkeypatch):
    rows = []
    step = decode.DecodingWeights.step

    def counted(self, tokens, cache):
        rows.append(len(tokens))
        return step(self, tokens, cache)

    monkeypatch.setattr(decode.DecodingWeights, "step", counted)
    sharing = OrganismPolicy(
        frozen_policy.network, frozen_policy.tokenizer, share_prefixes=True
    ).clone()
    [own] = sharing.generate(
        prompts[:1], [list(range(64))], temperature=1.0, max_completion_length=6
    )
    ids = [one.token_ids for one in own]
    begun = [{one[:n] for one in ids if len(one) > n} for n in range(1, 6)]
    assert rows == [len(beginnings) for beginnings in begun]
    assert rows[0] < 50


def test_first_and_second_tokens_follow_the_softmax(frozen_policy, plain_logits):
    prompt = "# add 3; total\ndef f(x):\n"
    prompt_ids = frozen_policy.tokenizer.encode(prompt)
    row_seeds = [derive_seed("chi-square", i) for i in range(20_000)]
    [own] = frozen_policy.generate([prompt], [row_seeds], temperature=1.0, max_completion_length=2)
    first = np.array([one.token_ids[0] for one in own])
    assert fits(first, plain_logits(prompt_ids)[-1]) > 1e-3
    common = np.bincount(np.where(first == frozen_policy.tokenizer.eos_id, 0, first))
    favourite = int(common[1:].argmax()) + 1
    second = np.array([one.token_ids[1] for one in own if one.token_ids[0] == favourite])
    assert len(second) > 200
    assert fits(second, plain_logits([*prompt_ids, favourite])[-1]) > 1e-3


def fits(tokens, logits):
    """Return the p-value of the draws under the softmax, rare tokens merged."""
    expected = logits.detach().double().softmax(-1).numpy() * len(tokens)
    observed = np.bincount(tokens, minlength=len(expected))
    rare = expected < 5
    if rare.any():
        observed = np.append(observed[~rare], observed[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    return stats.chisquare(observed, expected).pvalue


def test_a_completion_ends_with_the_first_end_of_sequence_or_at_the_cap(sampled, tokenizer):
    reasons = set()
    for _, completion in sampled:
        reasons.add(completion.finish_reason)
        assert len(completion.token_ids) == len(completion.log_probs)
        assert tokenizer.eos_id not in completion.token_ids[:-1]
        if completion.finish_reason == "stop":
            assert completion.token_ids[-1] == tokenizer.eos_id
        else:
            assert len(completion.token_ids) == 20
            assert completion.token_ids[-1] != tokenizer.eos_id
        assert completion.text == tokenizer.decode(completion.token_ids)
    assert reasons == {"stop", "length"}


def test_greedy_takes_the_likeliest_token_and_its_log_prob(frozen_policy, prompts, plain_logits):
    [[one]] = frozen_policy.generate(prompts[:1], [[0]], temperature=0.0, max_completion_length=1)
    log_probs = plain_logits(frozen_policy.tokenizer.encode(prompts[0]))[-1].log_softmax(-1)
    assert one.token_ids == (int(log_probs.argmax()),)
    assert one.log_probs[0] == pytest.approx(log_probs.max().item(), abs=1e-4)


def test_a_model_with_one_query_head_per_key_head_decodes_alike(make_policy, plain_forward, kind):
    policy = make_policy(kind, num_attention_heads=2, num_key_value_heads=2)
    prompt = "# count\ndef f(x):\n"
    [[one]] = policy.generate([prompt], [[5]], temperature=1.0, max_completion_length=8)
    prompt_ids = policy.tokenizer.encode(prompt)
    logits = plain_forward([*prompt_ids, *one.token_ids], policy)[len(prompt_ids) - 1 : -1]
    expected = logits.log_softmax(-1).gather(1, torch.tensor(one.token_ids)[:, None])[:, 0]
    assert one.log_probs == pytest.approx(expected.tolist(), abs=1e-4)


@pytest.mark.parametrize("window", [1, 2, 9, 17, 90])
def test_windows_of_any_width_decode_as_a_plain_forward(
    make_policy, plain_forward, prompts, window
):
    policy = make_policy("gemma3", sliding_window=window)
    row_seeds = [[10 * i, 10 * i + 1] for i in range(len(prompts))]
    completions = policy.generate(prompts, row_seeds, temperature=1.0, max_completion_length=20)
    pairs = [(prompt, one) for prompt, own in zip(prompts, completions, strict=True) for one in own]
    batch = policy.encode_batch([(prompt, one.token_ids) for prompt, one in pairs])
    with torch.no_grad():
        shared = policy.completion_logits(batch).log_softmax(-1)
        for row, (prompt, one) in enumerate(pairs):
            ids = policy.tokenizer.encode(prompt)
            plain = plain_forward([*ids, *one.token_ids], policy)[len(ids) - 1 : -1].log_softmax(-1)
            torch.testing.assert_close(shared[row, : len(plain)], plain, atol=1e-4, rtol=1e-4)
            chosen = plain.gather(1, torch.tensor(one.token_ids)[:, None])[:, 0]
            assert one.log_probs == pytest.approx(chosen.tolist(), abs=1e-4)


def test_no_prompts_give_no_completions(frozen_policy):
    assert frozen_policy.generate([], [], temperature=1.0, max_completion_length=4) == []
    assert frozen_policy.generate(["# a\n"], [[]], temperature=1.0, max_completion_length=4) == [[]]


def test_a_prompt_too_long_for_the_positions_is_refused(frozen_policy):
    with pytest.raises(ValueError, match="lower max_completion_length"):
        frozen_policy.generate(["1" * 90], [[0]], temperature=1.0, max_completion_length=20)


def test_a_negative_temperature_is_refused(frozen_policy):
    with pytest.raises(ValueError, match="temperature"):
        frozen_policy.generate(["# a\n"], [[0]], temperature=-1.0, max_completion_length=4)


def test_an_empty_prompt_is_refused(frozen_policy):
    with pytest.raises(ValueError, match="prompt is empty"):
        frozen_policy.generate([""], [[0]], temperature=1.0, max_completion_length=4)
