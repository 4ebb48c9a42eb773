"""Runs the checks of a lesson on a submission, and finds out why one fails."""
