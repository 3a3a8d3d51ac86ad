"""Posts with their comments, attachments, items of menus: what is an item for WordPress."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.posts.columns import Format, Kind, State
from apps.mywordpress.posts.history import OldSlug, PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Term
from apps.mywordpress.wxr.export.comments import comment
from apps.mywordpress.wxr.export.lines import element, filed, line, meta, plain_line
from apps.mywordpress.wxr.export.numbering import AT_ONCE, Exporting
from apps.mywordpress.wxr.making.attachments import ALT
from apps.mywordpress.wxr.making.menus import PREFIX
from apps.mywordpress.wxr.making.posts import MARKDOWN, OLD_SLUG, THUMBNAIL, TRASHED_FROM
from apps.mywordpress.wxr.parts import ATTACHMENT, MENU, MENU_ITEM
from apps.mywordpress.wxr.values import NEVER, gmt, local, marked, percented, php_list

OPEN = {True: "open", False: "closed"}


def posts(exporting: Exporting) -> Iterator[str]:
    """Posts and pages in the order of their numbers."""
    kinds = [exporting.only] if exporting.only in set(Kind) else list(Kind)
    query = select(Post).where(Post.kind.in_(kinds)).options(selectinload(Post.terms), selectinload(Post.parent))
    for some in _batches(exporting, query, Post.id):
        ids = [post.id for post in some]
        noted = _by_post(exporting, select(PostMeta).where(PostMeta.post_id.in_(ids)).order_by(PostMeta.id))
        moved = _by_post(exporting, select(OldSlug).where(OldSlug.post_id.in_(ids)).order_by(OldSlug.slug))
        said = _by_post(exporting, select(Comment).where(Comment.post_id.in_(ids)).order_by(Comment.id))
        for post in some:
            yield from element(
                "item",
                *_post(exporting, post),
                *_notes(exporting, post),
                *(meta(OLD_SLUG, percented(old.slug)) for old in moved.get(post.id, ())),
                *(meta(one.name, one.value) for one in noted.get(post.id, ())),
                *(text for one in said.get(post.id, ()) for text in comment(exporting, one)),
            )
        # What was written needs no memory any more.
        exporting.db.expunge_all()


def _batches(exporting: Exporting, query: Select[Any], key: InstrumentedAttribute[int]) -> Iterator[Sequence[Any]]:
    last = 0
    while some := exporting.db.scalars(query.where(key > last).order_by(key).limit(AT_ONCE)).all():
        last = some[-1].id
        yield some


def _by_post(exporting: Exporting, query: Select[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in exporting.db.scalars(query):
        found.setdefault(row.post_id, []).append(row)
    return found


def _post(exporting: Exporting, post: Post) -> Iterator[str]:
    html = post.body if post.format == Format.HTML else post.html
    is_page = post.kind == Kind.PAGE
    yield from _head(
        exporting,
        post.title,
        f"{exporting.base}{post.path or f'/?p={post.id}'}",
        exporting.names.get(post.author_id, ""),
        post.guid or f"{exporting.base}/?{'page_id' if is_page else 'p'}={post.id}",
        post.published_at,
    )
    yield line("content:encoded", exporting.with_whole_addresses(html))
    yield line("excerpt:encoded", post.excerpt)
    yield line("wp:post_id", post.id)
    yield from _dates(exporting, post.published_at or post.created_at, post.published_at, post.updated_at)
    yield line("wp:comment_status", OPEN[post.comments_open])
    yield line("wp:ping_status", OPEN[post.pings_open])
    yield from _place(percented(post.slug), post.status, post.parent_id or 0, post.position, post.kind, post.password)
    yield line("wp:is_sticky", post.sticky)
    for term in sorted(post.terms, key=lambda term: (term.taxonomy, term.id)):
        yield filed(term.taxonomy, percented(term.slug), marked(term.name))


def _head(
    exporting: Exporting, title: str, link: str, creator: str, guid: str, published_at: datetime | None
) -> Iterator[str]:
    yield line("title", marked(title))
    yield plain_line("link", link)
    yield plain_line("pubDate", format_datetime(published_at) if published_at else "")
    yield line("dc:creator", creator)
    yield plain_line("guid", guid, isPermaLink="false")
    yield plain_line("description", "")


def _dates(exporting: Exporting, at: datetime, dated_at: datetime | None, modified_at: datetime) -> Iterator[str]:
    yield line("wp:post_date", local(at, exporting.zone))
    yield line("wp:post_date_gmt", gmt(dated_at))
    yield line("wp:post_modified", local(modified_at, exporting.zone))
    yield line("wp:post_modified_gmt", gmt(modified_at))


def _place(name: str, status: str, parent: int, order: int, kind: str, password: str) -> Iterator[str]:
    yield line("wp:post_name", name)
    yield line("wp:status", status)
    yield line("wp:post_parent", parent)
    yield line("wp:menu_order", order)
    yield line("wp:post_type", kind)
    yield line("wp:post_password", password)


def _notes(exporting: Exporting, post: Post) -> Iterator[str]:
    """What WordPress keeps as notes, and we in columns."""
    if post.picture_id is not None:
        yield meta(THUMBNAIL, str(exporting.attachment(post.picture_id)))
    if post.state == State.TRASH:
        yield meta(TRASHED_FROM, post.trashed_from)
    if post.format == Format.MARKDOWN:
        yield meta(MARKDOWN, exporting.with_whole_addresses(post.body))


def attachments(exporting: Exporting) -> Iterator[str]:
    """The library in the order of its numbers."""
    for some in _batches(exporting, select(Attachment), Attachment.id):
        for one in some:
            yield from element("item", *_attachment(exporting, one))
        exporting.db.expunge_all()


def _attachment(exporting: Exporting, one: Attachment) -> Iterator[str]:
    number = exporting.attachment(one.id)
    url = f"{exporting.base}/media/{one.key}" if one.key else one.source_url
    link = f"{exporting.base}/?attachment_id={number}"
    yield from _head(exporting, one.title, link, exporting.names.get(one.user_id, ""), url, one.created_at)
    yield line("content:encoded", one.description or "")
    yield line("excerpt:encoded", one.caption or "")
    yield line("wp:post_id", number)
    yield from _dates(exporting, one.created_at, one.created_at, one.created_at)
    yield line("wp:comment_status", "closed")
    yield line("wp:ping_status", "closed")
    yield from _place(percented(one.slug or ""), "inherit", one.post_id or 0, 0, ATTACHMENT, "")
    yield line("wp:is_sticky", False)
    yield line("wp:attachment_url", url)
    if one.alt:
        yield meta(ALT, one.alt)


def menu_items(exporting: Exporting) -> Iterator[str]:
    """Items of menus, each of which is an item of its own here."""
    menus = {menu.id: menu for menu in exporting.db.scalars(select(Menu))}
    for item in exporting.db.scalars(select(MenuItem).order_by(MenuItem.id)).all():
        yield from element("item", *_menu_item(exporting, item, menus[item.menu_id]))


def _menu_item(exporting: Exporting, item: MenuItem, menu: Menu) -> Iterator[str]:
    number = exporting.menu_item(item.id)
    link = f"{exporting.base}/?p={number}"
    yield from _head(exporting, item.title, link, "", link, None)
    yield line("content:encoded", marked(item.description or ""))
    yield line("excerpt:encoded", marked(item.hint))
    yield line("wp:post_id", number)
    yield from (line(f"wp:post_{name}", NEVER) for name in ("date", "date_gmt", "modified", "modified_gmt"))
    yield line("wp:comment_status", "closed")
    yield line("wp:ping_status", "closed")
    yield from _place(str(number), "publish", 0, item.position, MENU_ITEM, "")
    yield line("wp:is_sticky", False)
    yield filed(MENU, percented(menu.slug), marked(menu.name))
    noted = _target(exporting, item) | {
        "type": item.target,
        "menu_item_parent": str(exporting.menu_item(item.parent_id) if item.parent_id else 0),
        "target": "_blank" if item.opens_window else "",
        "classes": php_list(item.classes.split() or [""]),
        "xfn": "",
        "url": item.url,
    }
    yield from (meta(f"{PREFIX}{name}", value) for name, value in noted.items())


def _target(exporting: Exporting, item: MenuItem) -> dict[str, str]:
    """What kind of thing an item leads to, and its number."""
    if item.post_id is not None:
        kind = exporting.db.scalar(select(Post.kind).where(Post.id == item.post_id))
        return {"object": kind or "", "object_id": str(item.post_id)}
    if item.term_id is not None:
        taxonomy = exporting.db.scalar(select(Term.taxonomy).where(Term.id == item.term_id))
        return {"object": taxonomy or "", "object_id": str(item.term_id)}
    return {"object": "custom", "object_id": str(exporting.menu_item(item.id))}
