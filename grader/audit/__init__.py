"""The instructor's proof that the checks of a lesson are right: no right answer fails, every wrong one is caught."""
