"""What is written to users about their accounts."""

from email.message import EmailMessage

from sqlalchemy.orm import Session

from apps.chassis.accounts import letters as common
from apps.chassis.accounts.letters import AccountLetters
from apps.chassis.languages import gettext as _
from apps.chassis.letters.writing import Moot
from apps.chassis.proofs import Purpose
from apps.chassis.settings import Settings
from apps.mywordpress.accounts.models import User
from apps.mywordpress.letters.models import Letter
from apps.mywordpress.letters.writing import letters, writes
from apps.mywordpress.options.models import Options

INVITATION, REGISTRATION = "invitation", "registration"
INVITING = Purpose("invitation", 7 * 24)
PASSING = (INVITATION, REGISTRATION, *common.PASSING)

account_letters = AccountLetters(letters, Letter, User)


@writes(INVITATION)
def invitation(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    title = Options.read(db).title
    text = _("You have been given an account at %(title)s. Choose a password, and it is yours.", title=title)
    return _welcome(db, letter, settings, _("An account for you at %(title)s", title=title), text)


@writes(REGISTRATION)
def registration(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    title = Options.read(db).title
    text = _("Somebody, probably you, has asked for an account at %(title)s. Choose a password, and it is yours.",
             title=title)  # fmt: skip
    return _welcome(db, letter, settings, _("Your account at %(title)s", title=title), text)


def _welcome(db: Session, letter: Letter, settings: Settings, subject: str, text: str) -> EmailMessage:
    user = db.get(User, letter.fact("id"))
    if user is None or not user.is_invited or user.email != letter.recipient:
        raise Moot("there is nothing to accept any more")
    return account_letters.with_link(
        letter, settings, INVITING, "/password-reset/edit", user, subject=subject,
        greeting=_("Welcome, %(name)s.", name=user.name), text=text, button=_("Choose a password"),
        note=_("If this is none of your business, please ignore this mail."),
    )  # fmt: skip
