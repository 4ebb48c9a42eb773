"""The engine that grades the exercises of a course; it knows no lesson."""
