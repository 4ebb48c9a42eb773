"""Grade a whole class: collect the submissions, store the verdicts, write reports and gradebooks."""
