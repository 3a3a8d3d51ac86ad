"""The whole session in a signed cookie: no store to run, and all that is wrong with that.

The visitor can read it, it ends at 4 KB, nobody can revoke it, and two tabs that change it at once lose one change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import time
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from apps.chassis.languages import later
from apps.chassis.sessions.keyed import Record, evolved
from apps.chassis.sessions.operations import Change, Fields
from apps.chassis.sessions.stores import CannotRevoke, Loaded, Saved, SessionTooLarge, renew_before

# Browsers drop a cookie silently when its name, value and attributes exceed 4,096 bytes.
LARGEST_TOKEN = 3_900


class CookieTooLarge(SessionTooLarge):
    """What the session would hold does not fit into a cookie."""

    description = "Your session holds more than the 4 KB that fit into a cookie. Nothing was changed."


class CookieStore:
    """A token is the session itself, signed with the first of the keys; the others only verify."""

    name = "cookie"
    shares = False

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._signer = URLSafeTimedSerializer(list(reversed(secret_keys)), salt="session")

    def load(self, token: str, lifetime: float) -> Loaded | None:
        record = self._read(token, lifetime)
        if record is None:
            return None
        renewed = record.expires_at < renew_before(lifetime, time())
        return Loaded(self._signed(record) if renewed else token, record.fields, renewed)

    def save(self, token: str | None, change: Change) -> Saved:
        record = self._read(token, change.lifetime) if token else None
        after = evolved(record, replace(change, loaded=False))
        return Saved(self._signed(after), after.fields, True) if after else Saved(None, {}, False)

    def delete(self, token: str) -> None:
        """The cookie is removed with the answer; a copy of it stays valid until it expires."""

    def revoke(self, owner: str) -> None:
        raise CannotRevoke(
            f"The sessions of {owner} are kept in cookies alone: no server can end them before they expire."
        )

    def shared_of(self, owner: str) -> Fields:
        return {}

    def forget(self, owner: str) -> None:
        self.revoke(owner)

    def close(self) -> None: ...

    def ready(self) -> Mapping[str, Any]:
        return {"ok": True, "detail": later("in the visitors' browsers")}

    def _read(self, token: str, lifetime: float) -> Record | None:
        if len(token) > LARGEST_TOKEN:
            return None
        try:
            fields, signed_at = self._signer.loads(token, max_age=int(lifetime), return_timestamp=True)
        except BadSignature:
            return None
        return Record(fields, _seconds(signed_at) + lifetime) if isinstance(fields, dict) else None

    def _signed(self, record: Record) -> str:
        token = self._signer.dumps(record.fields)
        text = token if isinstance(token, str) else token.decode()
        if len(text) > LARGEST_TOKEN:
            raise CookieTooLarge
        return text


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
