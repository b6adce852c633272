"""The curve: from noisy readings to the curves they are compatible with."""
