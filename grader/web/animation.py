"""The still picture that a page shows in place of an animation until the reader plays it."""

import io
from functools import cache
from pathlib import Path

from PIL import Image

SUFFIX = ".gif"
_STILL = ".still.png"


def still_of(path: Path) -> Path:
    """Return the path under which a page finds the still of an animation; there is no file of that name."""
    return path.with_suffix(_STILL)


def animation_of(path: Path) -> Path | None:
    """Return the animation that such a path belongs to, or None."""
    if not path.name.endswith(_STILL):
        return None
    return path.with_name(path.name.removesuffix(_STILL) + SUFFIX)


@cache
def _draw(path: Path, _version: tuple[int, int]) -> bytes:
    """Return the last frame as PNG: it shows where the animation ends."""
    with Image.open(path) as picture:
        picture.seek(getattr(picture, "n_frames", 1) - 1)
        frame = picture.convert("RGB").quantize()  # into 256 colours, which is all that a GIF has
    written = io.BytesIO()
    frame.save(written, "PNG", optimize=True)
    return written.getvalue()


def still(path: Path) -> bytes:
    """Return the still of an animation; raises OSError if the file cannot be read."""
    status = path.stat()
    return _draw(path, (status.st_mtime_ns, status.st_size))
