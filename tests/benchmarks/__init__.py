"""Benchmarks: commands that print what they measured; never part of the test run."""
