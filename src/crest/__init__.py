"""A laboratory for language models that train on their own verified output."""

__version__ = "0.1.0"
