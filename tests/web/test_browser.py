"""The page in a real browser, as students use it."""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from grader.course.model import Course
from grader.course.stub import derive_stub
from tests.patience import PATIENCE
from tests.small_lesson import SOLUTION, write_lesson, write_three
from tests.web.browser import Tab, browsing, eventually, tab_of
from tests.web.moving import add_animation, add_figure
from tests.web.served import Served, serving

ONE = "m9_1_scaling"
WRONG = SOLUTION.replace("x * factor", "x + factor")
MISTAKE = "You add the factor, and it is to be multiplied."
DRAWN = (
    "    return result\n",
    '    return {"entry": torch.tensor([0.0, 1.0, 2.0]), "result": scale(torch.ones(3), -1.0)}\n',
)
"""A prediction that can be drawn."""
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    lesson = write_lesson(root, code=DRAWN)
    add_figure(lesson)
    add_animation(lesson)
    write_three(root)
    (root / "README.md").write_text("# A course of scaling\n")
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1300, "height": 900}) as context:
        yield context


@pytest.fixture
def path(root: Path) -> Path:
    """The student's file, with the starter code in it."""
    path = root / "exercises" / f"{ONE}.py"
    path.write_bytes(derive_stub(SOLUTION).encode())
    return path


@pytest.fixture
def tab(context: BrowserContext, served: Served, path: Path) -> Iterator[Tab]:
    """Lesson 9.1, opened as `grade web 9.1` does."""
    assert path.is_file()
    with tab_of(context, f"{served.address}&to=/9.1") as tab:
        expect(tab.editor).to_contain_text("NotImplementedError")
        yield tab


def test_read_edit_save_fail_hint_pass_and_go_on(tab: Tab, path: Path) -> None:
    page = tab.page
    expect(page.get_by_role("heading", name="Scaling")).to_be_visible()
    expect(page.locator(".katex-mathml").first).to_contain_text("z")

    tab.write(WRONG)
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    tab.save()
    expect(tab.verdict).to_contain_text(MISTAKE)
    expect(tab.status("scale")).to_contain_text("wrong")
    expect(page.get_by_role("img", name=re.compile("9.1 scale"))).to_be_visible()
    assert path.read_text() == WRONG

    tab.button("Hint").click()
    tab.button("First hint").click()
    expect(tab.verdict).to_contain_text("What happens to every entry when the factor is 2?")

    tab.write(SOLUTION)
    page.keyboard.press("Control+Enter")
    expect(tab.status("scale")).to_contain_text("passed")
    expect(tab.verdict).to_contain_text("Lesson complete.")
    page.get_by_role("link", name="Go on to 9.3 Three").click()
    expect(page.get_by_role("heading", name="Three")).to_be_visible()
    expect(tab.editor).to_contain_text("def shift")


def test_a_student_packs_the_case_against_a_verdict(tab: Tab, tmp_path: Path, path: Path) -> None:
    tab.write(WRONG)
    tab.save()
    expect(tab.verdict).to_contain_text(MISTAKE)
    # The picture is drawn once the round is over and its verdict stored.
    expect(tab.page.get_by_role("img", name=re.compile("9.1 scale"))).to_be_visible()

    tab.button("My code is right").click()
    tab.page.get_by_label("Why it is right").fill(ATTACK)
    with tab.page.expect_download() as download:
        tab.button("Save appeal-9.1-scale.json").click()

    expect(tab.verdict).to_contain_text("appeal-9.1-scale.json is among your downloads.")
    assert download.value.suggested_filename == "appeal-9.1-scale.json"
    download.value.save_as(tmp_path / "appeal.json")
    packed = json.loads((tmp_path / "appeal.json").read_text())
    assert packed["says"] == ATTACK
    assert packed["source"] == path.read_text() == WRONG
    found = Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()


def test_a_prediction_is_remembered_and_shown_with_the_students_own_code(tab: Tab) -> None:
    page = tab.page
    tab.button("Predict").click()
    page.get_by_label("Nothing.").check()
    page.get_by_label("certain").check()
    tab.button("Answer").click()
    expect(tab.verdict).to_contain_text("Not what happens.")

    tab.write(SOLUTION)
    tab.save()
    expect(tab.status("scale")).to_contain_text("passed")
    page.reload()
    tab.button("Predict").click()
    expect(tab.verdict).to_contain_text("You have answered this before: Nothing. (certain)")
    tab.button("Show it with my code").click()
    expect(tab.verdict).to_contain_text("This is your own scale at work.")


def test_the_token_does_not_stay_in_the_address(tab: Tab, served: Served) -> None:
    assert served.token not in tab.page.url
    assert tab.page.context.cookies() == []


