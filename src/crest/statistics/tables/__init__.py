"""Tables of results: one module each, named as its table.

A module gives

- `TABLES`, the names of the tables that it reads: collected ones (steps, select, evaluation,
  samples) or other tables of results;
- `SCHEMA`, its columns with their meaning;
- `compute(tables, settings) -> frame`.
"""
