"""What people see of an import: before it begins, while it goes on, and at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.languages import later
from apps.mywordpress.accounts.models import User
from apps.mywordpress.wxr.making.authors import user_for
from apps.mywordpress.wxr.models import Import, ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, read
from apps.mywordpress.wxr.parts import ATTACHMENT, AUTHOR, COMMENT, MENU, MENU_ITEM

NEW = "new"
NOTES_PER_PAGE = 100
NAMES = {
    AUTHOR: later("Authors"),
    "category": later("Categories"),
    "post_tag": later("Tags"),
    "post_format": later("Formats of posts"),
    MENU: later("Menus"),
    ATTACHMENT: later("Attachments"),
    "post": later("Posts"),
    "page": later("Pages"),
    MENU_ITEM: later("Items of menus"),
    COMMENT: later("Comments"),
}

ONE_OF = {
    AUTHOR: later("Author"),
    "category": later("Category"),
    "post_tag": later("Tag"),
    "post_format": later("Format"),
    MENU: later("Menu"),
    ATTACHMENT: later("Attachment"),
    "post": later("Post"),
    "page": later("Page"),
    MENU_ITEM: later("Menu item"),
    COMMENT: later("Comment"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A type and how many parts of it have which outcome; a type that WordPress itself does not have has no name."""

    kind: str
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, outcome: str) -> int:
        """How many have it."""
        return self.counts.get(outcome, 0)


def lines(db: Session, importing: Import) -> list[Line]:
    """The types of an import."""
    return [Line(kind, NAMES.get(kind, ""), counts) for kind, counts in importing.counts(db).items()]


@dataclass
class Look:
    """What an import would do."""

    db: Session
    importing: Import
    may_fetch: bool

    @cached_property
    def lines(self) -> list[Line]:
        return lines(self.db, self.importing)

    @cached_property
    def authors(self) -> list[tuple[ImportPart, int | None]]:
        """The authors of the file, each with the user who seems to be the same."""
        return [(part, self._match(part)) for part in self.importing.of_kind(self.db, AUTHOR)]

    def _match(self, part: ImportPart) -> int | None:
        user = user_for(self.db, part.source, part.fields["email"])
        return user.id if user else None

    @cached_property
    def users(self) -> Sequence[User]:
        """Who may be one of them."""
        listed = list(User.everybody(self.db))
        matched = {user_id for _, user_id in self.authors if user_id} - {user.id for user in listed}
        return [*listed, *self.db.scalars(select(User).where(User.id.in_(matched)))]

    @property
    def skipped(self) -> list[Line]:
        """The types of which something has no place here."""
        return [line for line in self.lines if line.of(Outcome.SKIPPED)]

    @property
    def files(self) -> int:
        """How many files the attachments have."""
        return sum(line.of(Outcome.WAITING) for line in self.lines if line.kind == ATTACHMENT)


@dataclass
class Report:
    """How far an import is, and what there is to tell, from behind the part `after`."""

    db: Session
    importing: Import
    after: int

    @cached_property
    def lines(self) -> list[Line]:
        return lines(self.db, self.importing)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def done(self) -> int:
        return self.total - sum(line.of(Outcome.WAITING) for line in self.lines)

    @cached_property
    def _found(self) -> Sequence[ImportPart]:
        return self.importing.noted(self.db, self.after, NOTES_PER_PAGE + 1)

    @property
    def noted(self) -> list[tuple[ImportPart, list[Note]]]:
        """Parts and what there is to tell of each."""
        return [(part, read(part.note)) for part in self._found[:NOTES_PER_PAGE]]

    @property
    def next(self) -> int | None:
        """The part behind which the next page begins."""
        return self._found[NOTES_PER_PAGE - 1].id if len(self._found) > NOTES_PER_PAGE else None

    def progress(self) -> dict[str, Any]:
        """For programs and the page's script."""
        return {
            "id": self.importing.id,
            "done": self.done,
            "total": self.total,
            "finished": self.importing.finished_at is not None,
            "counts": {line.kind: line.counts for line in self.lines},
        }
