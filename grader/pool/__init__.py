"""Check processes that are ready before a job arrives, and runs of many jobs on all cores."""
