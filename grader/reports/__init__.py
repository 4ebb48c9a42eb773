"""Reports: pure functions from what a run found out to the text of one format."""
