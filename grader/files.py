"""Write files whole or not at all, and find the links that nothing is written through."""

import itertools
import os
from pathlib import Path


def write(path: Path, content: bytes, *, is_precious: bool = True) -> None:
    """Write a file whole or not at all, with the permissions of the old one; after an OSError nothing has changed.

    A precious file is flushed to disk before it replaces the old one.
    """
    beside = path.with_name(f".{path.name[:60]}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            if is_precious:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def link_to(path: Path, root: Path) -> Path | None:
    """Return the first link on the way from a file up to a folder that holds it, or None."""
    ways = itertools.takewhile(lambda each: each != root, (path, *path.parents))
    return next((each for each in ways if each.is_symlink()), None)