def test_a_ticket_opens_the_page_once(browser: Browser, served: Served, path: Path) -> None:
    assert path.is_file()
    ticket = served.post("/api/tickets")["ticket"]
    address = f"{served.address.partition('#')[0]}#ticket={ticket}&to=/9.1"
    with browser.new_context() as first, tab_of(first, address) as tab:
        expect(tab.editor).to_contain_text("NotImplementedError")
        assert ticket not in tab.page.url
        tab.page.reload()
        expect(tab.editor).to_contain_text("NotImplementedError")
    with browser.new_context() as second, tab_of(second, address, is_lost=True) as tab:
        expect(tab.page.get_by_text("Open the address that `grade web` printed.")).to_be_visible()


def test_another_editor_changes_the_file_under_the_page(tab: Tab, path: Path) -> None:
    path.write_text(WRONG)

    expect(tab.editor).to_contain_text("return x + factor")
    expect(tab.verdict).to_contain_text(MISTAKE)


def test_a_conflict_is_shown_and_both_versions_survive(tab: Tab, path: Path, served: Served) -> None:
    tab.write("# mine\n")
    path.write_text("# theirs\n")
    alert = tab.page.get_by_role("alert")
    expect(alert).to_contain_text("has changed on disk")
    tab.save()
    assert path.read_text() == "# theirs\n"

    tab.button("Compare").click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("# theirs")
    expect(dialog).to_contain_text("# mine")
    tab.button("Save the right side").click()

    assert eventually(tab.page, lambda: path.read_text() == "# mine\n")
    expect(alert).to_have_count(0)
    contents = [
        served.get(f"/api/lessons/{ONE}/versions/{each['id']}")["content"]
        for each in served.get(f"/api/lessons/{ONE}/versions")
    ]
    assert "# theirs\n" in contents


def test_a_draft_outlives_the_tab(context: BrowserContext, tab: Tab, served: Served, path: Path) -> None:
    tab.write("# not saved yet\n")
    expect(tab.page.get_by_text("Not saved", exact=True)).to_be_visible()
    with tab_of(context, f"{served.address}&to=/9.1") as other:
        expect(other.editor).to_contain_text("# not saved yet")
        other.editor.click()
        other.save()
        assert eventually(other.page, lambda: path.read_text() == "# not saved yet\n")


def test_what_a_student_writes_never_becomes_markup(tab: Tab) -> None:
    head = SOLUTION.partition("def scale")[0]
    tab.write(f'{head}def scale(x, factor):\n    print("{ATTACK}")\n    raise ValueError("{ATTACK}")\n')
    tab.save()
    expect(tab.verdict).to_contain_text(ATTACK)

    odd = f"class Odd:\n    def __repr__(self):\n        return {ATTACK!r}\n"
    tab.write(f"{head}{odd}\n\ndef scale(x, factor):\n    return Odd()\n")
    tab.save()
    expect(tab.status("scale")).to_contain_text("wrong")
    assert tab.page.locator("img[src=x]").count() == 0


def test_keys_alone_are_enough(tab: Tab, path: Path) -> None:
    page = tab.page
    tab.write(SOLUTION)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-editor') === null")
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent") == "Save":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert eventually(page, lambda: path.read_text() == SOLUTION)
    expect(tab.status("scale")).to_contain_text("passed")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_reset_and_undo(tab: Tab, path: Path) -> None:
    tab.write(SOLUTION)
    tab.save()
    expect(tab.status("scale")).to_contain_text("passed")

    tab.button("Reset ...").click()
    tab.button("Reset scale").click()
    expect(tab.editor).to_contain_text("NotImplementedError")
    tab.button("Undo a reset").click()
    expect(tab.editor).to_contain_text("return x * factor")
    assert path.read_text() == SOLUTION


def test_a_prediction_is_answered_in_the_page(tab: Tab) -> None:
    tab.button("Predict").click()
    tab.page.get_by_label("Nothing.").check()
    tab.page.get_by_role("button", name=re.compile("^Answer|^Predict$|Show")).last.click()

    expect(tab.verdict).to_contain_text("They turn round. A negative factor changes signs.")


