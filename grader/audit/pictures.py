"""Whether two files show the same picture: what libraries and processors round differently does not count."""

import io
import re
from pathlib import Path

SAME_PIXELS = 4.0
"""How much two pictures may differ: the root mean square over all pixels, out of 255.

Measured on a plain line: 3 % larger letters give 2.5, other numbers along the axis 6.7, another colour 9.2.
"""
SAME_PLACE = 5.0
"""How far a part of a drawing may move, in points, of which 900 pixels have 648.

Measured between matplotlib 3.9 and 3.11: up to 1.0, and 4.6 for the frame around a text.
"""
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_LETTER = re.compile(r"""<(?:path|use)\b[^>]*\b(?:id|href)="#?[A-Za-z]+-\w+"[^>]*/>""")
_NAME = re.compile(r"""\b(?:id|href|clip-path)="[^"]*\"""")


def finished(name: str, content: bytes) -> bytes:
    """Return a figure without what changes from run to run: the date in an SVG file, and the version beside it."""
    return re.sub(rb"\s*<metadata>.*?</metadata>", b"", content, flags=re.DOTALL) if name.endswith(".svg") else content


def looks_like(path: Path, content: bytes) -> bool:
    """Whether a file holds this content, or a finished picture that looks the same."""
    if not path.is_file():
        return False
    kept = path.read_bytes()
    if kept != finished(path.name, kept):
        return False
    is_same = is_same_drawing if path.suffix == ".svg" else are_same_pixels
    return kept == content or is_same(kept, content)


def are_same_pixels(one: bytes, other: bytes) -> bool:
    """Whether two PNG or GIF files look alike, frame by frame; the last rows and columns may be missing in one."""
    import numpy as np
    from PIL import Image, ImageSequence

    try:
        first, second = (
            [np.asarray(frame.convert("RGB"), dtype=np.float64) for frame in ImageSequence.Iterator(image)]
            for image in (Image.open(io.BytesIO(content)) for content in (one, other))
        )
    except (OSError, SyntaxError, ValueError):
        return False
    if len(first) != len(second):
        return False
    for before, after in zip(first, second, strict=True):
        rows, columns = min(before.shape[0], after.shape[0]), min(before.shape[1], after.shape[1])
        if max(abs(before.shape[0] - after.shape[0]), abs(before.shape[1] - after.shape[1])) > 3:
            return False
        difference = before[:rows, :columns] - after[:rows, :columns]
        if np.sqrt((difference**2).mean()) > SAME_PIXELS:
            return False
    return True


def is_same_drawing(one: bytes, other: bytes) -> bool:
    """Whether two SVG files have the same parts and texts, at nearly the same places."""
    (parts, places), (other_parts, other_places) = _drawing(one), _drawing(other)
    return parts == other_parts and all(
        abs(before - after) <= SAME_PLACE for before, after in zip(places, other_places, strict=True)
    )


def _drawing(svg: bytes) -> tuple[list[str], list[float]]:
    """Return an SVG file of matplotlib as its parts, without names and spaces, and the numbers that place them.

    The shapes of letters are left out, since a comment holds their text. A path is its kinds of strokes, where it
    reaches, and its middle: the number of its points, and whether a level line is closed, depend on the last digit of
    their coordinates.
    """
    text = finished(".svg", svg).decode(errors="replace")
    text = _NAME.sub("", _LETTER.sub("", text))
    text = re.sub(r'\bd="([^"]*)"', _summary, re.sub(r"url\(#\w+\)", "", text))
    words = re.split(rf"(?<![\w#.])({_NUMBER})(?!\w)", text)
    return ["".join(word.split()) for word in words[::2]], [float(number) for number in words[1::2]]


def _summary(path: re.Match[str]) -> str:
    numbers = [float(number) for number in re.findall(_NUMBER, path[1])]
    sides = [side for side in (numbers[::2], numbers[1::2]) if side]
    reach = [f"{value:f}" for side in sides for value in (min(side), max(side), sum(side) / len(side))]
    return " ".join([*sorted(set(re.findall("[A-Za-df-y]", path[1]))), *reach])
