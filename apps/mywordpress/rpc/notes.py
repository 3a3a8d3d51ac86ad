"""Custom fields: what clients note about a post under names of theirs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from apps.mywordpress.posts.columns import LONGEST_BODY
from apps.mywordpress.posts.history import PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import WRONG_PARAMETERS, Fault
from apps.mywordpress.rpc.parameters import Sent, number, struct, text, wrong
from apps.mywordpress.rpc.structs import ENCLOSURE, HIDDEN

LONGEST_NAME = 255
MOST_EACH = 200


def keep_notes(asked: Asked, post: Post, fields: Collection[Any]) -> None:
    """As WordPress has it: one with an id is changed, one with an id alone deleted, any other added. Raises Fault."""
    for one in fields:
        try:
            _keep(asked, post, Sent(struct(one)))
        except TypeError as error:
            raise wrong("a custom field", error) from None


def _keep(asked: Asked, post: Post, sent: Sent) -> None:
    name, value = sent.get("key", default=""), sent.get("value", default="")
    if len(name) > LONGEST_NAME or len(value) > LONGEST_BODY:
        raise Fault(WRONG_PARAMETERS, "A custom field is too long.")
    if name.startswith(HIDDEN) or not (name or "id" in sent):
        return
    note_id = sent.get("id", number, 0)
    if not note_id:
        _add(asked, post, name, value)
    else:
        _change(asked, post, note_id, name, value)


def _change(asked: Asked, post: Post, note_id: int, name: str, value: str) -> None:
    note = asked.db.get(PostMeta, note_id)
    if note is None or note.post_id != post.id or note.name.startswith(HIDDEN) or name not in ("", note.name):
        return
    if name:
        note.value = value
    else:
        asked.db.delete(note)
    asked.db.flush()


def _add(asked: Asked, post: Post, name: str, value: str) -> None:
    kept = asked.db.scalars(select(PostMeta.id).where(PostMeta.post_id == post.id).limit(MOST_EACH)).all()
    if len(kept) >= MOST_EACH:
        raise Fault(WRONG_PARAMETERS, f"A post may have {MOST_EACH} custom fields.")
    asked.db.add(PostMeta(post_id=post.id, name=name, value=value))
    asked.db.flush()


def keep_enclosure(asked: Asked, post: Post, sent: dict[str, Any] | None) -> None:
    """Note a file that feeds shall name, unless it is noted already; raises Fault."""
    members = Sent(sent or {})
    if not all(name in members for name in ("url", "length", "type")):
        return
    noted = "\n".join(members.get(name, text) for name in ("url", "length", "type")) + "\n"
    mine = PostMeta.post_id == post.id, PostMeta.name == ENCLOSURE
    known = {one.value.strip() for one in asked.db.scalars(select(PostMeta).where(*mine))}
    if noted.strip() not in known:
        _add(asked, post, ENCLOSURE, noted)
