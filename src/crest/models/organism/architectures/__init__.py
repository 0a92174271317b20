"""What the organism may look like: one module a shape, found by its file name, without torch."""
