"""Selection: which of a problem's candidates to hand in, and the critic that learns to tell."""
