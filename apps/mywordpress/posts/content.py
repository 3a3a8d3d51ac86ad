"""What a writer saves, and what a post that was written elsewhere brings along."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from apps.mywordpress.posts.columns import PUBLISHED, Format, Kind, State
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.posts.slugs import slug_of


@dataclass(frozen=True, slots=True)
class Content:
    """All that is saved in one go. An empty slug keeps the post's, or is made of the title of a new one."""

    title: str
    body: str
    excerpt: str = ""
    slug: str = ""
    format: Format = Format.MARKDOWN
    parent_id: int | None = None
    position: int = 0
    password: str = ""
    sticky: bool = False
    comments_open: bool = True
    pings_open: bool = True
    picture_id: int | None = None

    @classmethod
    def of(cls, title: str, body: str, excerpt: str = "", slug: str = "", **others: Any) -> "Content":
        """Content with cleaned text; the title is one line."""
        return cls(
            " ".join(clean_text(title).split()),
            clean_text(body),
            clean_text(excerpt).strip(),
            slug_of(slug) if slug.strip() else "",
            **others,
        )

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        """The names of its fields, which are those of a post's columns."""
        return frozenset(field.name for field in fields(cls))


@dataclass(frozen=True, slots=True)
class Origin:
    """What a post was when it was taken over: `status` in WordPress's words; without `post_id` it gets a new number.

    `published_at` is when readers saw it first, or when they shall; a draft that nobody ever saw has none.
    """

    kind: Kind
    status: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    guid: str = ""
    post_id: int | None = None
    # What a post in the trash was before.
    trashed_from: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns that it decides; raises UnknownStatus."""
        published = self.status == PUBLISHED
        state = State.DRAFT if published else State.of(self.status)
        return {
            "id": self.post_id,
            "kind": self.kind,
            "published": published,
            "state": state,
            "trashed_from": self.trashed_from or State.DRAFT if state == State.TRASH else "",
            "published_at": self._date(published or state in (State.PRIVATE, State.FUTURE)),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "guid": self.guid,
        }

    def _date(self, is_dated: bool) -> datetime | None:
        return self.published_at or (self.created_at if is_dated else None)
