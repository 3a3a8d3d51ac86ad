"""`metaWeblog.*`, with what Movable Type and WordPress have added to its structs; pages are written by it, too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from apps.mywordpress.api.postlists import editable_by
from apps.mywordpress.posts.columns import PUBLISHED, Kind, State
from apps.mywordpress.posts.history import PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.remote import dated, format_of
from apps.mywordpress.rpc.asked import Asked, date_sent, gmt
from apps.mywordpress.rpc.faults import NOT_ALLOWED, Fault
from apps.mywordpress.rpc.filing import categories_named, tags_typed
from apps.mywordpress.rpc.parameters import Sent, array, flag, number, struct, text, texts
from apps.mywordpress.rpc.posts import editable, listed, picture_id
from apps.mywordpress.rpc.saving import Wish, change, create
from apps.mywordpress.rpc.structs import (
    custom_fields,
    divided,
    enclosure,
    joined,
    link_of,
    notes_of,
    status_of,
)
from apps.mywordpress.terms.models import Taxonomy

USUALLY = 10
CONTENT = {
    "title": ("title", text),
    "mt_excerpt": ("excerpt", text),
    "wp_slug": ("slug", text),
    "wp_password": ("password", text),
    "wp_page_order": ("position", number),
    "sticky": ("sticky", flag),
}
OPEN = {"mt_allow_comments": "comments_open", "mt_allow_pings": "pings_open"}
STATUSES = (PUBLISHED, State.DRAFT, State.PENDING, State.PRIVATE)


def make(asked: Asked, content: dict[str, Any], publish: bool) -> str:
    return str(written(asked, content, publish, _kind(Sent(content), Kind.POST)).id)


def written(asked: Asked, content: dict[str, Any], publish: bool, kind: Kind) -> Post:
    """A new post or page."""
    return create(asked, kind, wish_of(asked, Sent(content), publish, kind, ""))


def edit(asked: Asked, post_id: int, content: dict[str, Any], publish: bool) -> bool:
    rewrite(asked, editable(asked, post_id), content, publish)
    return True


def rewrite(asked: Asked, post: Post, content: dict[str, Any], publish: bool) -> None:
    """Change a post or page."""
    sent = Sent(content)
    if _kind(sent, Kind(post.kind)) != post.kind:
        raise Fault(NOT_ALLOWED, "The post type may not be changed.")
    change(asked, post, wish_of(asked, sent, publish, Kind(post.kind), post.body))


def _kind(sent: Sent, usual: Kind) -> Kind:
    name = sent.get("post_type", default="") or usual
    if name not in set(Kind):
        raise Fault(NOT_ALLOWED, "Invalid post type.")
    return Kind(name)


def wish_of(asked: Asked, sent: Sent, publish: bool, kind: Kind, body: str) -> Wish:
    """What the struct says that the post is to be; `body` is what it was."""
    status = sent.get(f"{kind}_status", default="")
    return Wish(
        _content(sent, body),
        status if status in STATUSES else PUBLISHED if publish else State.DRAFT,
        date_sent(asked, sent, "dateCreated", "date_created_gmt"),
        sent.get("wp_author_id", number),
        _terms(asked, sent) if kind == Kind.POST else {},
        sent.get("wp_post_format"),
        sent.get("custom_fields", array, []),
        sent.get("enclosure", struct),
    )


def _content(sent: Sent, body: str) -> dict[str, Any]:
    content = {column: sent.get(name, read) for name, (column, read) in CONTENT.items() if name in sent}
    if "description" in sent or sent.get("mt_text_more", default=""):
        content["body"] = joined(sent.get("description", default=body), sent.get("mt_text_more", default=""))
    for name, column in OPEN.items():
        if name in sent:
            content[column] = sent.get(name, text) in ("open", "1", "True")
    if "wp_page_parent_id" in sent:
        content["parent_id"] = sent.get("wp_page_parent_id", number) or None
    if "wp_post_thumbnail" in sent:
        content["picture_id"] = sent.get("wp_post_thumbnail", picture_id) or None
    return content


def _terms(asked: Asked, sent: Sent) -> dict[Taxonomy, list[int]]:
    found = {}
    if "categories" in sent:
        found[Taxonomy.CATEGORY] = categories_named(asked, sent.get("categories", texts))
    if "mt_keywords" in sent:
        found[Taxonomy.TAG] = tags_typed(asked, sent.get("mt_keywords", words))
    return found


def words(value: Any) -> Any:
    """Words between commas, or a list of them; raises TypeError."""
    return value if isinstance(value, str) else texts(value)


def show(asked: Asked, post_id: int) -> dict[str, Any]:
    return post_structs(asked, [editable(asked, post_id)])[0]


def index(asked: Asked, wanted: int) -> list[dict[str, Any]]:
    return post_structs(asked, recent(asked, wanted, "edit posts"))


def recent(asked: Asked, wanted: int, what: str) -> list[Post]:
    """The newest posts that whoever asks may change, whatever their status but the trash; raises Fault."""
    asked.need("edit_posts", what)
    mine = select(Post).where(Post.kind == Kind.POST, Post.state != State.TRASH, *editable_by(Kind.POST, asked.user))
    return listed(asked, mine, Sent({"number": wanted}), USUALLY)


def post_structs(asked: Asked, posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Posts as `metaWeblog.getPost` tells them."""
    notes = notes_of(asked, posts)
    return [_struct(asked, post, notes.get(post.id, [])) for post in posts]


def _struct(asked: Asked, post: Post, notes: Sequence[PostMeta]) -> dict[str, Any]:
    main, more, more_text = divided(post.body)
    named_file = enclosure(notes)
    return {
        **heading(asked, post),
        "postid": str(post.id),
        "description": main,
        "categories": [term.name for term in post.terms_of(Taxonomy.CATEGORY)],
        "mt_excerpt": post.excerpt,
        "mt_text_more": more,
        "wp_more_text": more_text,
        "mt_keywords": ", ".join(term.name for term in post.terms_of(Taxonomy.TAG)),
        "post_status": status_of(post),
        "custom_fields": custom_fields(notes),
        "wp_post_format": format_of(post),
        "sticky": post.sticky,
        "date_modified": asked.local(post.updated_at),
        "date_modified_gmt": gmt(post.updated_at),
        "wp_post_thumbnail": str(post.picture_id or ""),
        **({"enclosure": named_file} if named_file else {}),
    }


def heading(asked: Asked, post: Post) -> dict[str, Any]:
    """What posts and pages have in common."""
    link = link_of(asked, post)
    return {
        "dateCreated": asked.local(dated(post)),
        "date_created_gmt": gmt(dated(post)),
        "userid": str(post.author_id),
        "title": post.title,
        "link": link,
        "permaLink": link,
        "mt_allow_comments": int(post.comments_open),
        "mt_allow_pings": int(post.pings_open),
        "wp_slug": post.slug,
        "wp_password": post.password,
        "wp_author_id": str(post.author_id),
        "wp_author_display_name": post.author.name,
    }
