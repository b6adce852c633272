"""Sweeps: what many runs of one task say together about their hyperparameters."""
