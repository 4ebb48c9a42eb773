"""Processes that are ready before a job comes, and the work of many jobs on all cores."""
