"""The list of all pages for search engines, in the shape that WordPress gives it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.addresses import MOST_LEVELS
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from apps.mywordpress.terms.trees import Tree, path_of

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_IN_PART = 2_000


class Place(NamedTuple):
    """A page, and when it changed last, if that is known."""

    path: str
    changed_at: datetime | None = None


def parts(db: Session) -> Iterator[tuple[str, int]]:
    """The kinds of pages that there are, and how many parts the list of each has."""
    for kind, part in PARTS.items():
        # The home page is always there.
        count = part.count(db) + (kind == "posts-page")
        if count:
            yield kind, -(-count // MOST_IN_PART)


def places(db: Session, kind: str, number: int) -> list[Place]:
    """What is in that part of the list, counted from 1."""
    return PARTS[kind].places(db, (number - 1) * MOST_IN_PART)


def index_document(addresses: Iterator[str]) -> bytes:
    """The list of the parts at these addresses."""
    root = ET.Element("sitemapindex", xmlns=SITEMAPS)
    for address in addresses:
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = address
    return _document(root)


def document(found: Iterator[tuple[str, datetime | None]]) -> bytes:
    """A part of the list: whole addresses, and when each changed."""
    root = ET.Element("urlset", xmlns=SITEMAPS)
    for address, changed_at in found:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = address
        if changed_at is not None:
            ET.SubElement(url, "lastmod").text = changed_at.isoformat(timespec="seconds")
    return _document(root)


def _document(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _is_shown(kind: Kind) -> ColumnElement[bool]:
    return and_(Post.published == true(), Post.kind == kind, Post.password == "")


def _count(query: Select[int]) -> Callable[[Session], int]:
    return lambda db: db.scalar(select(func.count()).select_from(query.subquery())) or 0


def _posts(db: Session, offset: int) -> list[Place]:
    columns = Post.slug, Post.published_at, Post.updated_at
    query = select(*columns).where(_is_shown(Kind.POST)).order_by(Post.published_at.desc(), Post.id.desc())
    return [
        Place(Post(kind=Kind.POST, slug=slug, published_at=published).path, max(published, updated))
        for slug, published, updated in db.execute(query.offset(offset).limit(MOST_IN_PART))
        if published is not None
    ]


def _pages(db: Session, offset: int) -> list[Place]:
    """The home page, and the pages that stand by themselves, by the names of all that they stand below."""
    columns = Post.id, Post.slug, Post.parent_id, Post.updated_at, _is_shown(Kind.PAGE).label("is_shown")
    rows = {row.id: row for row in db.execute(select(*columns).where(Post.kind == Kind.PAGE).order_by(Post.id))}
    above = {row.id: (row.slug, row.parent_id) for row in rows.values()}
    shown = [Place(_path(above, row.id), row.updated_at) for row in rows.values() if row.is_shown]
    return [Place("/"), *shown][offset : offset + MOST_IN_PART]


def _path(above: dict[int, tuple[str, int | None]], page_id: int) -> str:
    names: list[str] = []
    at: int | None = page_id
    while at in above and len(names) < MOST_LEVELS:
        name, at = above[at]
        names.insert(0, name)
    return f"/{'/'.join(names)}/"


def _terms_with_posts(taxonomy: Taxonomy) -> Select[int]:
    has_posts = exists().where(PostTerm.term_id == Term.id, PostTerm.post_id == Post.id, _is_shown(Kind.POST))
    return select(Term.id).where(Term.taxonomy == taxonomy, has_posts).order_by(Term.id)


def _categories(db: Session, offset: int) -> list[Place]:
    tree = Tree.load(db)
    found = db.scalars(_terms_with_posts(Taxonomy.CATEGORY).offset(offset).limit(MOST_IN_PART))
    return [Place(tree.node(term_id).path) for term_id in found]


def _tags(db: Session, offset: int) -> list[Place]:
    ids = _terms_with_posts(Taxonomy.TAG).offset(offset).limit(MOST_IN_PART).subquery()
    found = db.scalars(select(Term).join(ids, ids.c.id == Term.id).order_by(Term.id))
    return [Place(path_of(term)) for term in found]


def _authors_with_posts() -> Select[int]:
    has_posts = exists().where(Post.author_id == User.id, _is_shown(Kind.POST))
    return select(User.id).where(has_posts).order_by(User.id)


def _authors(db: Session, offset: int) -> list[Place]:
    ids = _authors_with_posts().offset(offset).limit(MOST_IN_PART).subquery()
    found = db.scalars(select(User).join(ids, ids.c.id == User.id).order_by(User.id))
    return [Place(f"/author/{user.nicename}/") for user in found]


class Part(NamedTuple):
    """A kind of pages: how many there are, and a part of them."""

    count: Callable[[Session], int]
    places: Callable[[Session, int], list[Place]]


PARTS = {
    "posts-post": Part(_count(select(Post.id).where(_is_shown(Kind.POST))), _posts),
    "posts-page": Part(_count(select(Post.id).where(_is_shown(Kind.PAGE))), _pages),
    "taxonomies-category": Part(_count(_terms_with_posts(Taxonomy.CATEGORY)), _categories),
    "taxonomies-post_tag": Part(_count(_terms_with_posts(Taxonomy.TAG)), _tags),
    "users": Part(_count(_authors_with_posts()), _authors),
}
