"""Posts: written, saved, shown, found again. A body's HTML is made when it is saved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, selectinload

from apps.chassis.columns import now
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.models import Base
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.addresses import SlugTaken as SlugTaken
from apps.mywordpress.posts.columns import Format, Kind, State
from apps.mywordpress.posts.content import Content as Content
from apps.mywordpress.posts.content import Origin
from apps.mywordpress.posts.filed import Filed
from apps.mywordpress.posts.history import Autosave, Revision
from apps.mywordpress.posts.markup import Library, render_body
from apps.mywordpress.posts.parts import pages_of, teaser_of
from apps.mywordpress.posts.permissions import Permissions
from apps.mywordpress.posts.rendering import picture_keys
from apps.mywordpress.posts.slugs import slug_of, trashed
from apps.mywordpress.posts.states import InTrash, States
from apps.mywordpress.posts.words import index

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption


class EditConflict(Exception):
    """Somebody else saved this post since it was opened; `current` is what is stored now."""

    def __init__(self, current: "Post") -> None:
        super().__init__(f"version {current.version} is stored")
        self.current = current


class IdTaken(Exception):
    """Another post has this number."""


class Post(Permissions, States, Filed):
    """Something written. It has an address of its own from its first publication on, and keeps that.

    `permissions` tells who may do what, `states` how it is published, trashed and restored, `addresses` where it
    stands, `filed` its terms; here is how it is written.
    """

    __tablename__ = "posts"

    @classmethod
    def draft(cls, db: Session, author: User, content: Content, kind: Kind = Kind.POST) -> "Post":
        """Store a new draft, under the first free address made of its slug or title."""
        moment = now()
        return cls.adopt(db, author, content, Origin(kind, State.DRAFT, created_at=moment, updated_at=moment))

    @classmethod
    def adopt(cls, db: Session, author: User, content: Content, origin: Origin) -> "Post":
        """Store a post with the past that it has: its number, dates and status are taken as given.

        Its address is the first free one made of its slug. Raises IdTaken, ImpossibleParent or UnknownStatus.
        """
        if origin.post_id is not None and db.scalar(select(cls.id).where(cls.id == origin.post_id)) is not None:
            raise IdTaken(origin.post_id)
        post = cls(author_id=author.id, version=1, **origin.columns())
        shown = post._take_in(db, content)
        slug = content.slug or slug_of(content.title)
        post.store_under_free_slug(db, trashed(slug) if post.state == State.TRASH else slug)
        post._note_pictures(db, shown)
        Revision.note(db, post, author.id)
        index(db, post)
        return post

    def revise(self, db: Session, content: Content, version: int, by: User) -> None:
        """Replace the content if `version` is still the stored one; raises EditConflict and changes nothing if not.

        All of the content counts: `replace(post.content, title="x")` changes one thing. What `by` had autosaved is
        done with. Raises InTrash, ImpossibleParent, or SlugTaken if the address belongs to another post.
        """
        claimed = update(Post).where(Post.id == self.id, Post.version == version, Post.state != State.TRASH)
        # The row is locked from here to the commit, so whoever saves at the same time waits and then finds version + 1.
        if db.execute(claimed.values(version=version + 1)).rowcount != 1:  # type: ignore[attr-defined]
            raise self._refusal(db)
        db.refresh(self, with_for_update=True)
        Revision.begin(db, self, version)
        shown = self._take_in(db, content)
        self.updated_at = now()
        self.store_under_slug(db, content.slug or self.slug)
        self._note_pictures(db, shown)
        Revision.note(db, self, by.id)
        index(db, self)
        Autosave.discard(db, self.id, by.id)

    def hand_over(self, db: Session, author: User) -> None:
        """Let it be somebody else's from now on."""
        self.author = author
        db.flush()

    def delete(self, db: Session) -> None:
        """Delete it with its comments and its past; pages below it move up, and its files belong to no post.

        Raises PostGone if somebody else was faster.
        """
        self.hold(db)
        Options.let_page_go(db, self.id)
        db.execute(update(Attachment).where(Attachment.post_id == self.id).values(post_id=None))
        db.execute(update(Post).where(Post.parent_id == self.id).values(parent_id=self.parent_id))
        db.delete(self)
        db.flush()

    def render_again(self, db: Session) -> bool:
        """Bring the HTML up to what is known of its pictures now; answers False if an author saved meanwhile."""
        shown = Library.of(db, self.body, self.id)
        html = render_body(self.body, self.format, shown).html
        unchanged = update(Post).where(Post.id == self.id, Post.version == self.version)
        if db.execute(unchanged.values(html=html)).rowcount != 1:  # type: ignore[attr-defined]
            return False
        self._note_pictures(db, shown)
        return True

    def current(self, db: Session) -> "Post":
        """This post as it is stored now, whatever this transaction read before."""
        query = select(Post).where(Post.id == self.id).with_for_update()
        return db.scalars(query, execution_options={"populate_existing": True}).one()

    @property
    def content(self) -> Content:
        """What a writer would save to change nothing."""
        return Content(
            **{name: getattr(self, name) for name in Content.names() if name != "format"}, format=Format(self.format)
        )

    @property
    def parts(self) -> list[str]:
        """The HTML of each part of a post that its author has divided; mostly there is one."""
        return pages_of(self.html)

    @property
    def teaser(self) -> str:
        """The HTML that lists show instead of all of it; empty unless the author said how far that goes."""
        return teaser_of(self.html)

    @classmethod
    def with_cover(cls) -> "tuple[ExecutableOption, ...]":
        """What a list has to load along with its posts: authors, and pictures in all their sizes."""
        pictures = cls.picture, cls.first_picture
        return selectinload(cls.author), *(selectinload(one).selectinload(Attachment.renditions) for one in pictures)

    @classmethod
    def rendered_without_renditions(cls, db: Session, *, limit: int, picture_id: int | None = None) -> Sequence["Post"]:
        """Posts whose HTML was made before one of their pictures had its renditions."""
        late = PostPicture.complete.is_(False), Attachment.renditions_made_at.is_not(None)
        found = select(PostPicture.post_id).join(Attachment, Attachment.id == PostPicture.picture_id).where(*late)
        if picture_id is not None:
            found = found.where(Attachment.id == picture_id)
        return db.scalars(select(cls).where(cls.id.in_(found)).order_by(cls.id).limit(limit)).all()

    def _refusal(self, db: Session) -> Exception:
        current = self.current(db)
        return InTrash(current.id) if current.state == State.TRASH else EditConflict(current)

    def _take_in(self, db: Session, content: Content) -> Library:
        shown = Library.of(db, content.body, self.id)
        rendered = render_body(content.body, content.format, shown)
        for name in Content.names() - {"slug", "parent_id"}:
            setattr(self, name, getattr(content, name))
        if content.parent_id != self.parent_id:
            self.stand_below(db, content.parent_id)
        self.html, self.minutes = rendered.html, rendered.minutes
        self.summary = " ".join(content.excerpt.split()) or rendered.summary
        known = (shown.by_key.get(key) for key in picture_keys(content.body))
        self.first_picture_id = next((picture.id for picture in known if picture and picture.is_picture), None)
        return shown

    def _note_pictures(self, db: Session, shown: Library) -> None:
        db.execute(delete(PostPicture).where(PostPicture.post_id == self.id))
        rows = (PostPicture(self.id, picture.id, picture.renditions_made_at is not None) for picture in shown.pictures)
        db.add_all({row.picture_id: row for row in rows}.values())
        db.flush()


class PostPicture(Base):
    """A picture that a post shows, and whether the post's HTML already knows the picture's renditions."""

    __tablename__ = "post_pictures"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), primary_key=True, index=True)
    complete: Mapped[bool]

    def __init__(self, post_id: int, picture_id: int, complete: bool) -> None:
        super().__init__(post_id=post_id, picture_id=picture_id, complete=complete)
