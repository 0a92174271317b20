import random

import pytest
import torch

from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def pairs():
    rng = random.Random(0)
    steps = [
        ("keep above {}", "[v for v in x if v > {}]"),
        ("add {}", "[v + {} for v in x]"),
        ("take each modulo {}", "[v % {} for v in x]"),
    ]
    ends = [("spread", "max(x) - min(x)"), ("total", "sum(x)"), ("count", "len(x)")]
    pairs = []
    for _ in range(400):
        words, body = [], ""
        for _ in range(rng.randrange(3)):
            word, code = rng.choice(steps)
            number = rng.randrange(1, 10)
            words.append(word.format(number))
            body += f" x = {code.format(number)}\n"
        word, code = rng.choice(ends)
        prompt = f"# {'; '.join([*words, word])}\ndef f(x):\n"
        pairs.append((prompt, f"{body} return {code}"))
    return pairs


@pytest.fixture(scope="session")
def tokenizer(pairs):
    return Tokenizer.train((a + b for a, b in pairs), TokenizerOptions(vocab_size=160))


SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 96,
    "rms_norm_eps": 0.01,
}
SHAPES = {
    "qwen2": SIZES,
    "gemma3": {
        **SIZES,
        "num_hidden_layers": 3,
        "head_dim": 12,
        "query_pre_attn_scalar": 9,
        "sliding_window": 6,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
        "rope_theta": 300.0,
        "rope_local_base_freq": 20.0,
    },
}
"""Shapes that all tests of this folder run on, each with options unlike any default."""


def random_policy(tokenizer, kind, **sizes):
    options = {**SHAPES.get(kind, SIZES), "vocab_size": tokenizer.vocab_size, **sizes}
    network = Organism(load_shape(kind, options))
    generator = torch.Generator().manual_seed(1)
    network.initialise(generator, std=0.2)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.2)
        network.embedding[tokenizer.eos_id] *= 2.0  # completions of many lengths
    return OrganismPolicy(network, tokenizer)


@pytest.fixture(scope="session", params=SHAPES)
def kind(request):
    return request.param


@pytest.fixture(scope="session")
def frozen_policy(tokenizer, kind):
    """A policy that no test changes."""
    return random_policy(tokenizer, kind)


@pytest.fixture
def policy(tokenizer, kind):
    return random_policy(tokenizer, kind)


@pytest.fixture(scope="session")
def make_policy(tokenizer):
    return lambda kind="qwen2", **sizes: random_policy(tokenizer, kind, **sizes)


@pytest.fixture(scope="session")
def prompts(pairs):
    """Distinct prompts of different lengths."""
    return sorted({prompt for prompt, _ in pairs})[::17][:12]


@pytest.fixture(scope="session")
def sampled(frozen_policy, prompts):
    """Prompt and completion of five samples a prompt."""
    row_seeds = [[100 * i + j for j in range(5)] for i in range(len(prompts))]
    completions = frozen_policy.generate(
        prompts, row_seeds, temperature=1.0, max_completion_length=20
    )
    return [
        (prompt, completion)
        for prompt, own in zip(prompts, completions, strict=True)
        for completion in own
    ]


@pytest.fixture(scope="session")
def plain_forward():
    """Logits [position, vocab] of one text without batch, padding, cache or shared prompt."""
    from crest.models.organism.attention import CausalRows

    def logits(token_ids, policy):
        network = policy.network
        length = len(token_ids)
        attend = CausalRows(1, length, network.anatomy, remember=False)
        hidden = network.hidden(torch.tensor(token_ids), torch.arange(length), attend)
        return network.logits(hidden)

    return logits


@pytest.fixture(scope="session")
def plain_logits(plain_forward, frozen_policy):
    """The same, of the policy that no test changes unless another is given."""
    return lambda token_ids, policy=frozen_policy: plain_forward(token_ids, policy)
