"""What every session store promises, its errors, and what the stores have in common."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from werkzeug.exceptions import Conflict, RequestEntityTooLarge

from apps.chassis.sessions.operations import Change, Fields

LARGEST_SESSION_BYTES = 64 * 1024
# The lifetime slides, but a write and a cookie per page would be a high price: once an hour is enough.
RENEW_SECONDS = 3600.0
# So long the id that was replaced at sign-in answers "ended" instead of "unknown". A request of another tab that was
# under way with the old id would else be given a session of its own, and its cookie would replace the new one.
ENDED_SECONDS = 60.0

# What an owner shares outlives all their sessions, and each visit begins its time anew.
SHARED_SECONDS = 90 * 24 * 3600.0

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class SessionUnavailable(Exception):
    """The store cannot be reached: raised at the first access or at the save; the chassis answers 503."""


class SessionEnded(Conflict):
    """The session that this request has read was signed out, revoked or replaced before it could be saved."""

    description = "Your session has ended or was renewed in another window. Nothing was changed; please try again."


class SessionTooLarge(RequestEntityTooLarge):
    """The session would hold more than its store keeps."""

    description = "Your session holds all that it can hold. Nothing was changed; please remove something first."


class CannotRevoke(Exception):
    """This kind of store cannot end sessions from the server's side."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stored session. `renewed`: its life was prolonged just now, so the cookie's should be too.

    `shared` is what its owner shares; None where it has no owner, or where the store shares nothing.
    """

    token: str
    fields: Fields
    renewed: bool
    shared: Fields | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A session after its change. `token` is None where there was nothing worth keeping.

    `confirmed`: as many replicas have it as the store was told to wait for.
    """

    token: str | None
    fields: Fields
    renewed: bool
    shared: Fields | None = None
    confirmed: bool = True


class SessionStore(Protocol):
    """Keeps sessions under tokens that only it makes. Every method may raise SessionUnavailable.

    Where it `shares`, each owner also has one record that all their sessions carry and that survives them.
    """

    name: str
    shares: bool

    def load(self, token: str, lifetime: float) -> Loaded | None:
        """The session, its life prolonged when due; None for a token that is unknown, forged, expired or ended."""

    def save(self, token: str | None, change: Change) -> Saved:
        """Apply the change atomically. An unknown token gets a new session under a new token, never its own.

        Raises SessionEnded when the session was loaded and is gone, its id was replaced, or it is not of the owner
        whose shared record would change; SessionTooLarge."""

    def shared_of(self, owner: str) -> Fields:
        """What this owner shares; empty where nothing is kept."""

    def delete(self, token: str) -> None:
        """End this session."""

    def revoke(self, owner: str) -> None:
        """End all sessions of this owner: sign-out everywhere. What they share is kept. Raises CannotRevoke."""

    def forget(self, owner: str) -> None:
        """End all sessions of this owner and remove what they share, so that none of both comes back.

        Raises CannotRevoke."""

    def close(self) -> None:
        """Close what this process holds open; the next use opens it again."""

    def ready(self) -> Mapping[str, Any]:
        """`{"ok": bool, "detail": str}`; raises nothing."""


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str | None:
    """What a store keeps instead of the token, so that a stolen store opens no session; None for no token of ours."""
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None


def renew_before(lifetime: float, now: float) -> float:
    """A session that expires before this moment has used up enough of its life to be prolonged."""
    return now + lifetime - min(RENEW_SECONDS, lifetime / 2)
