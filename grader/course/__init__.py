"""What a course is: lessons, exercises, checks and known mistakes, read as text and never imported."""
