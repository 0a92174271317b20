"""Simulated chains with known truth, on which controllers are judged: no model, no torch.

What a controller sees is sampled as a campaign's monitor would sample it; what would have happened
without it is known, which no real chain can tell.
"""
