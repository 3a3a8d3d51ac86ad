"""Items of menus, which WordPress keeps as posts."""

from typing import Any

from sqlalchemy import func, select

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu, MenuItem, Target
from apps.mywordpress.posts.markup.allowed import address
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Made, Making, cut, known, put_below, skipped
from apps.mywordpress.wxr.making.terms import menu_with_slug
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import Note, told
from apps.mywordpress.wxr.parts import MENU, MENU_ITEM, POSTS
from apps.mywordpress.wxr.values import php_texts, plain, whole

LONGEST_TITLE = 500
LONGEST_CLASSES = 200
LONGEST_DESCRIPTION = 10_000
LONGEST_URL = 1000
PREFIX = "_menu_item_"
TAXONOMIES = {"category": Taxonomy.CATEGORY, "post_tag": Taxonomy.TAG}


def make_menu_item(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The item, if what it leads to is here."""
    menu = _menu(making, [slug for taxonomy, slug, _ in fields["terms"] if taxonomy == MENU])
    if menu is None:
        return skipped(told(notes.NO_MENU))
    told_too: list[Note] = []
    item = _item(making, fields, told_too)
    if item is None:
        return skipped(told(notes.NO_TARGET))
    item.menu_id = menu.id
    present = _present(making, item)
    if present is not None:
        return known(present)
    item.id = making.free_id(MenuItem, part.source, told_too) or _new_id(making)  # type: ignore[assignment]
    making.db.add(item)
    making.db.flush()
    return Made(Outcome.MADE, item.id, told_too)


def _new_id(making: Making) -> int | None:
    """A number that no post and no attachment has either, so that an export need not move it; any for None."""
    if not making.keeps_ids:
        return None
    largest = (making.db.scalar(select(func.max(kind.id))) or 0 for kind in (Post, Attachment, MenuItem))
    return max(largest) + 1


def _menu(making: Making, slugs: list[str]) -> Menu | None:
    return menu_with_slug(making.db, slugs[0]) if slugs else None


def _item(making: Making, fields: dict[str, Any], told_too: list[Note]) -> MenuItem | None:
    """The item without its menu; None if it would lead nowhere."""
    meta = {name.removeprefix(PREFIX): value for name, value in fields["meta"] if name.startswith(PREFIX)}
    item = MenuItem(
        position=whole(fields["order"]),
        title=cut(plain(fields["title"])[0], LONGEST_TITLE, "title", told_too),
        hint=cut(plain(fields["excerpt"])[0], LONGEST_TITLE, "hint", told_too),
        target=meta.get("type", ""),
        url="",
        description=cut(plain(fields["body"])[0], LONGEST_DESCRIPTION, "description", told_too) or None,
        classes=" ".join(filter(None, php_texts(meta.get("classes", ""))))[:LONGEST_CLASSES],
        opens_window=meta.get("target") == "_blank",
    )
    leads = LEADING.get(item.target, _nowhere)
    return item if leads(making, item, meta) else None


def _to_post(making: Making, item: MenuItem, meta: dict[str, str]) -> bool:
    item.post_id = making.importing.made_id(making.db, POSTS, meta.get("object_id", ""))
    return item.post_id is not None


def _to_term(making: Making, item: MenuItem, meta: dict[str, str]) -> bool:
    taxonomy = TAXONOMIES.get(meta.get("object", ""))
    number = meta.get("object_id", "")
    item.term_id = making.importing.made_id(making.db, [taxonomy], number) if taxonomy else None
    return item.term_id is not None


def _to_address(making: Making, item: MenuItem, meta: dict[str, str]) -> bool:
    item.url = address(meta.get("url", "")) or ""
    return 0 < len(item.url) <= LONGEST_URL


def _nowhere(making: Making, item: MenuItem, meta: dict[str, str]) -> bool:
    return False


LEADING = {Target.POST.value: _to_post, Target.TERM.value: _to_term, Target.ADDRESS.value: _to_address}


def _present(making: Making, item: MenuItem) -> int | None:
    names = ("menu_id", "position", "title", "target", "post_id", "term_id", "url")
    same = (getattr(MenuItem, name).is_not_distinct_from(getattr(item, name)) for name in names)
    return making.db.scalar(select(MenuItem.id).where(*same).limit(1))


def place_menu_item(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The item below another one of its menu."""
    menu = _menu(making, fields["menus"])
    mine, above = (_of_menu(making, menu, source) for source in (part.source, fields["parent"]))
    if mine is None or above is None:
        return skipped(told(notes.NO_PARENT))
    return put_below(making, mine, above)


def _of_menu(making: Making, menu: Menu | None, source: str) -> MenuItem | None:
    """The item of this menu that the file calls so: in some files, items of two menus bear the same number."""
    if menu is None:
        return None
    made = making.importing.made_ids(making.db, [MENU_ITEM], source)
    return making.db.scalar(select(MenuItem).where(MenuItem.id.in_(made), MenuItem.menu_id == menu.id).limit(1))
