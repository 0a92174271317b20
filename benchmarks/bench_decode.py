"""Decoding speed of the organism against `transformers` on the same checkpoint, in one run.

Usage:
    python benchmarks/bench_decode.py [FOLDER]

Without a folder a random network of the Qwen2 shape is made; it seldom ends a completion early,
so that both sides decode up to the cap. Rates are per CPU second: with one thread that is the wall
clock of a quiet machine, also where other work runs beside it.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel
from transformers.utils import logging

from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions

NUM_ROWS = (64, 256, 1024)
SAMPLES_PER_PROMPT = 8
MAX_COMPLETION_LENGTH = 32
REPEATS = 3

SIZES = {
    "vocab_size": 384,
    "hidden_size": 96,
    "intermediate_size": 256,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}

STEPS = ("keep above", "add", "take each modulo", "drop below", "floor divide by")


def prompts(num: int) -> list[str]:
    """Return prompts of the study's form."""
    return [
        f"# {STEPS[i % 5]} {i % 9 + 1}; {STEPS[i // 5 % 5]} {i % 7 + 2}; spread\ndef f(x):\n"
        for i in range(num)
    ]


def random_checkpoint(folder: Path) -> None:
    """Write a random network of the study's shape."""
    texts = [f"{prompt} return [v + 1 for v in x if v > 2]\n" for prompt in prompts(500)]
    tokenizer = Tokenizer.train(texts, TokenizerOptions())
    network = Organism(load_shape("qwen2", SIZES).with_vocabulary(tokenizer.vocab_size))
    network.initialise(torch.Generator().manual_seed(0))
    OrganismPolicy(network, tokenizer).save(folder)


def ours(policy: OrganismPolicy, texts: list[str]) -> int:
    """Decode and return the number of completion tokens."""
    row_seeds = [[100 * i + j for j in range(SAMPLES_PER_PROMPT)] for i in range(len(texts))]
    completions = policy.generate(
        texts, row_seeds, temperature=1.0, max_completion_length=MAX_COMPLETION_LENGTH
    )
    return sum(len(one.token_ids) for own in completions for one in own)


def theirs(model: PreTrainedModel, tokenizer: AutoTokenizer, texts: list[str]) -> int:
    """Decode with `generate` and return the number of completion tokens, padding left out."""
    inputs = tokenizer(texts, return_tensors="pt", padding=True)
    with torch.inference_mode():
        outputs = model.generate(
            **inputs,
            do_sample=True,
            top_k=0,
            num_return_sequences=SAMPLES_PER_PROMPT,
            max_new_tokens=MAX_COMPLETION_LENGTH,
        )
    new = outputs[:, inputs["input_ids"].shape[1] :]
    ended = (new == tokenizer.eos_token_id).cumsum(1)
    return int(((ended == 0) | ((ended == 1) & (new == tokenizer.eos_token_id))).sum())


def tokens_per_s(decode: Callable[[], int]) -> float:
    """Return the median rate of some runs after a warm-up."""
    decode()
    rates = []
    for _ in range(REPEATS):
        start = time.process_time()
        num_tokens = decode()
        rates.append(num_tokens / (time.process_time() - start))
    return statistics.median(rates)


def main() -> None:
    """Print one line a number of rows."""
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)
        if len(sys.argv) == 1:
            random_checkpoint(folder)
        policy = OrganismPolicy.load(folder)
        model = AutoModelForCausalLM.from_pretrained(folder).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        print("rows  ours (tokens/s)  transformers (tokens/s)  ratio")
        for num_rows in NUM_ROWS:
            texts = prompts(num_rows // SAMPLES_PER_PROMPT)
            own = tokens_per_s(lambda texts=texts: ours(policy, texts))
            other = tokens_per_s(lambda texts=texts: theirs(model, tokenizer, texts))
            print(f"{num_rows:4}  {own:15.0f}  {other:23.0f}  {own / other:5.1f}")


if __name__ == "__main__":
    main()
