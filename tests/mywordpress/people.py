"""More people of the journal than its usual cast, and their mail."""

import re
from email.message import EmailMessage

from sqlalchemy import select

from apps.chassis import passwords
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.letters.models import Letter
from tests.mywordpress.conftest import PASSWORD, Journal, Visitor, user
from tests.support.mails import link, mails_in


def join(journal: Journal, name: str, role: Role = Role.SUBSCRIBER) -> Visitor:
    """Somebody of this role, signed in: Sue at sue@example.com."""
    with journal.writing() as db:
        hashed = passwords.hash(PASSWORD)
        User.add(db, email=f"{name.lower()}@example.com", name=name, password_hash=hashed, role=role)
    return journal.author(f"{name.lower()}@example.com")


def known(journal: Journal, name: str) -> User:
    """Who this is, as it is stored now."""
    with journal.writing() as db:
        return user(db, name)


def owed(journal: Journal, kind: str | None = None) -> list[Letter]:
    """Letters of this kind, or all, as they are owed or sent."""
    with journal.writing() as db:
        found = select(Letter).order_by(Letter.id)
        return list(db.scalars(found if kind is None else found.where(Letter.kind == kind)))


def delivered(journal: Journal, kind: str) -> EmailMessage:
    """The newest letter of this kind, sent."""
    journal.work("send_letter", letter_id=owed(journal, kind)[-1].id)
    return mails(journal)[-1]


def mails(journal: Journal) -> list[EmailMessage]:
    """All that was sent, oldest first."""
    return mails_in(journal.settings.data_dir / "mail")


def follow(visitor: Visitor, mail: EmailMessage, **form: str) -> int:
    """Open the page behind a mail's link and press its button; the status of the answer."""
    page = visitor.get(link(mail))
    if page.status_code != 200:
        return page.status_code
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    return visitor.post(link(mail).partition("?")[0], token=token[1], **form).status_code
