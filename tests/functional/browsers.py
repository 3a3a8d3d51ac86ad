"""Browsers that go through a running site over HTTP, each with cookies of its own."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

ADDRESS = {"street": "High Street 1", "postal_code": "1010", "city": "Vienna", "country": "AT", "method": "standard"}


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """Follows no redirect: `location` is where the last answer led, `timing` its Server-Timing."""

    def __init__(self, url: str, cookies: CookieJar | None = None) -> None:
        self.url, self.location, self.timing = url, "", ""
        self.cookies = CookieJar() if cookies is None else cookies
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Unfollowed())

    def get(self, path: str) -> tuple[int, str]:
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, form: Mapping[str, object]) -> tuple[int, str]:
        return self._send(urllib.request.Request(self.url + path, urlencode(form).encode(), {"Origin": self.url}))

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            response: Any = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            self.location = response.headers.get("Location", "")
            self.timing = response.headers.get("Server-Timing", "")
            return response.status, response.read().decode()


class Hidden(HTMLParser):
    """Finds the hidden fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "input" and said.get("type") == "hidden" and said.get("name"):
            self.fields[said["name"] or ""] = said.get("value") or ""
