"""Commands on files of tasks: see what they may hold, check them, import them."""

HELP = "check a file of tasks, or write a table of problems from one"
COMMANDS = ("check", "import_", "schema", "sygus")
