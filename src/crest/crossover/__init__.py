"""The crossover study: candidates and their selection, self-training, and what budgets show."""
