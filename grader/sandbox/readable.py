"""Which files a worker may read: Python, its packages and the system's libraries, without courses installed there.

Landlock grants and cannot take away: a folder with a course inside is granted entry by entry, without the course.
"""

import functools
import glob
import os
import sys
from collections.abc import Iterable, Iterator

MARK = "course.toml"
"""The file at the root of a course."""
SYSTEM_PATHS = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)
_PACKAGES = ("site-packages", "dist-packages")
_LIBRARIES = ("lib*", "local/lib*", "lib*/python*", "local/lib*/python*", "python*")
"""Where, below a readable folder, the folders of packages are."""
_DEPTH = 3
"""How far below a prefix a copy of a course is looked for that cannot be left out."""
_DEPTH_IN_PACKAGES = 2


@functools.cache
def paths() -> tuple[str, ...]:
    """Return the files and folders to grant; the zygote looks once, for all workers."""
    return tuple(granted(_roots(), installed_courses()))


def installed_courses() -> list[str]:
    """Return the folders of courses that lie beside installed packages, for any Python of the readable folders."""
    found = {os.path.realpath(each) for place in _places() for each in _folders(place, 1) if _is_course(each)}
    return sorted(found - {os.path.realpath(place) for place in _places()})


def granted(roots: Iterable[str], hidden: Iterable[str]) -> Iterator[str]:
    """Yield what to grant so that everything in the roots can be read but the hidden folders; all paths are real."""
    apart = tuple(hidden)
    for root in dict.fromkeys(roots):
        if any(_is_in(root, each) for each in apart):
            continue
        if not any(_is_in(each, root) for each in apart):
            yield root
            continue
        with os.scandir(root) as entries:
            # A link needs no grant: what counts is where it leads.
            inside = sorted(entry.path for entry in entries if not entry.is_symlink())
        yield from granted(inside, apart)


def exposed(lessons: Iterable[str], course: str) -> str:
    """Return a folder with solutions of these lessons that a worker can read: the course or a copy; empty if none."""
    names = tuple(lessons)
    if _is_readable(course):
        return course
    searched = [*((prefix, _DEPTH) for prefix in _prefixes()), *((place, _DEPTH_IN_PACKAGES) for place in _places())]
    for root, depth in searched:
        for folder in _folders(root, depth):
            is_copy = any(os.path.exists(os.path.join(folder, "solutions", f"{name}.py")) for name in names)
            if is_copy and _is_readable(folder):
                return folder
    return ""


def _is_readable(course: str) -> bool:
    parts = [os.path.realpath(os.path.join(course, each)) for each in ("solutions", "lessons")]
    return any(_is_in(part, each) for part in parts for each in paths())


def _roots() -> list[str]:
    return [*_prefixes(), *(os.path.realpath(each) for each in SYSTEM_PATHS if os.path.exists(each))]


def _prefixes() -> list[str]:
    return sorted({os.path.realpath(each) for each in (sys.prefix, sys.exec_prefix, sys.base_prefix)})


def _places() -> list[str]:
    """Return the folders of packages."""
    places = [entry for entry in sys.path if os.path.basename(entry) in _PACKAGES]
    for root in _roots():
        for library in _LIBRARIES:
            places += [each for name in _PACKAGES for each in glob.glob(os.path.join(glob.escape(root), library, name))]
    return sorted({os.path.realpath(each) for each in places})


def _is_course(folder: str) -> bool:
    has_both = all(os.path.isdir(os.path.join(folder, each)) for each in ("lessons", "solutions"))
    return has_both or os.path.exists(os.path.join(folder, MARK))


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _folders(folder: str, depth: int) -> Iterator[str]:
    """Yield a folder and those in it; links are not followed, nor the inside of Python packages searched."""
    yield folder
    if depth == 0 or os.path.exists(os.path.join(folder, "__init__.py")):
        return
    try:
        with os.scandir(folder) as entries:
            inside = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for each in inside:
        yield from _folders(each, depth - 1)
