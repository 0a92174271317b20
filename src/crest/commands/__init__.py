"""What a person can ask of the results and of the machine: one module a command of `crest`.

A module has `HELP`, `add_arguments(parser)` and `run(arguments)`, which returns an answer.
"""
