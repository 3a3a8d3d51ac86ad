"""Links in mails that prove who follows them. They are signed, they expire, and each works once in effect.

Nothing is stored for them: a link carries a mark of what it is to change, and once that is changed the mark is another.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from itsdangerous import BadData, URLSafeTimedSerializer

from apps.chassis.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from apps.chassis.people import Person

P = TypeVar("P", bound="Person")


class Spent(Exception):
    """The link is too old, was used, or never came from us."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link is for, and for how long. It ends with the person's address, and unless told, with their password."""

    name: str
    hours: int
    outlives_password: bool = False


PASSWORD = Purpose("password", 2)
EMAIL = Purpose("email", 24)


def prove(settings: Settings, purpose: Purpose, person: "Person", **facts: str) -> str:
    """The token of a link for this person; the facts travel in it, legible to whoever has it."""
    content = {"id": person.id, "mark": _mark(purpose, person), "facts": facts}
    token: str = _serializer(settings, purpose).dumps(content)
    return token


def proven(db: "Session", settings: Settings, kind: type[P], purpose: Purpose, token: str) -> tuple[P, dict[str, str]]:
    """Whose link this is, and its facts. Raises Spent."""
    try:
        content: dict[str, Any] = _serializer(settings, purpose).loads(token, max_age=purpose.hours * 3600)
    except BadData:
        raise Spent from None
    person = db.get(kind, content["id"])
    if person is None or content["mark"] != _mark(purpose, person):
        raise Spent
    return person, content["facts"]


def _mark(purpose: Purpose, person: "Person") -> str:
    # The hash of a password is salted, so its own hash tells nothing of the password.
    marked = person.email if purpose.outlives_password else f"{person.email} {person.password_hash}"
    return sha256(marked.encode()).hexdigest()[:20]


def _serializer(settings: Settings, purpose: Purpose) -> URLSafeTimedSerializer:
    salt = f"{settings.app}.accounts.{purpose.name}"
    return URLSafeTimedSerializer(list(reversed(settings.secret_keys)), salt=salt)
