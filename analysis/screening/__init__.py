"""Screening: many files judged at once, on this machine's cores or on a cluster."""
