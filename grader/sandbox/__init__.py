"""The trust boundary: everything that handles a student's code, inside and outside the worker."""
