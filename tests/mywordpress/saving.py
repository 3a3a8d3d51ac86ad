"""What the editor sends, and what is stored of it."""

from typing import Any

from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal

JSON = "application/json"


def form(**fields: Any) -> dict[str, Any]:
    return {"title": "A title", "body": "Some words.", "settings": "1", "version": "1"} | fields


def stored(journal: Journal, post_id: int = 1) -> Post:
    with journal.writing() as db:
        post: Post = db.get_one(Post, post_id)
        _ = (post.terms, post.author.name)
    return post
