"""Formats: one file for each kind of source, each turning its content into parts."""
