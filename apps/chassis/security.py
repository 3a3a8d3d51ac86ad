"""Who may ask: allowed hosts, trusted proxies, the visitor's own origin; and the headers that protect each answer."""

import ipaddress
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner
from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.http import dump_cookie

from apps.chassis.languages import later
from apps.chassis.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SKEW_SECONDS = 5.0
HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def headers(settings: Settings) -> list[tuple[str, str]]:
    """What every answer carries. The policy stands first: an answer with a policy of its own leaves it out."""
    common = [
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ]
    if settings.secure:
        common.append(("Strict-Transport-Security", "max-age=31536000"))
    return common


class Hosts:
    """The names that this site answers to. A name nobody gave it would end up in links, caches and mail."""

    def __init__(self, settings: Settings) -> None:
        self.public = _host_of(settings.public_url) if settings.public_url else None
        # A worker is only ever called by the daemon beside it.
        self.local = settings.worker or not settings.production

    def check(self, environ: "WSGIEnvironment") -> None:
        """Raise BadRequest for a host that is not ours."""
        if not self.knows(environ):
            raise BadRequest(later("This site does not answer to that host name."))

    def knows(self, environ: "WSGIEnvironment") -> bool:
        """Whether the host asked for is ours; health checks come by address and are let through."""
        host, is_local = _known_as(environ.get("HTTP_HOST", ""))
        return host == self.public or (self.local and is_local) or environ["PATH_INFO"].startswith("/health/")


class Origins:
    """Unsafe requests are accepted from our own pages only, so that no form needs a token and no page a session."""

    def __init__(self, settings: Settings) -> None:
        self.public = settings.public_url

    def check(self, request: "Request") -> None:
        """Raise Forbidden if a browser says that another site's page sent this request."""
        if self.is_foreign(request):
            raise Forbidden(later("This form was sent from another site, so nothing was changed."))

    def is_foreign(self, request: "Request") -> bool:
        """Whether a browser says that another site's page sent this request.

        A client that sends neither header is no browser, so it carries no visitor's cookies against their will.
        """
        fetched = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if fetched is not None:
            return fetched not in ("same-origin", "none")
        return origin is not None and not self.is_own(origin, request)

    def is_own(self, origin: str, request: "Request") -> bool:
        return origin == (self.public or f"{request.scheme}://{request.host}")


class Pin:
    """A signed cookie that holds a visitor to the writer until every reader in rotation has what they wrote."""

    def __init__(self, settings: Settings, seconds: float) -> None:
        self.name = f"{settings.app}-pin"
        self.signer = TimestampSigner(list(settings.secret_keys[::-1]), salt=self.name)
        # Another instance's clock may be behind or ahead of the one that stamps.
        self.seconds = seconds + SKEW_SECONDS
        self.secure = settings.secure

    def holds(self, request: "Request") -> bool:
        """Whether this visitor wrote so recently that a reader might not know yet."""
        value = request.cookies.get(self.name)
        # Whoever brings a password or a token brings no cookies, so they always read the writer.
        return "Authorization" in request.headers or (value is not None and self.is_fresh(value))

    def is_fresh(self, value: str) -> bool:
        try:
            _, stamped = self.signer.unsign(value, return_timestamp=True)
        except BadSignature:
            return False
        return time.time() - stamped.timestamp() < self.seconds

    def value(self) -> str:
        """A pin stamped now."""
        return self.signer.sign(b"w").decode("ascii")

    def cookie(self) -> str:
        """The Set-Cookie header of a pin stamped now; to be called after the commit."""
        return dump_cookie(
            self.name, self.value(), max_age=int(self.seconds) + 1, secure=self.secure, httponly=True, samesite="Lax"
        )


def name_of(host: str) -> str:
    """The name in a Host header, without its port; empty if it is none."""
    return _known_as(host)[0]


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


@lru_cache(maxsize=256)
def _known_as(host: str) -> tuple[str, bool]:
    """The name in a Host header, empty if it is none, and whether it means this machine."""
    # Whatever else stands in the header, as in `ours#theirs`, others would read in another way than we do.
    found = HOST.fullmatch(host)
    name = found[1].strip("[]").lower() if found else ""
    return name, _is_local(name)


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
