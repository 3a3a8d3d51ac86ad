"""What is written to people of any site about their accounts."""

import secrets
from email.message import EmailMessage

from sqlalchemy.orm import Session

from apps.chassis.languages import gettext as _
from apps.chassis.letters.models import OwedLetter
from apps.chassis.letters.writing import Letters, Moot, link
from apps.chassis.people import Person
from apps.chassis.proofs import EMAIL, PASSWORD, Purpose, prove
from apps.chassis.settings import Settings

PASSWORD_RESET, EMAIL_CHANGE = "password-reset", "email-change"
PASSWORD_CHANGED, EMAIL_CHANGED = "password-changed", "email-changed"
# Each of these is about one wish or event and of no use a while later.
PASSING = (PASSWORD_RESET, EMAIL_CHANGE, PASSWORD_CHANGED, EMAIL_CHANGED)


class AccountLetters:
    """Owes and writes them. `origin` is where links lead if no setting says so."""

    def __init__(self, letters: Letters, owed: type[OwedLetter], people: type[Person]) -> None:
        self.letters = letters
        self.owed = owed
        self.people = people
        for kind, writer in (
            (PASSWORD_RESET, self.password_reset),
            (EMAIL_CHANGE, self.email_change),
            (PASSWORD_CHANGED, self.password_changed),
            (EMAIL_CHANGED, self.email_changed),
        ):
            letters.writes(kind)(writer)

    def owe_password_reset(self, db: Session, email: str, language: str, origin: str) -> None:
        """Send whoever has this address a link to a new password.

        The letter is owed even if nobody has the address, and found moot later: so the answer takes as long.
        """
        self.owed.owe(db, PASSWORD_RESET, secrets.token_hex(12), email, language, origin=origin)

    def owe(self, db: Session, kind: str, person: Person, origin: str, email: str | None = None) -> None:
        """Send the person a letter of this kind, at another address than theirs if one is given."""
        about = f"{person.id}-{secrets.token_hex(8)}"
        self.owed.owe(db, kind, about, email or person.email, person.language, id=person.id, origin=origin)

    def password_reset(self, db: Session, letter: OwedLetter, settings: Settings) -> EmailMessage:
        person = self.people.with_email(db, letter.recipient)
        if person is None:
            raise Moot("nobody has this address")
        return self.with_link(
            letter, settings, PASSWORD, "/password-reset/edit", person, subject=_("A new password"),
            greeting=_("Hello %(name)s,", name=person.name),
            text=_(
                "Somebody, probably you, would like a new password for your account at %(site)s.",
                site=self.letters.site.title,
            ),
            button=_("Choose a new password"),
            note=_("If that was not you, please ignore this mail; your password stays as it is."),
        )  # fmt: skip

    def email_change(self, db: Session, letter: OwedLetter, settings: Settings) -> EmailMessage:
        person = self.reader(db, letter)
        return self.with_link(
            letter, settings, EMAIL, "/email-change", person, subject=_("Is this your new e-mail address?"),
            greeting=_("Hello %(name)s,", name=person.name),
            text=_(
                "You would like to use this address for your account at %(site)s.", site=self.letters.site.title
            ),
            button=_("Use this address"),
            note=_("If that was not you, please ignore this mail; nothing is changed then."),
            facts={"email": letter.recipient},
        )  # fmt: skip

    def password_changed(self, db: Session, letter: OwedLetter, settings: Settings) -> EmailMessage:
        return self._notice(db, letter, settings, _("Your password was changed"))

    def email_changed(self, db: Session, letter: OwedLetter, settings: Settings) -> EmailMessage:
        return self._notice(db, letter, settings, _("Your e-mail address was changed"))

    def with_link(
        self, letter: OwedLetter, settings: Settings, purpose: Purpose, path: str, person: Person, *,
        subject: str, greeting: str, text: str, button: str, note: str, facts: dict[str, str] | None = None,
    ) -> EmailMessage:  # fmt: skip
        """A letter with a link by which this person proves who they are, and what they want, for this purpose."""
        token = prove(settings, purpose, person, **(facts or {}))
        address = link(letter, settings, f"{path}?token={token}")
        words = {"greeting": greeting, "text": text, "button": button, "note": note}
        return self.letters.compose(letter, settings, "link", subject, link=address, hours=purpose.hours, **words)

    def reader(self, db: Session, letter: OwedLetter) -> Person:
        """The person to whom a letter is owed; raises Moot once they are gone."""
        person = db.get(self.people, letter.fact("id"))
        if person is None:
            raise Moot("this account is gone")
        return person

    def _notice(self, db: Session, letter: OwedLetter, settings: Settings, what: str) -> EmailMessage:
        note = _("If that was not you, please choose a new password at once, and write to us.")
        greeting = _("Hello %(name)s,", name=self.reader(db, letter).name)
        return self.letters.compose(letter, settings, "notice", what, greeting=greeting, text=f"{what}.", note=note)
