"""What a page complains about while somebody uses it, and where it sends requests."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request


class Witness:
    """Hears and sees everything from now on; `check` fails if there was anything."""

    def __init__(self, page: "Page", url: str) -> None:
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.host = urlsplit(url).netloc
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.see)

    def hear(self, message: "ConsoleMessage") -> None:
        # Chromium itself reports each answer of 4xx that a test asks for.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{message.page.url if message.page else ''} {message.text}")

    def see(self, request: "Request") -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.foreign.append(request.url)

    def check(self) -> None:
        assert not self.complaints, self.complaints
        assert not self.foreign, self.foreign
