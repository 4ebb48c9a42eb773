"""Write files whole or not at all."""

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
