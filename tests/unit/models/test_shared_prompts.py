import torch


def pairs_of(sampled):
    return [(prompt, one.token_ids) for prompt, one in sampled]


def plain_rows(policy, plain_logits, pairs):
    for prompt, ids in pairs:
        prompt_ids = policy.tokenizer.encode(prompt)
        yield plain_logits([*prompt_ids, *ids], policy)[len(prompt_ids) - 1 : -1]


def test_logits_equal_a_plain_forward_and_are_zero_at_padding(frozen_policy, sampled, plain_logits):
    pairs = pairs_of(sampled)
    with torch.no_grad():
        logits = frozen_policy.completion_logits(frozen_policy.encode_batch(pairs))
        for row, expected in enumerate(plain_rows(frozen_policy, plain_logits, pairs)):
            torch.testing.assert_close(logits[row, : len(expected)], expected, atol=1e-4, rtol=1e-4)
            assert not logits[row, len(expected) :].any()


def test_gradients_equal_those_of_plain_forwards(policy, sampled, plain_logits):
    pairs = pairs_of(sampled)[3:40]
    weights = torch.randn(len(pairs), 20, generator=torch.Generator().manual_seed(0))

    def gradients(loss):
        policy.network.zero_grad()
        loss.backward()
        return [parameter.grad.clone() for parameter in policy.parameters()]

    def score(logits, row, ids):
        chosen = logits.log_softmax(-1).gather(1, torch.tensor(ids)[:, None])[:, 0]
        return (chosen * weights[row, : len(ids)]).sum()

    logits = policy.completion_logits(policy.encode_batch(pairs))
    ours = gradients(
        sum(score(logits[row, : len(ids)], row, ids) for row, (_, ids) in enumerate(pairs))
    )
    plain = plain_rows(policy, plain_logits, pairs)
    expected = gradients(sum(score(one, row, pairs[row][1]) for row, one in enumerate(plain)))
    for own, other in zip(ours, expected, strict=True):
        torch.testing.assert_close(own, other, atol=2e-3, rtol=1e-3)


def test_completions_of_one_token_and_repeated_rows_are_fine(frozen_policy, plain_logits):
    end = (frozen_policy.tokenizer.eos_id,)
    pairs = [("# total\n", end), ("# total\n", end), ("# count\n", (5, 6, 7)), ("# total\n", end)]
    with torch.no_grad():
        logits = frozen_policy.completion_logits(frozen_policy.encode_batch(pairs))
        short = frozen_policy.completion_logits(frozen_policy.encode_batch(pairs[:2]))
        for row, expected in enumerate(plain_rows(frozen_policy, plain_logits, pairs)):
            torch.testing.assert_close(logits[row, : len(expected)], expected, atol=1e-4, rtol=1e-4)
    assert short.shape == (2, 1, frozen_policy.tokenizer.vocab_size)
    torch.testing.assert_close(short[0], short[1], atol=0, rtol=0)


def test_a_batch_states_prompt_completion_and_padding(frozen_policy):
    tokenizer = frozen_policy.tokenizer
    batch = frozen_policy.encode_batch([("# add 1\n", (5, 6)), ("# a\n", (7,))])
    first, second = tokenizer.encode("# add 1\n"), tokenizer.encode("# a\n")
    assert batch.num_rows == 2
    assert batch.prompt_lengths.tolist() == [len(first), len(second)]
    assert batch.input_ids[0].tolist() == [*first, 5, 6]
    padding = len(first) + 2 - len(second) - 1
    assert batch.input_ids[1].tolist() == [*second, 7, *[tokenizer.pad_id] * padding]
    assert batch.completion_ids.tolist() == [[5, 6], [7, tokenizer.pad_id]]
    assert batch.completion_mask.tolist() == [[True, True], [True, False]]
