"""Something to read in an empty development database: essays and drawings of our own, and an author to try."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.chassis.storage import Storage
from apps.mywordpress.accounts.models import Role, User
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Picture, Upload
from apps.mywordpress.posts.models import Content, Post

HERE = Path(__file__).parent
DEMO_EMAIL = "author@mywordpress.test"
DEMO_PASSWORD = "demo-words-2026"  # noqa: S105
DEMO_NAME = "June Hartley"


@dataclass(frozen=True, slots=True)
class Essay:
    """A text of ours and the drawing that goes with it."""

    head: dict[str, str]
    text: str

    @classmethod
    def read(cls, path: Path) -> "Essay":
        head, _, text = path.read_text("utf-8").partition("\n\n")
        return cls(dict(line.split(": ", 1) for line in head.splitlines()), text)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on one of them."""

    slug: str
    name: str
    email: str
    text: str
    approved: bool = True


REMARKS = (
    Remark(
        "the-hour-that-happens-twice",
        "Ines",
        "ines@example.com",
        "My grandmother kept two clocks in the kitchen and called them God's time and the government's time.\n\n"
        "She was late by both.",
    ),
    Remark(
        "the-hour-that-happens-twice",
        "T. Okafor",
        "okafor@example.com",
        "For promises the place matters as much as the hour. The list of zones is worth an evening's reading:"
        " https://www.iana.org/time-zones",
    ),
    Remark("the-hour-that-happens-twice", "Robin", "robin@example.com", "Does the verger get paid for it?", False),
    Remark(
        "a-visible-mend",
        "Mattias",
        "mattias@example.com",
        "Soap for drawing the grid! I have been cursing chalk for years.",
    ),
    Remark(
        "cattle-pets-and-the-hedge-between",
        "Wren",
        "wren@example.com",
        "We failed the first question last week. It was the certificates.",
    ),
)


def seed(db: Session, storage: Storage) -> None:
    """Fill a database without users; any other is left as it is. The worker makes the renditions."""
    if db.scalar(select(User.id).limit(1)) is not None:
        return
    author = User.add(
        db, email=DEMO_EMAIL, name=DEMO_NAME, password_hash=passwords.hash(DEMO_PASSWORD), role=Role.AUTHOR
    )
    posts = {post.slug: post for post in _posts(db, storage, author)}
    for number, remark in enumerate(REMARKS, start=1):
        post = posts[remark.slug]
        comment = Comment.leave(db, post, name=remark.name, email=remark.email, text=remark.text, user=None)
        assert post.published_at is not None
        comment.approved, comment.created_at = remark.approved, post.published_at + timedelta(hours=7 * number)
    db.flush()


def _posts(db: Session, storage: Storage, author: User) -> Iterator[Post]:
    essays = (Essay.read(path) for path in (HERE / "posts").glob("*.md"))
    for essay in sorted(essays, key=lambda essay: essay.head["date"]):
        yield _published(db, storage, author, essay)


def _published(db: Session, storage: Storage, author: User, essay: Essay) -> Post:
    head = essay.head
    with (HERE / "pictures" / head["picture"]).open("rb") as file:
        picture = Picture.add(db, author, Upload.store(storage, file, head["picture"]), head["alt"])
    body = f'![{head["alt"]}](/media/{picture.key} "{head["caption"]}")\n\n{essay.text}'
    post = Post.draft(db, author, Content.of(head["title"], body, head["excerpt"]))
    post.publish(db)
    post.published_at = post.created_at = post.updated_at = datetime.fromisoformat(head["date"])
    return post
