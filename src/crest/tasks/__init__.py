"""Programming problems: making them, and keeping them on disk."""
