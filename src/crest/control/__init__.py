"""Controllers: how long a campaign runs, and what rolls forward from it.

One module a kind, found by its file name. A module has

- `RESTARTS`, whether `select` may name an earlier campaign, whose checkpoint is then at hand;
- `Options`, a frozen model;
- `plan(history, start, options, *, max_steps)`, called before a campaign's first step, when its
  start is measured;
- `select(history, curve, options, *, rng)`, called after the last.

Both functions are pure, and see the select split alone.
"""
