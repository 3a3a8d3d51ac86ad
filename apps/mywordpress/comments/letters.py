"""Mail about comments: to the author of a post, to moderators, and to whoever is answered and asked to know."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.languages import gettext as _
from apps.chassis.letters.writing import Moot, link
from apps.chassis.settings import Settings
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import CAPABILITIES
from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.letters.models import Letter
from apps.mywordpress.letters.writing import compose, writes
from apps.mywordpress.options.models import Options

COMMENT, WAITING, REPLY = "comment", "comment-waiting", "reply"
KINDS = (COMMENT, WAITING, REPLY)
MOST_MODERATORS = 10


def owe_for_new(db: Session, comment: Comment, options: Options, origin: str) -> None:
    """Tell who should hear of a new comment, each of them once."""
    if comment.approved:
        owe_for_shown(db, comment, options, origin)
    elif comment.state == State.HOLD and options.mail_moderation:
        for user in _moderators(db, comment):
            _owe(db, WAITING, comment, user, origin)


def owe_for_shown(db: Session, comment: Comment, options: Options, origin: str, moderator: User | None = None) -> None:
    """Tell of a comment that readers see from now on: the post's author, unless they know, and whom it answers."""
    author = comment.post.author
    # Whoever could approve it has heard of it when it began to wait, or was asked not to be told.
    knows = moderator is not None and (author.id == moderator.id or comment.may_be_moderated_by(author))
    if options.mail_comments and not knows and comment.user_id != author.id:
        _owe(db, COMMENT, comment, author, origin)
    above = db.get(Comment, comment.parent_id) if comment.parent_id else None
    if above is not None and above.wants_replies and above.email not in ("", comment.email):
        Letter.owe(db, REPLY, str(comment.id), above.email, above.language, origin=origin)


@writes(COMMENT)
def new_comment(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    comment = _comment(db, letter)
    if not comment.approved:
        raise Moot("it is not shown any more")
    subject = _("%(name)s on “%(title)s”", name=comment.name, title=comment.post.title)
    address = link(letter, settings, f"/comments/{comment.id}")
    return _letter(letter, settings, subject, comment, button=_("Read it"), link=address)


@writes(WAITING)
def waiting(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    comment = _comment(db, letter)
    if comment.status != State.HOLD:
        raise Moot("somebody has decided already")
    subject = _("A comment on “%(title)s” waits for you", title=comment.post.title)
    address = link(letter, settings, f"/comments/{comment.id}/edit")
    return _letter(letter, settings, subject, comment, button=_("Decide"), link=address)


@writes(REPLY)
def reply(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    comment = _comment(db, letter)
    above = db.get(Comment, comment.parent_id) if comment.parent_id else None
    if above is None or not comment.approved or not above.wants_replies or above.email != letter.recipient:
        raise Moot("nobody waits for this answer any more")
    title = Options.read(db).title
    subject = _("%(name)s has answered you at %(title)s", name=comment.name, title=title)
    address = link(letter, settings, f"/comments/{comment.id}")
    leave = link(letter, settings, f"/comments/replies?token={token_for(settings, letter.recipient)}")
    message = _letter(letter, settings, subject, comment, button=_("Read it"), link=address, leave=leave)
    if leave:
        message["List-Unsubscribe"] = f"<{leave}>"
    return message


def token_for(settings: Settings, email: str) -> str:
    """What shows that somebody reads the mail at this address, for as long as there is mail."""
    token: str = _serializer(settings).dumps(email)
    return token


def reader_of(settings: Settings, token: str) -> str | None:
    """Whose token this is; None if it never came from us."""
    try:
        email: str = _serializer(settings).loads(token)
    except BadData:
        return None
    return email


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(settings.secret_keys)), salt=f"{settings.app}.comments.replies")


def _moderators(db: Session, comment: Comment) -> Sequence[User]:
    roles = [role for role, capabilities in CAPABILITIES.items() if "moderate_comments" in capabilities]
    able = select(User).where(User.role.in_(roles), User.password_hash != "").order_by(User.id).limit(MOST_MODERATORS)
    found = {user.id: user for user in db.scalars(able)}
    if comment.may_be_moderated_by(comment.post.author):
        found[comment.post.author_id] = comment.post.author
    return [user for user in found.values() if user.id != comment.user_id]


def _owe(db: Session, kind: str, comment: Comment, user: User, origin: str) -> None:
    Letter.owe(db, kind, f"{comment.id}-{user.id}", user.email, user.language, origin=origin)


def _comment(db: Session, letter: Letter) -> Comment:
    comment = db.get(Comment, int(letter.about.partition("-")[0]))
    if comment is None:
        raise Moot("the comment is gone")
    return comment


def _letter(letter: Letter, settings: Settings, subject: str, comment: Comment, **context: Any) -> EmailMessage:
    return compose(letter, settings, "comment", subject, **{"leave": None, "comment": comment, **context})
