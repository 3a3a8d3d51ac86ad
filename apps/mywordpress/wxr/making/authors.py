"""Authors become users who have no password yet."""

from contextlib import suppress
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from apps.chassis.people import LONGEST_NAME, EmailTaken, is_email
from apps.mywordpress.accounts.models import SlugTaken, User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.posts.slugs import slug_of
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Made, Making, known
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, told


def email_of(login: str, email: str) -> str:
    """The address of an author; where the file has none, one that leads nowhere."""
    return email if is_email(email) else f"{slug_of(login).encode('punycode').decode()[:60]}@imported.invalid"


def user_for(db: Session, login: str, email: str) -> User | None:
    """The user who seems to be this author."""
    return User.with_email(db, email_of(login, email))


def make_author(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The user for an author that nobody here stands for yet."""
    email = email_of(part.source, fields["email"])
    present = User.with_email(making.db, email)
    if present is not None:
        return known(present.id)
    told_too: list[Note] = [told(notes.NO_PASSWORD)]
    if email != fields["email"]:
        told_too.append(told(notes.NO_EMAIL))
    try:
        user = User.add(making.db, email=email, name=part.title[:LONGEST_NAME], password_hash="", role=Role.AUTHOR)
    except EmailTaken:
        # Somebody else has just made it.
        return known(User.with_email(making.db, email).id)  # type: ignore[union-attr]
    with suppress(SlugTaken):
        user.call(making.db, part.source)
    user = _numbered(making, user, fields["id"], told_too)
    user.first_name, user.last_name = fields["first_name"][:LONGEST_NAME], fields["last_name"][:LONGEST_NAME]
    making.db.flush()
    return Made(Outcome.MADE, user.id, told_too)


def _numbered(making: Making, user: User, wished: str, told_too: list[Note]) -> User:
    """The user under the number that they have in the file, if that is kept; nothing leads to them yet."""
    wanted = making.free_id(User, wished, told_too)
    if wanted is None:
        return user
    making.db.execute(update(User).where(User.id == user.id).values(id=wanted))
    making.db.expunge(user)
    return making.db.get_one(User, wanted)
