"""What a step maximises: one module a kind, found by its file name.

A module has `Options`, a frozen model derived from `ObjectiveOptions`, and two functions:
`advantages(rewards, options, state)` and `loss(inputs, options)`, as `Objective` describes them.
"""
