"""Attachments: entries of the library, with their file if it was fetched."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.jobs import enqueue
from apps.mywordpress.media.models import LONGEST_ALT, LONGEST_NAME, Attachment
from apps.mywordpress.posts.rendering import OWN_PICTURE
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Fetched, Made, Making, cut, known, skipped
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, told
from apps.mywordpress.wxr.values import moment, readable

LONGEST_TITLE = 500
LONGEST_SLUG = 200
LONGEST_TEXT = 10_000
LONGEST_URL = 1000
ALT = "_wp_attachment_image_alt"
# What WordPress finds out by itself about a file.
OWN_NOTES = ("_wp_attached_file", "_wp_attachment_metadata", "_edit_last", "_edit_lock", ALT)


def present(db: Session, url: str, slug: str) -> Attachment | None:
    """The entry for the file at this address, if there is one."""
    key = OWN_PICTURE.search(url)
    if key is not None:
        own = db.scalar(select(Attachment).where(Attachment.key == key[1]).limit(1))
        if own is not None:
            return own
    beside = db.scalar(select(Attachment).where(Attachment.slug == slug)) if slug else None
    # Only if another file has that address here need all be looked through.
    if beside is None or beside.source_url == url:
        return beside if beside is not None else None
    return db.scalar(select(Attachment).where(Attachment.source_url == url).limit(1))


def name_in(url: str) -> str:
    """How the file at this address is called there."""
    return unquote(PurePosixPath(urlsplit(url).path).name)[-LONGEST_NAME:]


def make_attachment(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The entry; one that is here without its file gets that, if it was fetched."""
    url, slug = fields["url"].strip(), readable(fields["slug"])[:LONGEST_SLUG]
    if not url or len(url) > LONGEST_URL:
        return skipped(told(notes.NO_FILE_ADDRESS))
    told_too: list[Note] = []
    file = making.fetched.get(part.id, Fetched(reason=told(notes.NOT_FETCHED)))
    entry = present(making.db, url, slug)
    if entry is not None:
        if not entry.key:
            _give_file(entry, file)
            _have_renditions_made(entry)
        return known(entry.id)
    if file.reason is not None:
        told_too.append(file.reason)
    entry = _entry(making, part, fields, told_too)
    entry.slug = _free_slug(making.db, slug, told_too)
    _give_file(entry, file)
    making.db.add(entry)
    making.db.flush()
    _have_renditions_made(entry)
    return Made(Outcome.MADE, entry.id, told_too)


def _entry(making: Making, part: ImportPart, fields: dict[str, Any], told_too: list[Note]) -> Attachment:
    url, created = fields["url"].strip(), moment(fields["date_gmt"], fields["date"], making.zone) or now()
    told_too += [told(notes.META_LOST, name) for name, _ in fields["meta"] if name not in OWN_NOTES]
    alt = next((value for name, value in fields["meta"] if name == ALT), "")
    return Attachment(
        id=making.free_id(Attachment, part.source, told_too),
        user_id=making.author(fields["creator"], told_too),
        key="",
        title=cut(part.title, LONGEST_TITLE, "title", told_too),
        caption=cut(fields["excerpt"], LONGEST_TEXT, "caption", told_too) or None,
        description=cut(fields["body"], LONGEST_TEXT, "description", told_too) or None,
        source_url=url,
        name=name_in(url) or "file",
        alt=cut(alt, LONGEST_ALT, "alternative text", told_too),
        width=0,
        height=0,
        size=0,
        animated=False,
        # Nothing can be made smaller that is not there.
        renditions_made_at=created,
        created_at=created,
    )


def _give_file(entry: Attachment, file: Fetched) -> None:
    if file.upload is None:
        return
    entry.hold(file.upload)
    if file.is_ours:
        entry.source_url = ""


def _have_renditions_made(entry: Attachment) -> None:
    if entry.renditions_made_at is None:
        enqueue("make_renditions", picture_id=entry.id)


def _free_slug(db: Session, slug: str, told_too: list[Note]) -> str | None:
    if not slug:
        return None
    tried = [slug, *(f"{slug[: LONGEST_SLUG - 7]}-{number}" for number in range(2, 100))]
    taken = set(db.scalars(select(Attachment.slug).where(Attachment.slug.in_(tried))))
    free = next((one for one in tried if one not in taken), None)
    if free != slug:
        told_too.append(told(notes.ADDRESS_TAKEN, slug))
    return free
