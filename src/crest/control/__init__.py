"""Controllers: how long a campaign runs, and which step's weights roll forward from it.

One module a kind, found by its file name. A module has `Options`, a frozen model, and two pure
functions: `plan(history, options, *, max_steps)`, called before a campaign, and
`select(curve, options, *, rng)`, called after it. A controller sees the select split alone.
"""
