"""Tables of results: one module each, named as its table.

A module gives

- `TABLES`, the names of the tables that it reads: collected ones (steps, select, evaluation,
  samples) or other tables of results;
- `SETTINGS`, the names of the settings that it is computed with, so that no other one that changes
  makes it anew: confidence_level, num_resamples, seed, collapse_gap, reference_arm, ks, and those
  of the crossover study: crossover_ks, pick_budget, recipe;
- `SCHEMA`, its columns with their meaning;
- `compute(tables, settings) -> frame`.
"""
