"""What a student has done so far: verdicts and versions of files, kept by content."""
