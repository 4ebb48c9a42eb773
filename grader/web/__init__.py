"""The web workbook: the course in a browser, on this machine alone."""
