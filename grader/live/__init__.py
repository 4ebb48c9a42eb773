"""Grading at every save, for whatever shows it: saves go in, events come out."""
