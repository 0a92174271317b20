"""String transformations by example: a language whose programs are easy to run and hard to find."""
