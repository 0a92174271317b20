"""Statistics: tables in, tables out; no torch, no files.

Three layers. *Formulas*, one a file, take arrays: `pass_at_k`, `bootstrap`, `student`,
`sign_flip`, `holm`, `robust`, `curve`, `null_gap`; of hundreds of numbers at once `bands`; of the
crossover study `crossing`, `changes`, `calibration`. *Tables* turn collected tables into results:
one module a table in `tables`, and `pilot`, the rule that chooses learning rates. *Claims* judge
the sources' sentences by rules fixed beforehand: one module a claim in `claims`.

The unit of resampling is the seed, that is a chain, with all its campaigns and checkpoints; where
a number is a mean over problems, the problems are resampled too (see `bootstrap`).
"""
