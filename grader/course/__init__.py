"""The course: lessons, exercises, checks and known mistakes, parsed and never imported."""
