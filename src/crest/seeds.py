"""Randomness from names: every stream is derived by hashing what it is for.

No global seed exists, so a new arm, another order of jobs or another number of cores moves no
other stream.
"""

import hashlib
import json

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def derive_seed(*names: str | int) -> int:
    """Return a 63-bit seed for the stream that the names describe.

    Example:
        >>> derive_seed("rollout", 0) == derive_seed("rollout", 0)
        True
        >>> derive_seed("rollout", 0) == derive_seed("rollout", "0")
        False
    """
    text = json.dumps(names, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") >> 1


def generator(*names: str | int) -> np.random.Generator:
    """Return a numpy generator for the stream that the names describe."""
    return np.random.Generator(np.random.PCG64(derive_seed(*names)))


def uniforms(row_seeds: NDArray[np.uint64], num: int) -> NDArray[np.float64]:
    """Return `num` uniform draws in [0, 1) for each row seed: float64[row, draw].

    A draw depends on its row's seed and its position alone (SplitMix64 as a counter-based
    generator, Steele, Lea and Flood 2014), so rows can be sampled in any order or batch.
    """
    steps = np.arange(1, num + 1, dtype=np.uint64) * _GOLDEN
    with np.errstate(over="ignore"):
        state = np.asarray(row_seeds, dtype=np.uint64)[:, None] + steps[None, :]
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53
