"""Posts and pages as the API shows them, with all their links."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from apps.mywordpress.api.asked import Asked, Item, Link
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.postfields import RESOURCES, base, may_stick
from apps.mywordpress.api.shapes import linked
from apps.mywordpress.posts.addresses import MOST_LEVELS
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.history import Revision
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy


class Version(NamedTuple):
    """How many revisions a post has, and the newest of them."""

    number: int
    newest: int


def item(asked: Asked, post: Post) -> Item:
    """The post with all its links."""
    return Item(RESOURCES[Kind(post.kind)].show(asked, post), links(asked, post))


def links(asked: Asked, post: Post) -> dict[str, list[Link]]:
    """What belongs to a post, and what may be done with it."""
    at = asked.api(f"/{base(post.kind)}/{post.id}")
    found = {
        "self": [Link(at)],
        "collection": [Link(asked.api(f"/{base(post.kind)}"))],
        "about": [Link(asked.api(f"/types/{post.kind}"))],
        "author": [Link(asked.api(f"/users/{post.author_id}"), ("users", post.author_id))],
        "replies": [Link(asked.api(f"/comments?post={post.id}"), ("replies", post.id))],
        **_history(asked, post, at),
    }
    if post.parent_id:
        found["up"] = [Link(asked.api(f"/pages/{post.parent_id}"), ("posts", post.parent_id))]
    if post.picture_id:
        found["wp:featuredmedia"] = [Link(asked.api(f"/media/{post.picture_id}"), ("media", post.picture_id))]
    found["wp:attachment"] = [Link(asked.api(f"/media?parent={post.id}"))]
    if post.kind == Kind.POST:
        named = ((Taxonomy.CATEGORY, "categories"), (Taxonomy.TAG, "tags"))
        found["wp:term"] = [
            Link(asked.api(f"/{where}?post={post.id}"), ("terms", (post.id, taxonomy)), {"taxonomy": str(taxonomy)})
            for taxonomy, where in named
        ]
    if asked.context == "edit":
        found |= {f"wp:action-{name}": [Link(at)] for name in actions(asked, post)}
    return found


def _history(asked: Asked, post: Post, at: str) -> dict[str, list[Link]]:
    version = asked.loaded.get("versions", {}).get(post.id)
    if version is None:
        return {}
    newest = Link(f"{at}/revisions/{version.newest}", None, {"id": version.newest})
    history = Link(f"{at}/revisions", None, {"count": version.number})
    return {"version-history": [history], "predecessor-version": [newest]}


def actions(asked: Asked, post: Post) -> list[str]:
    """What whoever asks may do with it beyond editing, as editors offer it."""
    allowed = {
        "publish": post.may_be_published_by(asked.user),
        "unfiltered-html": False,
        "sticky": post.kind == Kind.POST and may_stick(asked),
        "assign-author": asked.can(f"edit_others_{post.kind}s"),
    }
    if post.kind == Kind.POST:
        for name in ("categories", "tags"):
            allowed[f"create-{name}"] = asked.can("manage_categories" if name == "categories" else "edit_posts")
            allowed[f"assign-{name}"] = asked.can("edit_posts")
    return [name for name, may in allowed.items() if may]


WITH = (selectinload(Post.terms), selectinload(Post.parent, recursion_depth=MOST_LEVELS))


def items(asked: Asked, posts: Sequence[Post]) -> list[Item]:
    """Posts that were loaded with WITH, in a fixed number of queries however many they are."""
    load_versions(asked, [post.id for post in posts])
    return [item(asked, post) for post in posts]


def load_versions(asked: Asked, ids: Collection[int]) -> None:
    """Look up the revisions of these posts, for their links."""
    counted = select(Revision.post_id, func.count(), func.max(Revision.id)).where(Revision.post_id.in_(ids))
    rows = asked.db.execute(counted.group_by(Revision.post_id)) if ids else ()
    asked.loaded.setdefault("versions", {}).update({row[0]: Version(row[1], row[2]) for row in rows})


def one(asked: Asked, post: Post) -> Item:
    """A single post."""
    return items(asked, [post])[0]


def embedded(asked: Asked, ids: Collection[int]) -> Mapping[int, Any]:
    """Posts within other things; what may not be read is told as an error."""
    rows = asked.db.scalars(select(Post).where(Post.id.in_(ids)).options(*WITH)).all()
    shown = items(asked, [post for post in rows if post.may_be_read_by(asked.user)])
    missing = refused(asked.user, "rest_forbidden", "Sorry, you are not allowed to do that.").body()
    return dict.fromkeys(ids, missing) | {one.data["id"]: linked(one) for one in shown}


def invalid_id() -> ApiError:
    return ApiError("rest_post_invalid_id", "Invalid post ID.", 404)
