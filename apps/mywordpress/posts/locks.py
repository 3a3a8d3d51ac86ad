"""Posts behind a password: a signed cookie tells which passwords its browser has been given."""

import hashlib
import hmac
from collections.abc import Iterable

from flask import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from apps.chassis.settings import Settings
from apps.mywordpress.posts.models import Post

LIFETIME_SECONDS = 10 * 24 * 3600
MOST_KEPT = 10


class Locks:
    """What opens posts on this site. No password can be read from the cookie, or tried on it without our key."""

    def __init__(self, settings: Settings) -> None:
        self.keys = settings.secret_keys
        self.secure = settings.secure
        self.name = f"{settings.app}-passwords"
        self._signer = URLSafeTimedSerializer(list(self.keys[::-1]), salt=self.name)

    def is_open(self, post: Post, request: Request) -> bool:
        """Whether the post has no password, or this browser was given it."""
        if not post.password:
            return True
        known = self._known(request)
        return any(fingerprint in known for fingerprint in self._fingerprints(post))

    def opens(self, post: Post, password: str) -> bool:
        """Whether this is the post's password."""
        return bool(post.password) and hmac.compare_digest(post.password.encode(), password.encode())

    def remember(self, post: Post, request: Request, response: Response) -> None:
        """Let this browser read the post for ten days, and what it may read already."""
        newest = next(iter(self._fingerprints(post)))
        kept = [newest, *(known for known in self._known(request) if known != newest)][:MOST_KEPT]
        value = self._signer.dumps(kept)
        response.set_cookie(
            self.name,
            value if isinstance(value, str) else value.decode(),
            max_age=LIFETIME_SECONDS,
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def _known(self, request: Request) -> list[str]:
        try:
            known = self._signer.loads(request.cookies.get(self.name, ""), max_age=LIFETIME_SECONDS)
        except BadSignature:
            return []
        return [str(one) for one in known] if isinstance(known, list) else []

    def _fingerprints(self, post: Post) -> Iterable[str]:
        """Of the post's password, by each key that the site has or had."""
        # Not of the post: as with WordPress, who knows a password reads all posts that have it.
        text = post.password.encode()
        return (hmac.new(key.encode(), text, hashlib.sha256).hexdigest()[:32] for key in self.keys)
