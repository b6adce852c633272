"""Watching: verdicts on a job while it runs, that change only with evidence."""
