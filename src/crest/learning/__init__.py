"""Learning: from problems to rollouts, from rollouts to one gradient step, and what to log of it.

`objectives` holds what a step maximises, one file a kind. Everything an objective computes with
tensors goes through tensor methods, so that its options can be validated where torch is absent.
"""
