"""Proofs that a lesson's checks are right: right answers pass, and every known wrong answer is caught."""
