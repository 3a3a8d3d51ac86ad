"""Who is behind a request: signing in and out, and the person whom a session belongs to."""

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from flask import request

from apps.chassis import passwords
from apps.chassis.context import application, db, session
from apps.chassis.transactions import after_commit

if TYPE_CHECKING:
    from apps.chassis.people import Person

SIGNED_IN = "signed_in"
# A list of what an app does within each sign-in, once the session is the person's.
AT_SIGN_IN = "at_sign_in"

P = TypeVar("P", bound="Person")


def authenticate(kind: type[P], email: str, password: str) -> P | None:
    """Whose these are. An unknown address takes as long, and answers the same, as a wrong password.

    To be called before the first use of `db`: hashing takes its time, and no lock may be held meanwhile.
    """
    stored = _password_of(kind, email)
    if not passwords.verify(stored, password) or stored is None:
        return None
    renewed = passwords.hash(password) if passwords.outdated(stored) else stored
    person = kind.with_email(db(), email)
    # Somebody may have changed the password while this one was being checked.
    if person is None or person.password_hash != stored:
        return None
    person.password_hash = renewed
    return person


def sign_in(person: "Person") -> None:
    """Make the session this person's, under a new id, so that nobody who knew the old one is signed in too."""
    visit = session()
    visit.rotate()
    visit.owner = person.owner
    visit[SIGNED_IN] = [person.id, person.signed_in_at()]
    for act in application().extensions.get(AT_SIGN_IN, ()):
        act()


def signed_in(kind: type[P]) -> P | None:
    """The person of this request's session, or None. Raises SessionUnavailable if nobody can tell."""
    found = session().get(SIGNED_IN)
    return kind.of_session(db(), *found) if found else None


def sign_out_everywhere(person: "Person") -> None:
    """End this and every other session of the person, on whichever instance and in whichever store."""
    _end_sessions(person, "revoke")


def shut_out(person: "Person") -> None:
    """End every session of somebody else than who asks."""
    _end_elsewhere(person, "revoke")


def forget(person: "Person") -> None:
    """End all sessions of the person, and after the commit remove what these had in common: for who is erased."""
    _end_sessions(person, "forget")


def origin() -> str:
    """Where links in mails lead; the address that was asked for, as long as no setting says where the site is."""
    return application().settings.public_url or request.host_url.rstrip("/")


def local_path(path: str | None) -> str | None:
    """The path if it leads to a page of ours; anything that a browser may take for another site is refused."""
    if not path or not path.startswith("/") or len(path) > 500:
        return None
    return None if path[1:2] in ("/", "\\") or any(ord(letter) < 33 for letter in path) else path


def _password_of(kind: "type[Person]", email: str) -> str | None:
    database = application().database
    assert database is not None
    # From the writer, for somebody new may sign in before any reader knows them.
    reading, _ = database.reader(pinned=True)
    with reading:
        person = kind.with_email(reading, email)
        return person.password_hash if person else None


def _end_sessions(person: "Person", how: str) -> None:
    session().clear()
    _end_elsewhere(person, how)


def _end_elsewhere(person: "Person", how: str) -> None:
    owner = person.owner
    person.end_sessions()
    after_commit(lambda: _in_store(how, owner))


def _in_store(how: str, owner: str) -> None:
    from apps.chassis.sessions import CannotRevoke

    store = application().session_store
    if store is not None:
        # Sessions that live in cookies end by the moment that the person's row remembers.
        with suppress(CannotRevoke):
            getattr(store, how)(owner)
