import json
import subprocess
import sys

import pytest
import torch

from crest.models import OrganismPolicy, load_policy
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


def test_weights_have_the_names_and_shapes_of_qwen2(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
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


def test_a_network_with_another_vocabulary_than_its_tokenizer_is_refused(make_policy, tokenizer):
    with pytest.raises(TypeError):
        make_policy(vocab_size=3)
    network = make_policy().network
    other = type(tokenizer).train(["abcabc abcabc"], options(tokenizer.vocab_size - 20))
    with pytest.raises(ValueError, match="same vocab_size"):
        OrganismPolicy(network, other)


def options(vocab_size):
    from crest.models.organism import TokenizerOptions

    return TokenizerOptions(vocab_size=vocab_size)


def test_loading_imports_none_of_the_slow_libraries(frozen_policy, tmp_path):
    frozen_policy.save(tmp_path)
    program = (
        "import sys; from pathlib import Path; from crest.models import load_policy\n"
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
