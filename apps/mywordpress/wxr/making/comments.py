"""Comments of all kinds and states, and what each answers."""

from html import escape, unescape
from typing import Any

from sqlalchemy import select

from apps.chassis.columns import now
from apps.chassis.people import LONGEST_EMAIL, normal_email
from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.comments.text import html_of, sanitised
from apps.mywordpress.posts.markup import Library, render_html
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Made, Making, cut, known, put_below, skipped
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, of_losses, told
from apps.mywordpress.wxr.parts import COMMENT, POSTS
from apps.mywordpress.wxr.values import moment, plain

LONGEST_TEXT = 10_000
LONGEST_NAME = 255
LONGEST_KIND = 20
LONGEST_URL = 500
LONGEST_ADDRESS = 45
APPROVED = "1"
STATES = {"spam": State.SPAM, "trash": State.TRASH, "post-trashed": State.TRASH}


def make_comment(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The comment, unless the same person said the same at the same moment about the same post."""
    post_id = making.importing.made_id(making.db, POSTS, fields["post"])
    if post_id is None:
        return skipped(told(notes.NO_POST))
    told_too: list[Note] = []
    at = moment(fields["date_gmt"], fields["date"], making.zone)
    if at is None:
        told_too.append(told(notes.NO_DATE))
    text, html = shown(cut(clean_text(fields["content"]).strip(), LONGEST_TEXT, "text", told_too), told_too)
    comment = Comment(
        post_id=post_id,
        user_id=_user(making, fields["user_id"].strip()),
        name=cut(plain(fields["author"])[0], LONGEST_NAME, "name", told_too),
        email=normal_email(fields["author_email"])[:LONGEST_EMAIL],
        url=_url(fields["author_url"].strip(), told_too),
        address=fields["author_IP"].strip()[:LONGEST_ADDRESS],
        text=text,
        html=html,
        approved=fields["approved"].strip() == APPROVED,
        state=STATES.get(fields["approved"].strip(), State.HOLD),
        kind=fields["type"].strip()[:LONGEST_KIND] or COMMENT,
        created_at=at or now(),
    )
    present = _present(making, comment)
    if present is not None:
        return known(present)
    comment.id = making.free_id(Comment, part.source, told_too)  # type: ignore[assignment]
    making.db.add(comment)
    making.db.flush()
    return Made(Outcome.MADE, comment.id, told_too)


def _present(making: Making, comment: Comment) -> int | None:
    same = Comment.post_id == comment.post_id, Comment.created_at == comment.created_at, Comment.name == comment.name
    found = making.db.execute(select(Comment.id, Comment.text).where(*same)).all()
    return next((row.id for row in found if row.text == comment.text), None)


def _url(url: str, told_too: list[Note]) -> str:
    if url and (len(url) > LONGEST_URL or not url.startswith(("http://", "https://"))):
        told_too.append(told(notes.BAD_ADDRESS))
        return ""
    return url


def _user(making: Making, source: str) -> int | None:
    """Who said it, if it is an author of the file."""
    if source in ("", "0"):
        return None
    authors = making.importing.authors_by_number(making.db)
    return authors.get(source)


def shown(content: str, told_too: list[Note]) -> tuple[str, str]:
    """The text of a comment as it is kept, and as readers see it.

    WordPress keeps comments as HTML and we keep plain words, so what has no tags is plain from now on.
    """
    if not has_tags(content):
        text = unescape(content)
        return text, html_of(text)
    rendered, losses = render_html(content, Library())
    told_too += of_losses(losses)
    return content, sanitised(rendered.html)


def has_tags(content: str) -> bool:
    """Whether a text is more than words."""
    return plain(content)[1]


def written(comment: Comment) -> str:
    """The text of a comment as WordPress keeps it; `shown` makes the same comment of it."""
    return escape(comment.text, quote=False) if comment.is_plain else comment.text


def place_reply(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The comment below the one that it answers, if both are of one post."""
    mine = making.importing.made_id(making.db, [COMMENT], part.source)
    above = making.importing.made_id(making.db, [COMMENT], fields["parent"])
    comment = making.db.get(Comment, mine) if mine else None
    parent = making.db.get(Comment, above) if above else None
    if comment is None or parent is None or parent.post_id != comment.post_id:
        return skipped(told(notes.NO_PARENT))
    return put_below(making, comment, parent)
