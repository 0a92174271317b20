"""The sources' claims, each judged by a rule that was fixed before the results: one module each.

A module gives

- `ID`, `SENTENCE`, `SOURCE_FIGURE`, `STUDY`: what the source says, and its number;
- `RULE`, the rule of the verdict in words;
- `PLAIN`, by verdict the sentence that a reader without statistics is told;
- `TABLES`, the tables of results that it reads;
- `judge(tables) -> Judgement`.

A difference counts only where the bootstrap's and Student's interval lie on the same side of
zero. Modules whose names start with an underscore are what claims share.
"""
