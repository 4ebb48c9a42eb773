"""The look of every picture of a course: one style sheet, in which a colour keeps one meaning."""

STYLE = "grader.workbook"
"""The style sheet, workbook.mplstyle, as matplotlib's ``plt.style.use`` takes it: it says what each colour means."""
MODEL, OPTIMUM = "C0", "C3"
"""What a function returns; the lowest entry, always a cross."""
DIFFERENCE = "C6"
"""The first entry that differs from the expected one, always in a frame."""
