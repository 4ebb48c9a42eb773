"""A real browser for the tests of the page, where the machine has one."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.patience import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = "GRADE_TESTS_NEED_A_BROWSER"
"""Set where a missing browser is a fault and not a reason to skip: in CI."""
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the browser; without one, skip."""
    if CHROMIUM is None:
        if REQUIRED in os.environ:
            pytest.fail("No Chromium is installed.")
        pytest.skip("No Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A page of the workbook, with what must not happen on it."""

    page: Page
    strays: list[str] = field(default_factory=list)
    """Requests that left for another place."""
    errors: list[str] = field(default_factory=list)
    """What the browser reported: scripts that failed, styles and scripts that the policy refused, dialogs."""

    has_typed: bool = False
    """Whether text was typed over other text: Chromium then tries to keep its style, which the policy refuses."""

    @property
    def editor(self) -> Locator:
        """The text of the editor."""
        return self.page.locator(".code-area .cm-content")

    @property
    def verdict(self) -> Locator:
        """All that is said about the exercise."""
        return self.page.locator(".results")

    def status(self, exercise: str) -> Locator:
        """The tab of an exercise, which tells how it stands."""
        return self.page.get_by_role("tab", name=exercise)

    def write(self, text: str) -> None:
        """Replace what the editor holds, as a person pastes it."""
        self.has_typed = True
        self.editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        """Save as the page says."""
        self.page.keyboard.press("Control+s")

    def button(self, name: str) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)


@contextmanager
def tab_of(context: BrowserContext, address: str, *, is_lost: bool = False) -> Iterator[Tab]:
    """Open an address; afterwards, nothing went elsewhere and nothing was reported.

    With ``is_lost`` the server may be gone for a while, which the browser reports.
    """
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    tab = Tab(page)
    here = urlsplit(address).netloc

    def asks(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data") and parts.netloc != here:
            tab.strays.append(request.url)

    def reports(said: ConsoleMessage) -> None:
        if said.type == "error" and not (tab.has_typed and said.text.startswith("Applying inline style")):
            tab.errors.append(said.text)

    def opens(dialog: Dialog) -> None:
        tab.errors.append(dialog.message)
        dialog.dismiss()

    page.on("request", asks)
    page.on("pageerror", lambda error: tab.errors.append(str(error)))
    page.on("console", reports)
    page.on("dialog", opens)
    page.goto(address)
    yield tab
    assert tab.strays == []
    assert is_lost or tab.errors == []
    page.close()


def eventually(page: Page, holds: Callable[[], bool]) -> bool:
    """Wait until it holds, while the page goes on."""
    for _ in range(PATIENCE * 20):
        if holds():
            return True
        page.wait_for_timeout(50)
    return False
