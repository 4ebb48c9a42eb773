"""An interactive figure and an animation for the small lesson."""

from pathlib import Path

from PIL import Image

from grader.course.model import Lesson

CODE = '''\
"""The figure of the lesson that can be moved."""

import torch

from grader.authoring import Choice, Handle, Moves, Panel, Scene, Slider, StudentFunction, curve, interactive


@interactive(
    still="line.svg",
    factor=Slider(-2.0, 2.0, start=1.0, says="factor", step=0.5),
    colour=Choice(("blue", "orange"), says="colour"),
)
def line(scale: StudentFunction, factor: float, colour: str) -> Scene:
    """Every entry times the factor.

    Move the factor.
    """
    x = torch.tensor([0.0, 1.0, 2.0])
    y = scale(x, factor)
    role = "model" if colour == "blue" else "gradient"
    marks = (curve(x, y, role, "scaled", dots=True), Handle(1.0, factor, (Moves("factor", "y"),), "the factor"))
    panel = Panel(marks, (0.0, 2.0), (-4.0, 4.0), "x", "y", "a line")
    return Scene((panel,), f"The last entry is {y[-1]:g}.")
'''


def add_figure(lesson: Lesson) -> Path:
    """Add the figure, with its picture on the page; return its file."""
    (lesson.folder / "figures").mkdir()
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>'
    (lesson.folder / "figures" / "line.svg").write_text(picture)
    readme = lesson.folder / "README.md"
    text = readme.read_text().replace("We scale.\n", "We scale.\n\n![A line that rises.](figures/line.svg)\n")
    readme.write_text(text)
    file = lesson.folder / "interactive.py"
    file.write_text(CODE)
    return file


def add_animation(lesson: Lesson) -> Path:
    """Add an animation, red and then blue, to the lesson's page; return its file."""
    path = lesson.folder / "figures" / "colours.gif"
    red, blue = (Image.new("RGB", (30, 20), colour) for colour in ("red", "blue"))
    red.save(path, save_all=True, append_images=[blue], duration=100, loop=0)
    readme = lesson.folder / "README.md"
    text = readme.read_text().replace("We scale.\n", "We scale.\n\n![Red turns blue.](figures/colours.gif)\n")
    readme.write_text(text)
    return path
