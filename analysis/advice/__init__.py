"""Advice: what to change next, in the words and knobs of the platform that trained the run."""
