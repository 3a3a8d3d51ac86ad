"""A whole answer as it is kept: its bytes as they are and compressed, and what tells a client that it has them."""

import gzip
import hashlib
import json
import time
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_date, parse_etags

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]

# A page that is not there is not kept: anybody can make up any number of them.
KEPT_STATUSES = ("200 ", "301 ", "302 ", "303 ", "307 ", "308 ")
UNCHANGED = f"304 {HTTPStatus.NOT_MODIFIED.phrase}"
# An answer that varies by anything else is not for all who read its language.
KNOWN_TO_VARY = frozenset({"accept-encoding", "accept-language", "cookie"})
# What is made here, or for each answer anew.
OWN_HEADERS = frozenset({"content-length", "etag", "vary", "cache-control", "date"})
# What a client that has the body still wants to know.
WITHOUT_BODY = frozenset({"etag", "vary", "cache-control", "expires", "content-location"})
LARGEST_BYTES = 1024 * 1024
COMPRESSION = 6


class Made(NamedTuple):
    """What Flask answered."""

    status: str
    headers: Headers
    body: bytes


class Answer:
    """A page as it is given to everybody who may have it."""

    __slots__ = (
        "body",
        "endpoint",
        "etag",
        "headers",
        "made_at",
        "modified",
        "plain",
        "status",
        "unchanged",
        "zipped",
        "zipped_headers",
    )

    def __init__(self, endpoint: str | None, made: Made, zipped: bytes) -> None:
        self.made_at = time.monotonic()
        self.endpoint = endpoint
        self.status, headers, body = made
        self.headers = headers
        self.body = body
        self.zipped = zipped
        said = {name.lower(): value for name, value in headers}
        self.etag = said["etag"]
        modified = parse_date(said.get("last-modified"))
        self.modified = modified.timestamp() if modified else None
        self.plain = [*headers, ("Content-Length", str(len(body)))]
        self.zipped_headers = [*headers, ("Content-Encoding", "gzip"), ("Content-Length", str(len(zipped)))]
        self.unchanged = [(name, value) for name, value in headers if name.lower() in WITHOUT_BODY]

    @classmethod
    def made(cls, endpoint: str | None, made: Made) -> "Answer":
        """The answer of a view, with what it has not said itself."""
        status, headers, body = made
        said = {name.lower(): value for name, value in headers}
        kept = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        # Weak, because the compressed bytes are others, and mean the same.
        tag = said.get("etag", f'"{hashlib.sha256(body).hexdigest()[:32]}"').removeprefix("W/")
        vary = {*_words(said.get("vary", "")), "accept-encoding"}
        kept += [("ETag", f"W/{tag}"), ("Vary", ", ".join(sorted(word.title() for word in vary)))]
        kept.append(("Cache-Control", "no-cache" if _is_default(said) else said["cache-control"]))
        return cls(endpoint, Made(status, kept, body), gzip.compress(body, COMPRESSION, mtime=0))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Answer":
        """What `packed` made."""
        head, _, zipped = packed.partition(b"\n")
        endpoint, status, headers = json.loads(head)
        return cls(endpoint, Made(status, [(name, value) for name, value in headers], gzip.decompress(zipped)), zipped)

    def packed(self) -> bytes:
        """As bytes that another process can read."""
        return json.dumps([self.endpoint, self.status, self.headers]).encode() + b"\n" + self.zipped

    def __len__(self) -> int:
        return len(self.body) + len(self.zipped)

    def give(self, environ: "WSGIEnvironment", start_response: "StartResponse", more: Headers) -> Iterable[bytes]:
        """Answer this request, with a body only if the client has not got it."""
        if self.is_held_by(environ):
            start_response(UNCHANGED, [*self.unchanged, *more])
            return []
        zipped = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        start_response(self.status, [*(self.zipped_headers if zipped else self.plain), *more])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.zipped if zipped else self.body]

    def is_held_by(self, environ: "WSGIEnvironment") -> bool:
        """Whether the client says that it has this very answer."""
        tags = environ.get("HTTP_IF_NONE_MATCH")
        if tags is not None:
            return parse_etags(tags).contains_weak(self.etag.removeprefix("W/").strip('"'))
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if since is None or self.modified is None:
            return False
        asked = parse_date(since)
        return asked is not None and self.modified <= asked.timestamp()


def is_for_all(made: Made) -> bool:
    """Whether an answer of a view may be given to others, too."""
    said = {name.lower(): value for name, value in made.headers}
    return (
        made.status.startswith(KEPT_STATUSES)
        and "set-cookie" not in said
        and "no-store" not in said.get("cache-control", "")
        and KNOWN_TO_VARY.issuperset(_words(said.get("vary", "")))
        and len(made.body) <= LARGEST_BYTES
    )


@lru_cache(maxsize=1024)
def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    return parse_accept_header(accepted, Accept).quality("gzip") > 0


def _is_default(said: dict[str, str]) -> bool:
    # The second one is what an answer gets that may depend on a session; here it is that of who has none.
    return said.get("cache-control") in (None, "private, no-cache")


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",") if word.strip()}
