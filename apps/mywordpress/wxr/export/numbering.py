"""The numbers of an export. WordPress keeps posts, attachments and items of menus in one table, and we do not."""

import re
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.models import Base
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import OWN_PICTURE
from apps.mywordpress.terms.models import Term

AT_ONCE = 100
# Not where it stands within another site's address.
OWN_FILE = re.compile(rf"(?<![\w./:%-]){OWN_PICTURE.pattern}", re.ASCII)


@dataclass
class Exporting:
    """One export. Where numbers of two of our tables meet, all of the second table are moved by the same amount.

    A site that takes the export over and keeps the numbers moves none of them any more.
    """

    db: Session
    base: str
    options: Options
    only: str

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.options.timezone)

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of all users in addresses."""
        return {user.id: user.nicename for user in self.db.scalars(select(User))}

    def attachment(self, number: int) -> int:
        """The number of an attachment in the export."""
        return number + self._of_attachments

    def menu_item(self, number: int) -> int:
        """The number of an item of a menu."""
        return number + self._of_menu_items

    def menu(self, number: int) -> int:
        """The number of a menu, which is a term for WordPress."""
        return number + self._of_menus

    @cached_property
    def _of_attachments(self) -> int:
        return self._largest(Post) if self._meet(Attachment, Post) else 0

    @cached_property
    def _of_menu_items(self) -> int:
        meets = self._meet(MenuItem, Post) or self._meets_attachments()
        return max(self._largest(Post), self._largest(Attachment) + self._of_attachments) if meets else 0

    @cached_property
    def _of_menus(self) -> int:
        return self._largest(Term) if self._meet(Menu, Term) else 0

    def _meets_attachments(self) -> bool:
        moved = select(Attachment.id).where(Attachment.id + self._of_attachments == MenuItem.id)
        return bool(self.db.scalar(select(exists(select(MenuItem.id).where(moved.exists())))))

    def _meet(self, one: type[Base], other: type[Base]) -> bool:
        both = select(one.id).where(select(other.id).where(other.id == one.id).exists())  # type: ignore[attr-defined]
        return bool(self.db.scalar(select(exists(both))))

    def _largest(self, kind: type[Base]) -> int:
        return int(self.db.scalar(select(func.max(kind.id))) or 0)  # type: ignore[attr-defined]

    def with_whole_addresses(self, body: str) -> str:
        """A body whose own files are found from elsewhere, too."""
        return OWN_FILE.sub(lambda found: f"{self.base}/media/{found[1]}", body)
