"""Authors and terms."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from apps.mywordpress.wxr.export.lines import element, line
from apps.mywordpress.wxr.export.numbering import Exporting
from apps.mywordpress.wxr.parts import MENU
from apps.mywordpress.wxr.values import marked, percented


def authors(exporting: Exporting) -> Iterator[str]:
    """Everybody who wrote or added something, or commented with an account."""
    wrote = (select(column).distinct() for column in (Post.author_id, Attachment.user_id, Comment.user_id))
    ids = {one for query in wrote for one in exporting.db.scalars(query) if one is not None}
    for user in exporting.db.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all():
        yield from element(
            "wp:author",
            line("wp:author_id", user.id),
            line("wp:author_login", user.nicename),
            line("wp:author_email", user.email),
            line("wp:author_display_name", marked(user.name)),
            line("wp:author_first_name", marked(user.first_name)),
            line("wp:author_last_name", marked(user.last_name)),
        )


def categories(exporting: Exporting) -> Iterator[str]:
    """Categories, each behind its parent, and tags."""
    found = _terms(exporting, Taxonomy.CATEGORY)
    slugs = {term.id: term.slug for term in found}
    for term in _parents_first(found):
        yield from element(
            "wp:category",
            line("wp:term_id", term.id),
            line("wp:category_nicename", percented(term.slug)),
            line("wp:category_parent", percented(slugs.get(term.parent_id or 0, ""))),
            line("wp:cat_name", marked(term.name)),
            line("wp:category_description", term.description),
        )
    for tag in _terms(exporting, Taxonomy.TAG):
        yield from element(
            "wp:tag",
            line("wp:term_id", tag.id),
            line("wp:tag_slug", percented(tag.slug)),
            line("wp:tag_name", marked(tag.name)),
            line("wp:tag_description", tag.description),
        )


def other_terms(exporting: Exporting) -> Iterator[str]:
    """Formats of posts."""
    for term in _terms(exporting, Taxonomy.FORMAT):
        yield from _term(term.id, Taxonomy.FORMAT, term.slug, term.name, term.description)


def menus(exporting: Exporting) -> Iterator[str]:
    """Menus, which are terms for WordPress."""
    for menu in exporting.db.scalars(select(Menu).order_by(Menu.id)).all():
        yield from _term(exporting.menu(menu.id), MENU, menu.slug, menu.name, "")


def _term(number: int, taxonomy: str, slug: str, name: str, description: str) -> Iterator[str]:
    yield from element(
        "wp:term",
        line("wp:term_id", number),
        line("wp:term_taxonomy", taxonomy),
        line("wp:term_slug", percented(slug)),
        line("wp:term_parent", ""),
        line("wp:term_name", marked(name)),
        line("wp:term_description", description),
    )


def _terms(exporting: Exporting, taxonomy: Taxonomy) -> Sequence[Term]:
    return exporting.db.scalars(select(Term).where(Term.taxonomy == taxonomy).order_by(Term.id)).all()


def _parents_first(found: Sequence[Term]) -> Iterator[Term]:
    below: dict[int | None, list[Term]] = {}
    for term in found:
        below.setdefault(term.parent_id, []).append(term)
    level = below.get(None, [])
    while level:
        yield from level
        level = [child for term in level for child in below.get(term.id, [])]
