"""The user's own evaluations: task scores of candidates and of the base model."""
