import pytest
import torch

from crest.checksums import DamagedFileError
from crest.models.loading import load_policy
from crest.models.organism.critic import OrganismCritic
from crest.storage import read_stamp


@pytest.fixture
def critic(make_policy):
    made = OrganismCritic.on(make_policy(), seed=0)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        made.head.outer_weight.normal_(generator=generator)
        made.head.inner_bias.normal_(generator=generator)
    return made


@pytest.fixture
def rows(critic, prompts):
    end = critic.policy.tokenizer.eos_id
    return [(prompt, (*ids, end)) for prompt in prompts for ids in ((5, 6, 7), (), (9,), (8, 9))]


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def states_at_end(critic, rows):
    """The state at the last token of each row, without batch, padding or shared prompt."""
    from crest.models.organism.attention import CausalRows

    network = critic.policy.network
    for prompt, completion in rows:
        ids = [*critic.policy.tokenizer.encode(prompt), *completion]
        attend = CausalRows(1, len(ids), network.anatomy, remember=False)
        yield network.hidden(torch.tensor(ids), torch.arange(len(ids)), attend)[-1]


def test_scores_are_the_head_of_the_state_at_the_end_of_sequence(critic, rows):
    with torch.no_grad():
        states = torch.stack(list(states_at_end(critic, rows)))
        inner = states @ critic.head.inner_weight.T + critic.head.inner_bias
        expected = (inner / (1 + (-inner).exp())) @ critic.head.outer_weight[0]
        scores = critic.scores(rows)
    torch.testing.assert_close(scores, expected, atol=1e-4, rtol=1e-4)
    assert scores.std() > 0.1


def test_gradients_reach_every_parameter_and_equal_those_of_plain_rows(critic, rows):
    weights = torch.randn(len(rows), generator=torch.Generator().manual_seed(0))
    parameters = list(critic.parameters())
    ours = torch.autograd.grad(torch.dot(critic.scores(rows), weights), parameters)
    plain = critic.head(torch.stack(list(states_at_end(critic, rows))))
    expected = torch.autograd.grad(torch.dot(plain, weights), parameters)
    for own, other in zip(ours, expected, strict=True):
        assert own.any()
        torch.testing.assert_close(own, other, atol=2e-3, rtol=1e-3)


def test_a_completion_that_was_cut_off_is_scored_as_if_it_ended(critic):
    end = critic.policy.tokenizer.eos_id
    cut, ended = critic.scores([("# total\n", (5, 6)), ("# total\n", (5, 6, end))]).tolist()
    assert cut == pytest.approx(ended, abs=1e-5)


def test_a_fresh_critic_scores_everything_0_and_learns_without_its_generator(policy, prompts):
    before = [parameter.clone() for parameter in policy.parameters()]
    critic = OrganismCritic.on(policy, seed=0)
    assert critic.scores([(prompt, (5, 6)) for prompt in prompts]).tolist() == [0.0] * len(prompts)
    for parameter in critic.parameters():
        parameter.data.add_(1.0)
    assert all(
        torch.equal(one, other) for one, other in zip(before, policy.parameters(), strict=True)
    )


def test_the_seed_draws_the_head(policy):
    heads = [OrganismCritic.on(policy, seed).head.inner_weight for seed in (0, 0, 1)]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_saved_critic_is_loaded_with_equal_scores_and_saved_with_equal_bytes(
    critic, rows, tmp_path
):
    critic.save(tmp_path / "a", stamp='{"k":1}')
    loaded = OrganismCritic.load(tmp_path / "a")
    assert torch.equal(loaded.scores(rows), critic.scores(rows))
    loaded.save(tmp_path / "b", stamp='{"k":1}')
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert "head.safetensors" in (tmp_path / "a" / "SHA256SUMS").read_text()
    assert read_stamp(tmp_path / "a") == '{"k":1}'


def test_a_head_that_is_missing_or_of_another_network_is_named(critic, make_policy, tmp_path):
    critic.save(tmp_path / "a")
    OrganismCritic.on(make_policy(hidden_size=16), seed=0).save(tmp_path / "b")
    head = tmp_path / "a" / "head.safetensors"
    head.write_bytes((tmp_path / "b" / "head.safetensors").read_bytes())
    with pytest.raises(DamagedFileError, match=r"head.safetensors is no head of this net"):
        OrganismCritic.load(tmp_path / "a")
    head.write_bytes(b"x")
    with pytest.raises(DamagedFileError, match=r"head.safetensors is no head"):
        OrganismCritic.load(tmp_path / "a")
    load_policy(tmp_path / "a").save(tmp_path / "c")
    with pytest.raises(FileNotFoundError, match=r"head.safetensors"):
        OrganismCritic.load(tmp_path / "c")
