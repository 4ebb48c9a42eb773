"""The course as plain pages: whole without a server, a script, or the internet."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from grader.course.model import Course
from tests.patience import PATIENCE
from tests.small_lesson import write_lesson, write_three
from tests.web.browser import browsing
from tests.web.moving import add_figure
from tests.web.test_document import Tags


def read(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = ["grade", "read", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    add_figure(write_lesson(root))
    write_three(root)
    (root / "README.md").write_text("# A course of scaling\n\n| **Module 9: Scales** |\n")
    return root


def test_every_link_of_every_page_leads_to_a_file_of_the_folder(course: Course, tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = read(course.root, "--out", str(out))

    assert done.returncode == 0, done.stderr
    pages = {path.name: Tags(path.read_text(encoding="utf-8")).found for path in out.glob("*.html")}
    assert len(pages) == len(course.lessons) + 2
    anchors = {name: {attributes.get("id") for _, attributes in tags} for name, tags in pages.items()}
    for name, tags in pages.items():
        for _, attributes in tags:
            for address in filter(None, (attributes.get("href"), attributes.get("src"))):
                if address.startswith("https://"):
                    continue
                file, _, anchor = address.partition("#")
                assert not file or (out / file).is_file(), (name, address)
                assert not anchor or anchor in anchors[file or name], (name, address)


def test_the_chosen_lessons_alone_are_written(root: Path, tmp_path: Path) -> None:
    done = read(root, "9.1", "--out", str(tmp_path / "site"))

    assert done.stdout == f"Wrote 2 pages. Open {tmp_path / 'site' / 'index.html'}\n"
    page = (tmp_path / "site" / "m9_1_scaling.html").read_text()
    assert "return x * factor" not in page
    assert "9.3" not in (tmp_path / "site" / "index.html").read_text()
    assert (tmp_path / "site" / "figures" / "m9_1_scaling" / "line.svg").is_file()


def test_an_earlier_copy_is_replaced_and_nothing_else(root: Path, tmp_path: Path) -> None:
    assert read(root, "--out", str(tmp_path / "site")).returncode == 0
    assert read(root, "--out", str(tmp_path / "site")).returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")

    done = read(root, "--out", str(tmp_path / "mine"))

    assert done.returncode == 2
    assert "was not written by grade read" in done.stderr
    assert (tmp_path / "mine" / "index.html").read_text() == "mine"


def test_the_pages_work_from_a_disk(root: Path, tmp_path: Path) -> None:
    read(root, "--out", str(tmp_path / "site"))
    with browsing() as browser:
        page = browser.new_page()
        errors: list[str] = []
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto((tmp_path / "site" / "index.html").as_uri())
        page.get_by_role("link", name="Scaling", exact=True).click()

        expect(page.locator(".katex-mathml").first).to_contain_text("z")
        expect(page.locator("pre .tok-keyword").first).to_have_text("import")
        expect(page.get_by_role("img", name="A line that rises.")).to_be_visible()
        assert errors == []
