"""The trust boundary: everything that meets a student's code, inside the worker and outside of it."""
