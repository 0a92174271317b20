import json
import subprocess
import sys

import pytest
import torch

from crest.checksums import DamagedFileError
from crest.models.loading import load_policies, load_policy
from crest.models.organism.checkpoint import CheckpointError
from crest.models.organism.policy import OrganismPolicy
from crest.storage import read_stamp


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_saving_a_loaded_policy_gives_the_same_bytes(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path / "a", stamp='{"k":1}')
    for _ in range(10):  # a hash map's order differs at random
        load_policy(tmp_path / "a").save(tmp_path / "b", stamp='{"k":1}')
        assert content(tmp_path / "a") == content(tmp_path / "b")
    assert set(content(tmp_path / "a")) == {
        "SHA256SUMS",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }


def test_a_loaded_policy_has_the_same_weights(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
    loaded = load_policy(tmp_path)
    for ours, other in zip(loaded.parameters(), frozen_policy.parameters(), strict=True):
        torch.testing.assert_close(ours, other, atol=0, rtol=0)


def test_the_spec_is_stamped_into_the_folder(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path, stamp='{"seed":3}')
    assert read_stamp(tmp_path) == '{"seed":3}'


def test_weights_have_the_names_and_shapes_of_qwen2(make_policy, tmp_path):
    make_policy("qwen2").save(tmp_path)
    with (tmp_path / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    assert header.pop("__metadata__") == {"format": "pt"}
    assert len(header) == 2 + 2 * 12
    assert header["model.layers.1.self_attn.k_proj.weight"]["shape"] == [16, 32]
    assert header["model.layers.0.mlp.up_proj.weight"]["shape"] == [48, 32]
    assert "lm_head.weight" not in header


def test_training_a_copy_leaves_the_original(policy):
    before = [parameter.clone() for parameter in policy.parameters()]
    for parameter in policy.clone().parameters():
        parameter.data.add_(1.0)
    for now, then in zip(policy.parameters(), before, strict=True):
        torch.testing.assert_close(now, then, atol=0, rtol=0)


def test_another_architecture_is_refused_with_its_name(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"model_type": "llama"}))
    with pytest.raises(ValueError, match="model_type is 'llama'"):
        load_policy(tmp_path)


def change_file(folder, name, change):
    """Replace a file's bytes by what a function makes of them."""
    (folder / name).write_bytes(change((folder / name).read_bytes()))


def change_config(folder, **changes):
    def change(content):
        return json.dumps({**json.loads(content), **changes}).encode()

    change_file(folder, "config.json", change)


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("model.safetensors", lambda content: content[:1000], "cannot be read"),
        ("model.safetensors", lambda _: b"", "cannot be read"),
        ("model.safetensors", lambda c: c.replace(b"norm.weight", b"norm.height"), "has no tensor"),
        ("config.json", lambda content: content[:30], "cannot be read"),
        ("config.json", lambda c: c.replace(b'"hidden_size"', b'"hidden"'), "has no hidden_size"),
        ("config.json", lambda c: c.replace(b'"rope_theta"', b'"theta"'), "has no rope_theta"),
        (
            "config.json",
            lambda c: c.replace(b": 32", b": 33"),
            "describes no network (hidden_size 33",
        ),
        ("tokenizer.json", lambda content: content[:200], "holds no tokenizer"),
        ("tokenizer.json", lambda _: b"{}", "holds no tokenizer"),
        ("tokenizer_config.json", lambda _: b"", "cannot be read"),
    ],
)
def test_a_damaged_file_of_a_checkpoint_is_named_with_what_helps(
    name, change, why, frozen_policy, tmp_path
):
    frozen_policy.save(tmp_path)
    change_file(tmp_path, name, change)
    with pytest.raises(DamagedFileError) as damage:
        load_policy(tmp_path)
    assert str(damage.value).startswith(str(tmp_path / name))
    assert why in str(damage.value)
    assert "run snakemake with that path as its first argument" in str(damage.value)


def test_weights_of_another_shape_than_their_configuration_are_named(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
    change_config(tmp_path, intermediate_size=frozen_policy.network.anatomy.intermediate_size * 2)
    with pytest.raises(DamagedFileError, match=r"model\.safetensors does not fit config\.json"):
        load_policy(tmp_path)


def test_a_tensor_that_has_no_place_in_the_network_is_named(frozen_policy, tmp_path):
    import safetensors.torch

    frozen_policy.save(tmp_path)
    path = tmp_path / "model.safetensors"
    weights = safetensors.torch.load(path.read_bytes())
    name = "model.layers.0.self_attn.o_proj.bias"
    path.write_bytes(safetensors.torch.save({**weights, name: torch.zeros(32)}))
    with pytest.raises(DamagedFileError, match=f"the network has no place for {name}"):
        load_policy(tmp_path)


def test_checkpoints_of_one_chain_differ_in_their_weights_alone(make_policy, tmp_path):
    policy = make_policy()
    policy.save(tmp_path / "base")
    with torch.no_grad():
        policy.network.embedding.add_(1.0)
    policy.save(tmp_path / "start")
    base, start = load_policies([tmp_path / "base", tmp_path / "start"])
    assert not torch.equal(next(base.parameters()), next(start.parameters()))


def test_checkpoints_of_two_shapes_are_not_of_one_chain(make_policy, tmp_path):
    make_policy().save(tmp_path / "base")
    make_policy(num_hidden_layers=1, intermediate_size=24).save(tmp_path / "start")
    with pytest.raises(CheckpointError) as difference:
        load_policies([tmp_path / "base", tmp_path / "start"])
    assert str(difference.value) == (
        f"{tmp_path / 'start'} and {tmp_path / 'base'} are not of one chain: intermediate_size is"
        " 24 and 48, num_hidden_layers is 1 and 2; delete the one that is of another study, and"
        " run snakemake again"
    )


def test_checkpoints_with_two_tokenizers_are_not_of_one_chain(make_policy, tokenizer, tmp_path):
    policy = make_policy()
    policy.save(tmp_path / "base")
    texts = [f"{a}{b} {b}{a}; " for a in "abcdefghijklmn" for b in "opqrstuvwxyz" * 9]
    other = type(tokenizer).train(texts, options(tokenizer.vocab_size))
    OrganismPolicy(policy.network, other).save(tmp_path / "start")
    with pytest.raises(CheckpointError, match="not of one chain: their tokenizers differ"):
        load_policies([tmp_path / "base", tmp_path / "start"])


def test_a_network_with_another_vocabulary_than_its_tokenizer_is_refused(make_policy, tokenizer):
    network = make_policy().network
    other = type(tokenizer).train(["abcabc abcabc"], options(tokenizer.vocab_size - 20))
    with pytest.raises(ValueError, match="same vocab_size"):
        OrganismPolicy(network, other)


def options(vocab_size):
    from crest.models.organism.tokenizer import TokenizerOptions

    return TokenizerOptions(vocab_size=vocab_size)


def test_loading_imports_none_of_the_slow_libraries(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
    program = (
        "import sys; from pathlib import Path; from crest.models.loading import load_policy\n"
        f"load_policy(Path({str(tmp_path)!r}))\n"
        "slow = {'transformers', 'peft', 'bitsandbytes', 'datasets'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=environment())


def environment():
    import os
    from pathlib import Path

    source = Path(__file__).parents[3] / "src"
    return {**os.environ, "PYTHONPATH": str(source)}
