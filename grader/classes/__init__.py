"""Grading a whole class: what was handed in, what has been found out, and what is told about it."""
