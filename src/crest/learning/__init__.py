"""Learning: from problems to rollouts, from rollouts to one gradient step, and what to log of it.

`objectives` holds what a step maximises and `penalties` what it pays for moving away, one file a
kind. Everything that they compute with tensors goes through tensor methods, so that their options
can be validated where torch is absent.
"""
