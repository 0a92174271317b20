"""What a step pays for moving away: one module a kind, found by its file name.

A module has `Options`, a frozen model that refuses unknown keys, and one function,
`prepare(context, options)`, which returns the `Penalty` of a campaign before its first step.
"""
