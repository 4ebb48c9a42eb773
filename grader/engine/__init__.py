"""Run a lesson's checks on a submission, and diagnose failures."""
