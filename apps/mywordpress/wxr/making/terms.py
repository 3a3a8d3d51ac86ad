"""Categories, tags and formats; menus, which WordPress keeps as terms too."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.mywordpress.menus.models import Menu
from apps.mywordpress.terms.models import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_SLUG, Term, TermLoop
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Made, Making, cut, known, skipped
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, told
from apps.mywordpress.wxr.parts import MENU


def make_term(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The term, or the menu."""
    told_too = [told(notes.META_LOST, name) for name in fields["meta"]]
    if part.kind == MENU:
        return _menu(making, part, fields, told_too)
    present = Term.with_slug(making.db, part.kind, fields["slug"])
    if present is not None:
        return known(present.id)
    term = Term(
        id=making.free_id(Term, part.source, told_too),
        taxonomy=part.kind,
        name=cut(fields["name"], LONGEST_NAME, "name", told_too),
        slug=cut(fields["slug"], LONGEST_SLUG, "slug", told_too),
        description=cut(fields["description"], LONGEST_DESCRIPTION, "description", told_too),
    )
    making.db.add(term)
    making.db.flush()
    return Made(Outcome.MADE, term.id, told_too)


def _menu(making: Making, part: ImportPart, fields: dict[str, Any], told_too: list[Note]) -> Made:
    present = menu_with_slug(making.db, fields["slug"])
    if present is not None:
        return known(present.id)
    name = cut(fields["name"], LONGEST_NAME, "name", told_too)
    menu = Menu(id=making.free_id(Menu, part.source, told_too), name=name, slug=fields["slug"])
    making.db.add(menu)
    making.db.flush()
    return Made(Outcome.MADE, menu.id, told_too)


def menu_with_slug(db: Session, slug: str) -> Menu | None:
    """The menu of this slug."""
    return db.scalar(select(Menu).where(Menu.slug == slug))


def term_of(making: Making, taxonomy: str, slug: str, name: str) -> int:
    """The term by which a post is filed, made if the file did not list it."""
    key = taxonomy, slug[:LONGEST_SLUG]
    if key not in making.terms:
        making.terms[key] = _term(making.db, *key, name or slug).id
    return making.terms[key]


def _term(db: Session, taxonomy: str, slug: str, name: str) -> Term:
    present = Term.with_slug(db, taxonomy, slug)
    if present is not None:
        return present
    term = Term(taxonomy=taxonomy, name=name[:LONGEST_NAME], slug=slug, description="")
    db.add(term)
    db.flush()
    return term


def place_term(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The category below the one that the file names, unless it was here before and stands elsewhere."""
    term = Term.with_slug(making.db, "category", fields["slug"])
    parent = Term.with_slug(making.db, "category", fields["parent"])
    if term is None or parent is None:
        return skipped(told(notes.NO_PARENT))
    if term.parent_id is None:
        try:
            term.move(making.db, parent)
        except TermLoop:
            return skipped(told(notes.NO_PARENT))
    return Made(Outcome.MADE, term.id)
