"""Campaigns: a fixed budget of gradient steps from one checkpoint, and the chains they form."""
