"""An export taken apart: what is to become a row of ours, in which stage, and what has no place here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from apps.mywordpress.posts.columns import PUBLISHED, State
from apps.mywordpress.terms.models import Taxonomy
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.notes import Note, told
from apps.mywordpress.wxr.reader import Element
from apps.mywordpress.wxr.values import plain, readable, whole

LONGEST_SOURCE = 250
LONGEST_TITLE = 200
# What is no thing of the file, but its place among others.
PLACE = "_place"
MENU = "nav_menu"
MENU_ITEM = "nav_menu_item"
ATTACHMENT = "attachment"
AUTHOR = "author"
COMMENT = "comment"
POSTS = ("post", "page")
STATUSES = frozenset({PUBLISHED, *State})
SITE = {
    "title": "title",
    "link": "link",
    "description": "tagline",
    "language": "language",
    "wp:base_site_url": "base_site_url",
    "wp:base_blog_url": "base_blog_url",
}


class Stage(IntEnum):
    """What is made when; everything only leads to what has been made in a lower one."""

    AUTHORS = 1
    TERMS = 2
    TERM_PARENTS = 3
    ATTACHMENTS = 4
    POSTS = 5
    PLACES = 6
    GALLERIES = 7
    MENU_ITEMS = 8
    MENU_PARENTS = 9
    COMMENTS = 10
    REPLIES = 11


@dataclass(frozen=True, slots=True)
class Draft:
    """A part that is not stored yet; with `reason` it is skipped."""

    stage: Stage
    kind: str
    source: str
    title: str
    content: dict[str, Any] = field(default_factory=dict)
    reason: Note | None = None

    def columns(self) -> dict[str, Any]:
        """Its row."""
        return {
            "stage": self.stage,
            "kind": self.kind[:20],
            "source": self.source[:LONGEST_SOURCE],
            "title": self.title[:LONGEST_TITLE],
            "content": "{}" if self.reason else json.dumps(self.content, ensure_ascii=False),
            "outcome": "skipped" if self.reason else "waiting",
            "note": notes.written([self.reason] if self.reason else []),
        }


def drafts(element: Element) -> Iterator[Draft]:
    """The parts that an element of the channel comes to."""
    if element.name in TAKEN:
        yield from TAKEN[element.name](element)


def _author(element: Element) -> Iterator[Draft]:
    login = element.get("wp:author_login")
    yield Draft(
        Stage.AUTHORS,
        AUTHOR,
        login,
        plain(element.get("wp:author_display_name"))[0] or login,
        {
            "id": element.get("wp:author_id"),
            "email": element.get("wp:author_email").strip(),
            "first_name": plain(element.get("wp:author_first_name"))[0],
            "last_name": plain(element.get("wp:author_last_name"))[0],
        },
    )


def _category(element: Element) -> Iterator[Draft]:
    slug, parent = element.get("wp:category_nicename"), element.get("wp:category_parent")
    name, description = element.get("wp:cat_name"), element.get("wp:category_description")
    yield from _term(element, Taxonomy.CATEGORY, slug, name, description, parent)


def _tag(element: Element) -> Iterator[Draft]:
    name, description = element.get("wp:tag_name"), element.get("wp:tag_description")
    yield from _term(element, Taxonomy.TAG, element.get("wp:tag_slug"), name, description, "")


def _any_term(element: Element) -> Iterator[Draft]:
    taxonomy, slug, parent = (element.get(f"wp:term_{name}") for name in ("taxonomy", "slug", "parent"))
    yield from _term(element, taxonomy, slug, element.get("wp:term_name"), element.get("wp:term_description"), parent)


def _term(element: Element, taxonomy: str, slug: str, name: str, description: str, parent: str) -> Iterator[Draft]:
    source, slug, title = element.get("wp:term_id").strip(), readable(slug), plain(name)[0]
    if taxonomy not in (*Taxonomy, MENU):
        yield Draft(Stage.TERMS, taxonomy, source, title, reason=told(notes.NO_TAXONOMY, taxonomy))
        return
    meta = [one.get("wp:meta_key") for one in element.all("wp:termmeta")]
    content = {"slug": slug, "name": title or slug, "description": description, "meta": meta}
    yield Draft(Stage.TERMS, taxonomy, source, title, content)
    if parent and taxonomy == Taxonomy.CATEGORY:
        yield Draft(Stage.TERM_PARENTS, PLACE, source, title, {"slug": slug, "parent": readable(parent)})


def _item(element: Element) -> Iterator[Draft]:
    kind, source = element.get("wp:post_type"), element.get("wp:post_id").strip()
    title, reason = plain(element.get("title"))[0], _refusal(element, kind)
    yield Draft(STAGES.get(kind, Stage.POSTS), kind, source, title, _content(element), reason)
    yield from _comments(element, source, title, is_taken=reason is None and kind in POSTS)
    if reason is None:
        yield from _place(element, kind, source, title)


def _refusal(element: Element, kind: str) -> Note | None:
    status = element.get("wp:status")
    if kind not in STAGES:
        return told(notes.NO_PLACE, kind)
    if not element.get("wp:post_id").strip():
        return told(notes.NO_ID)
    return told(notes.NO_STATUS, status) if kind in POSTS and status not in STATUSES else None


def _content(element: Element) -> dict[str, Any]:
    return {
        **{name: element.get(tag) for name, tag in FIELDS.items()},
        "terms": [
            [one.attributes.get("domain", ""), readable(one.attributes.get("nicename", "")), plain(one.text)[0]]
            for one in element.all("category")
            if one.attributes.get("nicename")
        ],
        "meta": [[one.get("wp:meta_key"), one.get("wp:meta_value")] for one in element.all("wp:postmeta")],
    }


def _place(element: Element, kind: str, source: str, title: str) -> Iterator[Draft]:
    """What can be said of an item only when all others are there."""
    parent, gallery = whole(element.get("wp:post_parent")), "[gallery" in element.get("content:encoded")
    if kind == MENU_ITEM:
        above = next((m.get("wp:meta_value") for m in element.all("wp:postmeta") if m.get("wp:meta_key") == ABOVE), "")
        menus = [readable(c.attributes.get("nicename", "")) for c in element.all("category")]
        if whole(above) > 0:
            yield Draft(Stage.MENU_PARENTS, PLACE, source, title, {"parent": str(whole(above)), "menus": menus})
    elif parent > 0:
        yield Draft(Stage.PLACES, PLACE, source, title, {"of": kind, "parent": str(parent)})
    if gallery:
        yield Draft(Stage.GALLERIES, PLACE, source, title)


def _comments(element: Element, post: str, title: str, *, is_taken: bool) -> Iterator[Draft]:
    for comment in element.all("wp:comment"):
        source = comment.get("wp:comment_id").strip()
        content = {name: comment.get(f"wp:comment_{name}") for name in COMMENT_FIELDS} | {"post": post}
        reason = None if is_taken else told(notes.NO_POST)
        yield Draft(Stage.COMMENTS, COMMENT, source, f"{plain(content['author'])[0]}: {title}", content, reason)
        if is_taken and whole(content["parent"]) > 0:
            yield Draft(Stage.REPLIES, PLACE, source, title, {"parent": content["parent"].strip()})


ABOVE = "_menu_item_menu_item_parent"
STAGES = {
    "post": Stage.POSTS,
    "page": Stage.POSTS,
    ATTACHMENT: Stage.ATTACHMENTS,
    MENU_ITEM: Stage.MENU_ITEMS,
}
FIELDS = {
    "title": "title",
    "creator": "dc:creator",
    "guid": "guid",
    "body": "content:encoded",
    "excerpt": "excerpt:encoded",
    "date": "wp:post_date",
    "date_gmt": "wp:post_date_gmt",
    "modified": "wp:post_modified",
    "modified_gmt": "wp:post_modified_gmt",
    "comment_status": "wp:comment_status",
    "ping_status": "wp:ping_status",
    "slug": "wp:post_name",
    "status": "wp:status",
    "order": "wp:menu_order",
    "password": "wp:post_password",
    "sticky": "wp:is_sticky",
    "url": "wp:attachment_url",
}
COMMENT_FIELDS = (
    *("author", "author_email", "author_url", "author_IP", "date", "date_gmt", "content", "approved", "type"),
    *("parent", "user_id"),
)
TAKEN = {
    "wp:author": _author,
    "wp:category": _category,
    "wp:tag": _tag,
    "wp:term": _any_term,
    "item": _item,
}
