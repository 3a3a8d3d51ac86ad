"""Posts and pages, with all that WordPress notes about them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import false, insert, or_, select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.columns import LONGEST_PASSWORD, LONGEST_TITLE, Format, Kind, State
from apps.mywordpress.posts.content import Content, Origin
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.history import OldSlug, PostMeta
from apps.mywordpress.posts.markup import Library, render_html
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.slugs import untrashed
from apps.mywordpress.posts.words import index
from apps.mywordpress.terms.models import Taxonomy
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.bodies import adapted
from apps.mywordpress.wxr.making.made import Made, Making, cut, known, skipped
from apps.mywordpress.wxr.making.terms import term_of
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, of_losses, told
from apps.mywordpress.wxr.parts import ATTACHMENT, MENU, STATUSES
from apps.mywordpress.wxr.values import moment, plain, readable, whole

LONGEST_BODY = 2_000_000
LONGEST_EXCERPT = 10_000
LONGEST_GUID = 500
LONGEST_META = 255
MOST_ALIKE = 100
# What we write ourselves about a post that is written in Markdown, since WordPress takes HTML only.
MARKDOWN = "_mywordpress_markdown"
THUMBNAIL = "_thumbnail_id"
OLD_SLUG = "_wp_old_slug"
TRASHED_FROM = "_wp_trash_meta_status"
# What WordPress notes for itself, and is worth nothing elsewhere.
OWN_NOTES = ("_edit_last", "_edit_lock", "_oembed_", "_wp_trash_meta", "_publicize_pending", "_pingme", "_encloseme")
HANDLED = frozenset({MARKDOWN, THUMBNAIL, OLD_SLUG, TRASHED_FROM})


def make_post(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The post, unless it is here."""
    if max(len(fields["body"]), len(_meta(fields, MARKDOWN))) > LONGEST_BODY:
        return skipped(told(notes.TOO_LONG))
    present = _present(making.db, part.kind, fields)
    if present is not None:
        return _brought_up(making, present)
    told_too: list[Note] = []
    author = making.db.get_one(User, making.author(fields["creator"], told_too))
    content = _content(making, part, fields, told_too)
    post = Post.adopt(making.db, author, content, _origin(making, part, fields, told_too))
    _tell_of_slug(post, content, told_too)
    _keep_meta(making.db, post, fields)
    _file(making, post, fields["terms"], told_too)
    if content.format == Format.HTML:
        told_too += of_losses(render_html(post.body, Library.of(making.db, post.body, post.id))[1])
    return Made(Outcome.MADE, post.id, told_too)


def _present(db: Session, kind: str, fields: dict[str, Any]) -> Post | None:
    """The post as it was taken over before: two of guid, address and date are the same, if the file tells two."""
    guid, slug = fields["guid"].strip()[:LONGEST_GUID], readable(fields["slug"])
    alike = or_(Post.guid == guid if guid else false(), Post.slug == slug if slug else false())
    found = db.scalars(select(Post).where(alike, Post.kind == kind).order_by(Post.id).limit(MOST_ALIKE)).all()
    return next((post for post in found if _agreeing(post, guid, slug, fields["date_gmt"].strip()) > 1), None)


def _agreeing(post: Post, guid: str, slug: str, date: str) -> int:
    same_guid = bool(guid) and post.guid == guid
    # A draft may have neither address nor date.
    return same_guid + (not slug or post.slug == slug) + (_seconds(post.published_at or post.created_at) == date)


def _seconds(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _brought_up(making: Making, post: Post) -> Made:
    """The post that was here; pictures that are in the library by now are shown from there."""
    body = adapted(making, post.body) if making.fetches and post.format == Format.HTML else post.body
    if body != post.body and post.state != State.TRASH:
        post.revise(making.db, replace(post.content, body=body), post.version, making.fallback)
    return known(post.id)


def _content(making: Making, part: ImportPart, fields: dict[str, Any], told_too: list[Note]) -> Content:
    markdown = _meta(fields, MARKDOWN)
    title, had_tags = plain(fields["title"])
    if had_tags:
        told_too.append(told(notes.TAGS_LOST))
    return Content.of(
        cut(title, LONGEST_TITLE, "title", told_too),
        adapted(making, markdown or fields["body"]),
        cut(fields["excerpt"], LONGEST_EXCERPT, "excerpt", told_too),
        untrashed(readable(fields["slug"])),
        format=Format.MARKDOWN if markdown else Format.HTML,
        position=whole(fields["order"]),
        password=cut(fields["password"], LONGEST_PASSWORD, "password", told_too),
        sticky=fields["sticky"].strip() == "1",
        comments_open=fields["comment_status"] == "open",
        pings_open=fields["ping_status"] == "open",
        picture_id=_featured(making, fields, told_too),
    )


def _featured(making: Making, fields: dict[str, Any], told_too: list[Note]) -> int | None:
    source = _meta(fields, THUMBNAIL).strip()
    made = making.importing.made_id(making.db, [ATTACHMENT], source) if source else None
    if source and made is None:
        told_too.append(told(notes.NO_FEATURED))
    return made


def _origin(making: Making, part: ImportPart, fields: dict[str, Any], told_too: list[Note]) -> Origin:
    created = moment(fields["date_gmt"], fields["date"], making.zone)
    if created is None:
        told_too.append(told(notes.NO_DATE))
    created = created or now()
    # A draft that was never published has no date in GMT.
    is_dated = moment(fields["date_gmt"], "", making.zone) is not None
    return Origin(
        Kind(part.kind),
        fields["status"],
        created_at=created,
        updated_at=moment(fields["modified_gmt"], fields["modified"], making.zone) or created,
        published_at=created if is_dated else None,
        guid=fields["guid"].strip()[:LONGEST_GUID],
        post_id=making.free_id(Post, part.source, told_too),
        trashed_from=_trashed_from(fields),
    )


def _trashed_from(fields: dict[str, Any]) -> str:
    was = _meta(fields, TRASHED_FROM)
    return was if fields["status"] == State.TRASH and was in STATUSES else ""


def _tell_of_slug(post: Post, content: Content, told_too: list[Note]) -> None:
    if content.slug and untrashed(post.slug) != content.slug:
        told_too.append(told(notes.ADDRESS_TAKEN, content.slug))


def _keep_meta(db: Session, post: Post, fields: dict[str, Any]) -> None:
    kept = (pair for pair in fields["meta"] if pair[0] not in HANDLED and not pair[0].startswith(OWN_NOTES))
    db.add_all(PostMeta(post_id=post.id, name=name[:LONGEST_META], value=value) for name, value in kept)
    for slug in _metas(fields, OLD_SLUG):
        if slug and readable(slug) != post.slug:
            OldSlug.note(db, readable(slug), post.id)
    db.flush()


def _file(making: Making, post: Post, terms: list[list[str]], told_too: list[Note]) -> None:
    ids: set[int] = set()
    for taxonomy, slug, name in terms:
        if taxonomy in set(Taxonomy):
            ids.add(term_of(making, taxonomy, slug, name))
        elif taxonomy != MENU:
            told_too.append(told(notes.NO_TAXONOMY, taxonomy))
    if ids:
        # All taxonomies at once, since nobody else can file a post that is not committed yet.
        making.db.execute(insert(PostTerm), [{"post_id": post.id, "term_id": term_id} for term_id in sorted(ids)])
        index(making.db, post)


def _metas(fields: dict[str, Any], name: str) -> Iterable[str]:
    return (value for key, value in fields["meta"] if key == name)


def _meta(fields: dict[str, Any], name: str) -> str:
    return next(iter(_metas(fields, name)), "")
