import random

import pytest
import torch

from crest.models.organism.network import NetworkShape, Organism
from crest.models.organism.policy import OrganismPolicy
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


def random_policy(tokenizer, **sizes):
    small = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 48,
        "max_position_embeddings": 96,
    }
    network = Organism(NetworkShape(vocab_size=tokenizer.vocab_size, **(small | sizes)))
    generator = torch.Generator().manual_seed(1)
    network.initialise(generator, std=0.2)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.2)
        network.embedding[tokenizer.eos_id] *= 2.0  # completions of many lengths
    return OrganismPolicy(network, tokenizer)


@pytest.fixture(scope="session")
def frozen_policy(tokenizer):
    """A policy that no test changes."""
    return random_policy(tokenizer)


@pytest.fixture
def policy(tokenizer):
    return random_policy(tokenizer)


@pytest.fixture(scope="session")
def make_policy(tokenizer):
    return lambda **sizes: random_policy(tokenizer, **sizes)


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
def plain_logits(frozen_policy):
    """Logits [position, vocab] of one text without batch, padding, cache or shared prompt."""
    from crest.models.organism.attention import CausalRows

    def logits(token_ids, policy=frozen_policy):
        network = policy.network
        length = len(token_ids)
        attend = CausalRows(1, length, network.shape, remember=False)
        hidden = network.hidden(torch.tensor(token_ids), torch.arange(length), attend)
        return network.logits(hidden)

    return logits
