"""The kind of failure that a person can mend."""


class MendableError(Exception):
    """A failure whose text says what is wrong, with which value, and what helps.

    Programs print the text alone; any other error is a fault of ours and shows its traceback.
    """
