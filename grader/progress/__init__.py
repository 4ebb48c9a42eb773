"""A student's progress: verdicts and versions of files, stored by content."""
