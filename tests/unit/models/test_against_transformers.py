"""transformers as the judge of what a saved folder means."""

import pytest
import torch

from crest.models.loading import load_policy


@pytest.fixture(scope="module")
def folder(frozen_policy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("organism")
    frozen_policy.save(folder)
    return folder


@pytest.fixture(scope="module")
def judge(folder):
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    return AutoModelForCausalLM.from_pretrained(folder).eval()


@pytest.fixture(scope="module")
def judge_tokenizer(folder):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def test_the_folder_opens_as_its_class_with_every_weight_used(folder, frozen_policy, kind):
    from transformers import AutoModelForCausalLM

    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    expected = {"qwen2": "Qwen2ForCausalLM", "gemma3": "Gemma3ForCausalLM"}
    assert type(model).__name__ == expected[kind]
    assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    ours = sum(parameter.numel() for parameter in frozen_policy.parameters())
    assert model.num_parameters() == ours


def test_logits_equal_those_of_transformers(judge, frozen_policy, sampled, plain_logits):
    for prompt, completion in sampled[:20]:
        ids = [*frozen_policy.tokenizer.encode(prompt), *completion.token_ids]
        with torch.no_grad():
            expected = judge(torch.tensor([ids])).logits[0]
        torch.testing.assert_close(plain_logits(ids).detach(), expected, atol=1e-4, rtol=0)


def test_shared_prompt_logits_equal_those_of_transformers(judge, frozen_policy, sampled):
    batch = frozen_policy.encode_batch([(prompt, one.token_ids) for prompt, one in sampled])
    with torch.no_grad():
        ours = frozen_policy.completion_logits(batch)
        theirs = judge(batch.input_ids).logits
    for row, length in enumerate(batch.completion_mask.sum(1).tolist()):
        start = int(batch.prompt_lengths[row]) - 1
        expected = theirs[row, start : start + length]
        torch.testing.assert_close(ours[row, :length], expected, atol=1e-4, rtol=0)


def test_tokenizers_agree_on_ids_text_and_special_tokens(judge_tokenizer, tokenizer, pairs):
    assert judge_tokenizer.eos_token_id == tokenizer.eos_id
    assert judge_tokenizer.pad_token_id == tokenizer.pad_id
    for prompt, completion in pairs[:100]:
        text = prompt + completion
        ids = list(tokenizer.encode(text))
        assert judge_tokenizer(text)["input_ids"] == ids
        assert judge_tokenizer.decode([*ids, tokenizer.eos_id], skip_special_tokens=True) == text


def test_greedy_text_equals_that_of_transformers(judge, judge_tokenizer, frozen_policy, prompts):
    ours = frozen_policy.generate(
        prompts, [[0]] * len(prompts), temperature=0.0, max_completion_length=20
    )
    inputs = judge_tokenizer(prompts, return_tensors="pt", padding=True)
    with torch.no_grad():
        outputs = judge.generate(**inputs, do_sample=False, max_new_tokens=20)
    texts = judge_tokenizer.batch_decode(
        outputs[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True
    )
    assert [own[0].text for own in ours] == texts


def test_a_folder_saved_by_transformers_loads_with_the_same_logits(
    judge, tokenizer, plain_logits, prompts, tmp_path
):
    judge.save_pretrained(tmp_path)
    tokenizer.save(tmp_path)
    policy = load_policy(tmp_path)
    ids = tokenizer.encode(prompts[0])
    with torch.no_grad():
        expected = judge(torch.tensor([ids])).logits[0]
    torch.testing.assert_close(plain_logits(ids, policy).detach(), expected, atol=1e-4, rtol=0)
