"""Reports: pure functions from a report to the text of one format."""
