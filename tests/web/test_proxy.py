"""The page behind a real reverse proxy, below a prefix: whatever the proxy does, it is read, saved and graded there."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from grader.course.stub import derive_stub
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import SOLUTION, write_lesson
from tests.web.browser import browsing, eventually, tab_of
from tests.web.proxy import BUFFERING, PASSING, SLOW, proxied
from tests.web.served import serving, started

ONE = "m9_1_scaling"
WRONG = SOLUTION.replace("x * factor", "x + factor")
MISTAKE = "You add the factor, and it is to be multiplied."
LOST = "The server does not answer."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The student's file, with the starter code in it."""
    write_lesson(tmp_path)
    path = tmp_path / "exercises" / f"{ONE}.py"
    path.write_bytes(derive_stub(SOLUTION).encode())
    return path


@pytest.mark.parametrize(
    ("manner", "polls"), [(PASSING, False), (BUFFERING, True), (SLOW, False)], ids=["passing", "buffering", "slow"]
)
def test_a_lesson_is_solved_behind_a_proxy(
    browser: Browser, tmp_path: Path, path: Path, manner: str, polls: bool
) -> None:
    asked: list[str] = []
    with (
        serving(tmp_path) as served,
        proxied(tmp_path / "nginx", f"http://127.0.0.1:{served.port}", manner) as address,
        browser.new_context() as context,
    ):
        context.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        with tab_of(context, f"{address}#token={served.token}&to=/9.1") as tab:
            expect(tab.editor).to_contain_text("NotImplementedError")
            tab.write(WRONG)
            tab.save()
            expect(tab.verdict).to_contain_text(MISTAKE)
            assert path.read_text() == WRONG

            path.write_text(SOLUTION)  # in another editor
            expect(tab.editor).to_contain_text("return x * factor")
            expect(tab.status("scale")).to_contain_text("passed")
            assert tab.page.get_by_text(LOST).count() == 0
            assert tab.page.url.startswith(address)
    # The stream comes first in any case; a proxy that holds it back is noticed, and the news come one by one.
    assert [each for each in asked if each.startswith("api/stream")]
    assert any(each.startswith("api/news") for each in asked) == polls


def test_a_socket_behind_a_proxy_needs_no_token_in_the_address(browser: Browser, tmp_path: Path, path: Path) -> None:
    socket = tmp_path / "web.sock"
    with started(tmp_path, "--unix-socket", str(socket)):
        assert comes_true(socket.exists)
        with (
            proxied(tmp_path / "nginx", f"http://unix:{socket}:", PASSING) as address,
            browser.new_context() as context,
            tab_of(context, f"{address}#/9.1") as tab,
        ):
            expect(tab.editor).to_contain_text("NotImplementedError")
            tab.write(SOLUTION)
            tab.save()
            expect(tab.status("scale")).to_contain_text("passed")
            assert path.read_text() == SOLUTION


def test_a_server_gone_behind_the_proxy_is_told_and_found_again(browser: Browser, tmp_path: Path, path: Path) -> None:
    with (
        serving(tmp_path) as first,
        proxied(tmp_path / "nginx", f"http://127.0.0.1:{first.port}", PASSING) as address,
        browser.new_context() as context,
        tab_of(context, f"{address}#token={first.token}&to=/9.1", is_lost=True) as tab,
    ):
        expect(tab.editor).to_contain_text("NotImplementedError")
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(PATIENCE)
        expect(tab.page.get_by_text(LOST)).to_be_visible()
        tab.write(SOLUTION)
        tab.save()
        expect(tab.page.get_by_text("Not saved", exact=True)).to_be_visible()
        with serving(tmp_path) as second:
            assert second.port == first.port
            expect(tab.page.get_by_text(LOST)).to_have_count(0)
            tab.editor.click()
            tab.save()
            assert eventually(tab.page, lambda: path.read_text() == SOLUTION)
            expect(tab.status("scale")).to_contain_text("passed")
