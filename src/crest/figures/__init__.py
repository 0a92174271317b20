"""Figures: one module each, drawn from tables alone.

A figure is a module whose name is the figure's name. It gives

- `TITLE` and `CATEGORY`, what the report prints above it and groups it by;
- `CAPTION`, a template whose numbers `facts(frame)` fills in from the figure's own data;
- `TABLES`, the names of the tables that it reads;
- `data(tables) -> frame`, the small table behind the figure, saved beside it;
- `draw(frame, arms) -> chart`, an Altair chart, with the arms in the order and under the labels
  that the study gives them.

Modules whose names start with an underscore are what figures share, not figures.
"""