def test_a_figure_is_moved_by_keys_and_by_dragging(tab: Tab) -> None:
    page = tab.page
    figure = page.get_by_role("region", name="Every entry times the factor")
    expect(figure).to_contain_text("The last entry is 2.")
    expect(page.get_by_alt_text("A line that rises.")).to_be_hidden()

    figure.get_by_label("factor", exact=True).press("ArrowRight")
    expect(figure).to_contain_text("The last entry is 3.")
    handle = figure.get_by_role("application")
    handle.press("Shift+ArrowDown")
    expect(figure).not_to_contain_text("The last entry is 3.")
    handle.hover()
    page.mouse.down()
    box = figure.locator("svg.plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.up()
    expect(figure).to_contain_text("The last entry is 4.")

    tab.write(SOLUTION)
    tab.save()
    expect(tab.status("scale")).to_contain_text("passed")
    expect(figure).to_contain_text("Your scale drew the lines")


def test_an_animation_plays_when_the_reader_says_so(tab: Tab) -> None:
    picture = tab.page.get_by_role("img", name="Red turns blue.")
    expect(picture).to_have_attribute("src", re.compile("colours.still.png$"))

    tab.page.get_by_role("link", name="Play the animation").click()
    expect(picture).to_have_attribute("src", re.compile("colours.gif$"))
    tab.page.get_by_role("link", name="Stop the animation").click()
    expect(picture).to_have_attribute("src", re.compile("colours.still.png$"))


def test_a_quiz_is_answered_by_clicks_that_write_the_file(browser: Browser, course: Course, tmp_path: Path) -> None:
    lesson = course.find("1.6")
    for folder in ("lessons", "solutions", "exercises"):
        (tmp_path / folder).mkdir()
    shutil.copytree(lesson.folder, tmp_path / "lessons" / lesson.name)
    shutil.copy(course.root / "course.toml", tmp_path)
    shutil.copy(lesson.solution, tmp_path / "solutions")
    path = tmp_path / "exercises" / f"{lesson.name}.py"
    path.write_text(lesson.stub)
    with (
        serving(tmp_path) as served,
        browser.new_context() as context,
        tab_of(context, f"{served.address}&to=/1.6") as tab,
    ):
        second = tab.page.get_by_role("radiogroup", name="Question 2")
        expect(second.get_by_role("radio")).to_have_count(4)
        second.get_by_role("radio").nth(1).check()
        expect(tab.editor).to_contain_text('"q2": "b"')
        assert '"q2": "b"' in path.read_text()

        path.write_text(path.read_text().replace('"q2": "b"', '"q2": "d"'))
        expect(second.get_by_role("radio").nth(3)).to_be_checked()


def test_a_server_that_dies_is_told_and_its_successor_found(browser: Browser, tmp_path: Path) -> None:
    write_lesson(tmp_path)
    path = tmp_path / "exercises" / f"{ONE}.py"
    with browser.new_context() as context, serving(tmp_path) as first:
        address = f"{first.address}&to=/9.1"
        with tab_of(context, address, is_lost=True) as tab:
            expect(tab.editor).to_contain_text("NotImplementedError")
            first.process.send_signal(signal.SIGKILL)
            first.process.wait(PATIENCE)
            expect(tab.page.get_by_text("The server does not answer.")).to_be_visible()
            tab.write(SOLUTION)
            tab.save()
            with serving(tmp_path):
                expect(tab.page.get_by_text("The server does not answer.")).to_have_count(0)
                expect(tab.editor).to_contain_text("return x * factor")
                tab.editor.click()
                tab.save()
                assert eventually(tab.page, lambda: path.read_text() == SOLUTION)
                expect(tab.status("scale")).to_contain_text("passed")


def test_many_tabs_share_one_stream(context: BrowserContext, served: Served, path: Path) -> None:
    address = f"{served.address}&to=/9.1"
    streams = 0

    def count(url: str) -> None:
        nonlocal streams
        streams += "/api/stream" in url

    context.on("request", lambda request: count(request.url))
    pages = []
    for _ in range(20):
        page = context.new_page()
        page.goto(address)
        pages.append(page)
    for page in pages:
        expect(page.locator(".code-area .cm-content")).to_contain_text("NotImplementedError")
    path.write_text(WRONG)
    for page in pages:
        expect(page.locator(".results")).to_contain_text(MISTAKE)
    assert streams == 1


def test_a_tab_without_the_token_gets_it_from_another_one_or_says_so(
    browser: Browser, context: BrowserContext, tab: Tab, served: Served
) -> None:
    plain = served.address.partition("#")[0]
    assert tab.editor.is_visible()
    with tab_of(context, f"{plain}#/9.1") as second:
        expect(second.editor).to_contain_text("NotImplementedError")
    with browser.new_context() as stranger, tab_of(stranger, plain) as third:
        expect(third.page.get_by_text("grade web")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("route", ["/", "/9.1", "/9.3"])
def test_axe_finds_nothing(browser: Browser, served: Served, path: Path, route: str, scheme: str) -> None:
    path.write_text(WRONG)
    with (
        browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context,
        tab_of(context, f"{served.address}&to={route}") as tab,
    ):
        expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
        if route == "/9.1":
            expect(tab.verdict).to_contain_text(MISTAKE)
            tab.button("Why").click()
        if route != "/":
            expect(tab.editor).to_be_visible()
        found = Axe().run(tab.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 768, 2560])
@pytest.mark.parametrize("route", ["/", "/9.1"])
def test_no_page_scrolls_sideways(browser: Browser, served: Served, path: Path, route: str, width: int) -> None:
    assert path.is_file()
    with (
        browser.new_context(viewport={"width": width, "height": 800}) as context,
        tab_of(context, f"{served.address}&to={route}") as tab,
    ):
        expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_page_is_small(browser: Browser, served: Served, path: Path) -> None:
    assert path.is_file()
    sizes: list[int] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        page.goto(f"{served.address}&to=/9.1")
        expect(page.locator(".code-area .cm-content")).to_contain_text("NotImplementedError")
        expect(page.locator(".katex-mathml").first).to_contain_text("z")
        page.wait_for_timeout(500)
    assert 100_000 < sum(sizes) < 400_000
