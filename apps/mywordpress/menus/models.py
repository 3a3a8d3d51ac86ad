"""Menus and their items: made, filled, put in order."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import count, islice

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from apps.chassis.columns import exact
from apps.chassis.slugs import slug_of
from apps.mywordpress.menus.trees import Tree, Where
from apps.mywordpress.models import Base
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.addresses import SLUG_ATTEMPTS, SlugTaken
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Term

LONGEST_NAME = 200
LONGEST_TITLE = 500
LONGEST_URL = 1000
MOST_ITEMS = 200


class Target(StrEnum):
    """What an item of a menu leads to."""

    POST = "post_type"
    TERM = "taxonomy"
    ADDRESS = "custom"


class MenuFull(Exception):
    """A menu has at most MOST_ITEMS."""


class Menu(Base):
    """A list of links with a name."""

    __tablename__ = "menus"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    slug: Mapped[str] = mapped_column(exact(200), unique=True)

    @classmethod
    def make(cls, db: Session, name: str) -> "Menu":
        """A new menu without items, of which readers see nothing yet; raises SlugTaken if others are always faster."""
        wished = slug_of(name, 190) or "menu"
        taken = set(db.scalars(select(cls.slug).where(cls.slug.startswith(wished, autoescape=True))))
        tried = (wished if number == 1 else f"{wished}-{number}" for number in count(1))
        for slug in islice((one for one in tried if one not in taken), SLUG_ATTEMPTS):
            menu = cls(name=name, slug=slug)
            try:
                with db.begin_nested():
                    db.add(menu)
            except IntegrityError:
                # Somebody has made one of this name a moment ago, or the same form was sent twice.
                continue
            return menu
        raise SlugTaken(wished)

    def delete(self, db: Session) -> None:
        """Delete it with all its items; if readers saw it, they see none from now on."""
        if Options.read(db).primary_menu_id == self.id:
            Options.decide(db, primary_menu_id=None)
        db.delete(self)
        db.flush()

    def tree(self, db: Session) -> Tree:
        """Its items, each below its parent."""
        items = select(MenuItem).where(MenuItem.menu_id == self.id).order_by(MenuItem.position, MenuItem.id)
        return Tree(db.scalars(items).all())

    def append(self, db: Session, items: "Iterable[MenuItem]") -> None:
        """Put these behind all others; raises MenuFull and adds none."""
        self._hold(db)
        added = list(items)
        mine = MenuItem.menu_id == self.id
        present, last = db.execute(select(func.count(), func.max(MenuItem.position)).where(mine)).one()
        if present + len(added) > MOST_ITEMS:
            raise MenuFull(self.id)
        for position, item in enumerate(added, start=(last or 0) + 1):
            item.menu_id, item.position = self.id, position
        db.add_all(added)
        db.flush()

    def place(self, db: Session, item_id: int, where: Where, other_id: int) -> None:
        """Put an item, with what is below it, beside or below another; raises ImpossiblePlace and moves none."""
        self._hold(db)
        tree = self.tree(db)
        tree.place(item_id, where, other_id)
        self._settle(db, tree)

    def remove(self, db: Session, item_id: int) -> None:
        """Take an item out; what is below it takes its place. Nothing happens if it is gone already."""
        self._hold(db)
        tree = self.tree(db)
        item = tree.take_out(item_id)
        if item is not None:
            self._settle(db, tree)
            db.flush()
            db.delete(item)
            db.flush()

    def _hold(self, db: Session) -> None:
        # Two who order one menu at once would else make an order that neither of them saw.
        db.refresh(self, with_for_update=True)

    def _settle(self, db: Session, tree: Tree) -> None:
        for position, (item, parent) in enumerate(tree.walk(), start=1):
            item.position, item.parent_id = position, parent.id if parent else None
        db.flush()


class MenuItem(Base):
    """A link in a menu, below its parent if it has one; the title is that of its post or term where it has none."""

    __tablename__ = "menu_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    menu_id: Mapped[int] = mapped_column(ForeignKey("menus.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("menu_items.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    # What a browser shows of the link beside its title.
    hint: Mapped[str] = mapped_column(String(500))
    target: Mapped[str] = mapped_column(exact(20))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    classes: Mapped[str] = mapped_column(String(200))
    # Some of WordPress's themes show it below the title; it is kept for those who take a journal back there.
    description: Mapped[str | None] = mapped_column(Text)
    opens_window: Mapped[bool]

    post: Mapped[Post | None] = relationship(Post, viewonly=True)
    term: Mapped[Term | None] = relationship(Term, viewonly=True)

    @classmethod
    def to_post(cls, post_id: int) -> "MenuItem":
        """A link to a post or page, by whatever title that has."""
        return cls._made(Target.POST, post_id=post_id)

    @classmethod
    def to_term(cls, term_id: int) -> "MenuItem":
        """A link to the posts of a category or tag."""
        return cls._made(Target.TERM, term_id=term_id)

    @classmethod
    def to_address(cls, url: str, title: str) -> "MenuItem":
        """A link to anywhere, which has been looked at."""
        return cls._made(Target.ADDRESS, url=url, title=title)

    @classmethod
    def _made(cls, target: Target, **known: object) -> "MenuItem":
        plain = {"title": "", "hint": "", "url": "", "classes": "", "opens_window": False}
        return cls(target=target, **plain | known)

    @property
    def name(self) -> str:
        """What the link says; empty for what leads to something without a title."""
        return self.title or (self.post.title if self.post else self.term.name if self.term else "")

    @property
    def is_shown(self) -> bool:
        """Whether readers may see it: what leads to an unpublished post is left out."""
        return self.target != Target.POST or (self.post is not None and self.post.published)
