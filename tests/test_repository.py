"""What a clone of this repository holds: the places that convention expects, and nothing that a build has left."""

import subprocess

from tests.conftest import ROOT

TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "COURSES.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "course.toml",
    "exercises",
    "grader",
    "lessons",
    "pyproject.toml",
    "solutions",
    "tests",
}


def tracked() -> list[str]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return said.stdout.split("\0")[:-1]


def test_the_top_level_is_what_convention_expects() -> None:
    assert {path.partition("/")[0] for path in tracked()} == TOP_LEVEL


def test_only_pictures_fonts_and_attacks_are_no_text() -> None:
    texts = [
        path
        for path in tracked()
        if not path.endswith((".png", ".gif", ".woff2")) and not path.startswith("tests/cases/hostile/")
    ]
    binary = [path for path in texts if b"\0" in (ROOT / path).read_bytes()]

    assert binary == []
