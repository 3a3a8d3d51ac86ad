"""What becomes of a part: the row that is made of it, or that was there already, or why there is none."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.attachments import make_attachment
from apps.mywordpress.wxr.making.authors import make_author
from apps.mywordpress.wxr.making.comments import make_comment, place_reply
from apps.mywordpress.wxr.making.made import Made, skipped
from apps.mywordpress.wxr.making.made import Making as Making
from apps.mywordpress.wxr.making.menus import make_menu_item, place_menu_item
from apps.mywordpress.wxr.making.places import place, show_gallery
from apps.mywordpress.wxr.making.posts import make_post
from apps.mywordpress.wxr.making.terms import make_term, place_term
from apps.mywordpress.wxr.models import ImportPart
from apps.mywordpress.wxr.parts import Stage

MAKERS: dict[int, Callable[[Making, ImportPart, dict[str, Any]], Made]] = {
    Stage.AUTHORS: make_author,
    Stage.TERMS: make_term,
    Stage.TERM_PARENTS: place_term,
    Stage.ATTACHMENTS: make_attachment,
    Stage.POSTS: make_post,
    Stage.PLACES: place,
    Stage.GALLERIES: show_gallery,
    Stage.MENU_ITEMS: make_menu_item,
    Stage.MENU_PARENTS: place_menu_item,
    Stage.COMMENTS: make_comment,
    Stage.REPLIES: place_reply,
}


def make(making: Making, part: ImportPart) -> None:
    """Do what is to be done of this part, unless somebody else does; it lasts with the transaction."""
    fields = part.fields
    if not part.claim(making.db):
        return
    try:
        with making.db.begin_nested():
            made = MAKERS[part.stage](making, part, fields)
    except (DataError, IntegrityError, ValueError) as error:
        # One part that cannot be stored keeps no other from being made.
        making.terms.clear()
        made = skipped(notes.told(notes.FAILED, str(getattr(error, "orig", None) or error)[:200]))
    part.settle(making.db, made.outcome, made.id, notes.written(made.notes))
