"""A menu as readers see it: links, without what is not for them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from apps.mywordpress.menus.models import MenuItem
from apps.mywordpress.menus.trees import Branch, Tree
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.trees import Tree as Terms
from apps.mywordpress.terms.trees import path_of


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a menu and those below it; the title is empty where its post has none."""

    title: str
    url: str
    hint: str
    opens_window: bool
    below: "list[Link]"

    @property
    def is_ours(self) -> bool:
        """Whether it leads to a page of this site, by its path."""
        return self.url.startswith("/") and not self.url.startswith("//")


def links_of(db: Session, menu_id: int | None) -> list[Link]:
    """The links of this menu; none if there is no such menu. One query, and one more if it leads into categories."""
    if menu_id is None:
        return []
    above = joinedload(MenuItem.post).load_only(
        Post.title, Post.slug, Post.kind, Post.parent_id, Post.published, Post.published_at
    )
    higher = joinedload(MenuItem.post).joinedload(Post.parent).load_only(Post.slug, Post.parent_id)
    query = select(MenuItem).where(MenuItem.menu_id == menu_id).options(above, higher, joinedload(MenuItem.term))
    items = db.scalars(query.order_by(MenuItem.position, MenuItem.id)).all()
    terms = Terms.load(db) if any(item.term and item.term.parent_id for item in items) else None
    return _links(Tree(items).top, terms)


def _links(branches: list[Branch], terms: Terms | None) -> list[Link]:
    found: list[Link] = []
    for branch in branches:
        below = _links(branch.below, terms)
        # What is not for readers hides nothing that is.
        found += [_link(branch.item, below, terms)] if branch.item.is_shown else below
    return found


def _link(item: MenuItem, below: list[Link], terms: Terms | None) -> Link:
    return Link(item.name, _url(item, terms), item.hint, item.opens_window, below)


def _url(item: MenuItem, terms: Terms | None) -> str:
    if item.post is not None:
        return item.post.path
    if item.term is not None:
        return terms.node(item.term.id).path if terms and item.term.parent_id else path_of(item.term)
    return item.url
