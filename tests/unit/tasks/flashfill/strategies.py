"""Programs and texts for property tests."""

from hypothesis import strategies

from crest.tasks.flashfill.program import Chain, Constant, Program
from crest.tasks.flashfill.symbols import DELIMITERS, DIGITS
from crest.tasks.flashfill.text import ALL_STEPS

steps = strategies.sampled_from(ALL_STEPS)
chains = strategies.builds(Chain, strategies.lists(steps, max_size=4).map(tuple))
constants = strategies.builds(Constant, strategies.sampled_from(DELIMITERS))
programs = strategies.builds(
    Program, strategies.lists(chains | constants, min_size=1, max_size=4).map(tuple)
)
texts = strategies.text("abcXYZ" + DIGITS[:3] + DELIMITERS + "()'", max_size=24)
