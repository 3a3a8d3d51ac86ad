"""Something to read in an empty development database: essays and drawings of our own, and an author to try."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.chassis.storage import Storage
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.media.models import Attachment, Upload
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.seed.remarks import REMARKS
from apps.mywordpress.terms.models import Taxonomy, Term

HERE = Path(__file__).parent
DEMO_EMAIL = "author@mywordpress.test"
DEMO_PASSWORD = "demo-words-2026"  # noqa: S105
DEMO_NAME = "June Hartley"
BIOGRAPHY = (
    "June Hartley repairs clocks, sleeves and, on working days, distributed systems. She lives in a village that has no"
    " time at all for one hour of the year."
)
OTHER_EMAIL, OTHER_NAME, OTHER_SLUG = "haein@mywordpress.test", "윤해인", "haein"
OTHER_BIOGRAPHY = "서울에서 글을 쓰고 손으로 옮겨 적습니다. 시계보다 종소리를, 자판보다 연필을 좋아합니다."


@dataclass(frozen=True, slots=True)
class Essay:
    """A text of ours, and what is known of it: its date, its drawing, by what it is found."""

    head: dict[str, str]
    text: str

    @classmethod
    def all(cls, folder: str) -> "list[Essay]":
        """Those of a folder, the oldest first."""
        return sorted(map(cls.read, (HERE / folder).glob("*.md")), key=lambda essay: essay.head["date"])

    @classmethod
    def read(cls, path: Path) -> "Essay":
        head, _, text = path.read_text("utf-8").partition("\n\n")
        return cls(dict(line.split(": ", 1) for line in head.splitlines()), text)

    @property
    def date(self) -> datetime:
        return datetime.fromisoformat(self.head["date"])

    def listed(self, name: str) -> list[str]:
        """What stands in a line of the head, between commas."""
        return [part.strip() for part in self.head.get(name, "").split(",") if part.strip()]


@dataclass(slots=True)
class Seeding:
    """What is there by now, by the names that the texts have for it."""

    db: Session
    storage: Storage
    authors: dict[str, User]
    pictures: dict[str, Attachment] = field(default_factory=dict)
    pages: dict[str, Post] = field(default_factory=dict)
    terms: dict[tuple[Taxonomy, str], Term] = field(default_factory=dict)

    def published(self, essay: Essay, content: Content, kind: Kind = Kind.POST) -> Post:
        """The text as a post of its date, filed by its terms."""
        post = Post.draft(self.db, self.authors[essay.head.get("author", "")], content, kind)
        post.publish(self.db)
        post.published_at = post.created_at = post.updated_at = essay.date
        for taxonomy, line in ((Taxonomy.CATEGORY, "categories"), (Taxonomy.TAG, "tags")):
            ids = [self.term(taxonomy, name).id for name in essay.listed(line)]
            if ids:
                post.set_terms(self.db, taxonomy, ids)
        return post

    def term(self, taxonomy: Taxonomy, trail: str) -> Term:
        """The term of this name, which stands below those before the slash."""
        if (taxonomy, trail) not in self.terms:
            above, _, name = trail.rpartition("/")
            parent = self.term(taxonomy, above) if above else None
            self.terms[taxonomy, trail] = Term.named(self.db, taxonomy, name, parent)
        return self.terms[taxonomy, trail]

    def post(self, essay: Essay) -> Post:
        """A post with its drawing above and its gallery where it says so."""
        head, body = essay.head, essay.text
        if "picture" in head:
            picture = self.picture(essay)
            body = f'![{head["alt"]}](/media/{picture.key} "{head["caption"]}")\n\n{body}'
        ids = ",".join(str(self.pictures[name].id) for name in essay.listed("gallery"))
        body = body.replace("[gallery]", f'[gallery ids="{ids}" columns="3"]')
        return self.published(essay, Content.of(head["title"], body, head["excerpt"], sticky="sticky" in head))

    def picture(self, essay: Essay) -> Attachment:
        """The drawing of a text, in the library."""
        name = essay.head["picture"]
        with (HERE / "pictures" / name).open("rb") as file:
            upload = Upload.store(self.storage, file, name)
        author = self.authors[essay.head.get("author", "")]
        picture = self.pictures[name] = Attachment.add(self.db, author, upload, essay.head["alt"])
        picture.caption = essay.head["title"]
        return picture

    def page(self, essay: Essay) -> Post:
        """A page below its parent."""
        parent = self.pages.get(essay.head.get("parent", ""))
        parent_id, position = parent.id if parent else None, int(essay.head["position"])
        content = Content.of(essay.head["title"], essay.text, parent_id=parent_id, position=position)
        page = self.published(essay, content, Kind.PAGE)
        page.comments_open = False
        self.pages[page.slug] = page
        return page


def seed(db: Session, storage: Storage) -> None:
    """Fill a database without users; any other is left as it is. The renditions are made later."""
    if db.scalar(select(User.id).limit(1)) is not None:
        return
    seeding = Seeding(db, storage, _authors(db))
    essays = Essay.all("posts")
    # What shows the drawings of others comes after all of them, and what is pinned after those that it leads to.
    essays.sort(key=lambda essay: (essay.head.get("author", ""), "sticky" in essay.head, "gallery" in essay.head))
    posts = {post.slug: post for post in map(seeding.post, essays)}
    for page in Essay.all("pages"):
        seeding.page(page)
    _discuss(db, posts)
    _make_menu(seeding)


def _authors(db: Session) -> dict[str, User]:
    june = User.add(db, email=DEMO_EMAIL, name=DEMO_NAME, password_hash=passwords.hash(DEMO_PASSWORD), role=Role.AUTHOR)
    # Without a password nobody signs in; a link to the address would give one.
    haein = User.add(db, email=OTHER_EMAIL, name=OTHER_NAME, password_hash="", role=Role.AUTHOR)
    june.biography, haein.biography = BIOGRAPHY, OTHER_BIOGRAPHY
    haein.call(db, OTHER_SLUG)
    return {"": june, OTHER_SLUG: haein}


def _discuss(db: Session, posts: dict[str, Post]) -> None:
    said: list[Comment] = []
    for number, remark in enumerate(REMARKS, start=1):
        post = posts[remark.slug]
        parent = said[remark.answers - 1] if remark.answers else None
        comment = Comment.leave(db, post, Said(remark.text, remark.name, remark.email), parent=parent)[0]
        assert post.published_at is not None
        comment.approved, comment.created_at = remark.approved, post.published_at + timedelta(hours=7 * number)
        said.append(comment)
    db.flush()


def _make_menu(seeding: Seeding) -> None:
    """The menu of the header: topics, and what there is to know about us."""
    menu = Menu.make(seeding.db, "Main")
    for above, below in _links(seeding):
        menu.append(seeding.db, [above, *below])
        for item in below:
            item.parent_id = above.id
    seeding.db.flush()
    Options.decide(seeding.db, primary_menu_id=menu.id)


def _links(seeding: Seeding) -> Iterator[tuple[MenuItem, list[MenuItem]]]:
    def topic(name: str) -> MenuItem:
        return MenuItem.to_term(seeding.term(Taxonomy.CATEGORY, name).id)

    def page(slug: str) -> MenuItem:
        return MenuItem.to_post(seeding.pages[slug].id)

    yield topic("Time"), [topic("Time/Clocks"), topic("Time/Tides")]
    yield topic("Making"), [topic("Making/Bread"), topic("Making/Mending")]
    yield topic("한국어"), []
    yield page("about"), [page("house-rules"), page("colophon")]
