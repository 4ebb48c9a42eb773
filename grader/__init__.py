"""The engine that grades the exercises of the Training Loop Workbook; it knows no lesson."""
