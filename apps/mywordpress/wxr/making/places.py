"""Where posts and attachments stand among each other, once all are there."""

from typing import Any

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.addresses import ImpossibleParent
from apps.mywordpress.posts.models import Post
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.making.made import Made, Making, skipped
from apps.mywordpress.wxr.models import ImportPart, Outcome
from apps.mywordpress.wxr.notes import told
from apps.mywordpress.wxr.parts import ATTACHMENT, POSTS


def place(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """A page below its parent, an attachment at its post."""
    above = making.importing.made_id(making.db, POSTS, fields["parent"])
    if fields["of"] == ATTACHMENT:
        return _attach(making, part, above)
    post = _post(making, part)
    if post is None:
        return skipped(told(notes.NO_POST))
    is_placed = _put_below(making, post, above)
    return Made(Outcome.MADE, post.id) if is_placed else skipped(told(notes.NO_PARENT))


def show_gallery(making: Making, part: ImportPart, fields: dict[str, Any]) -> Made:
    """The post once more, now that all is attached that its gallery shows."""
    post = _post(making, part)
    if post is None:
        return skipped(told(notes.NO_POST))
    post.render_again(making.db)
    return Made(Outcome.MADE, post.id)


def _post(making: Making, part: ImportPart) -> Post | None:
    made = making.importing.made_id(making.db, POSTS, part.source)
    return making.db.get(Post, made) if made else None


def _put_below(making: Making, post: Post, above: int | None) -> bool:
    if above is None:
        return False
    if post.parent_id is None:
        try:
            post.stand_below(making.db, above)
        except ImpossibleParent:
            return False
        making.db.flush()
    return True


def _attach(making: Making, part: ImportPart, above: int | None) -> Made:
    made = making.importing.made_id(making.db, [ATTACHMENT], part.source)
    entry = making.db.get(Attachment, made) if made else None
    if entry is None or above is None:
        return skipped(told(notes.NO_POST))
    if entry.post_id is None:
        entry.post_id = above
        making.db.flush()
    return Made(Outcome.MADE, entry.id)
