"""A real Chromium, driven through Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tools.programs import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The sandbox needs rights that a container has not; the rest keeps the browser from talking to anybody but us.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> "Iterator[Browser]":
    """A running browser; every test opens a context of its own in it."""
    # Imported here, because the other Pythons read this file without having the library.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
