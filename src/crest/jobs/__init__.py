"""One module a rule: read the inputs, call one function, write the outputs."""
