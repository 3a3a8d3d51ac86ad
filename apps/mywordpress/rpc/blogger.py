"""`blogger.*`: the oldest of them, in which a post is one text with its title and category in tags."""

import re
from datetime import datetime
from typing import Any

from apps.mywordpress.posts.columns import PUBLISHED, Kind, State
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.remote import dated
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import MISSING, Fault
from apps.mywordpress.rpc.filing import categories_named
from apps.mywordpress.rpc.metaweblog import recent
from apps.mywordpress.rpc.posts import destroy, editable
from apps.mywordpress.rpc.saving import Wish, change, create
from apps.mywordpress.terms.models import Taxonomy, Term

TITLE = re.compile(r"<title>([^<]{0,1000})</title>", re.IGNORECASE)
CATEGORY = re.compile(r"<category>([^<]{0,1000})</category>", re.IGNORECASE)


def blogs(asked: Asked) -> list[dict[str, Any]]:
    """The one that there is."""
    return [
        {
            "isAdmin": asked.can("manage_options"),
            "url": asked.url("/"),
            "blogid": "1",
            "blogName": asked.options.title,
            "xmlrpc": asked.url("/xmlrpc.php"),
        }
    ]


def whoami(asked: Asked) -> dict[str, str]:
    asked.need("edit_posts", "access user data on this site")
    user = asked.user
    return {
        "nickname": user.name,
        "userid": str(user.id),
        "url": user.url,
        "lastname": user.last_name,
        "firstname": user.first_name,
    }


def show(asked: Asked, post_id: int) -> dict[str, Any]:
    return _struct(asked, editable(asked, post_id))


def index(asked: Asked, wanted: int) -> list[dict[str, Any]]:
    return [_struct(asked, post) for post in recent(asked, wanted, "edit posts")]


def _struct(asked: Asked, post: Post) -> dict[str, Any]:
    date: datetime = dated(post)
    categories = ",".join(str(term.id) for term in post.terms_of(Taxonomy.CATEGORY))
    content = f"<title>{post.title}</title><category>{categories}</category>{post.body}"
    return {
        "userid": str(post.author_id),
        "dateCreated": asked.local(date),
        "content": content,
        "postid": str(post.id),
    }


def make(asked: Asked, content: str, publish: bool) -> str:
    return str(create(asked, Kind.POST, _wish(asked, content, publish)).id)


def edit(asked: Asked, post_id: int, content: str, publish: bool) -> bool:
    change(asked, editable(asked, post_id, Kind.POST), _wish(asked, content, publish))
    return True


def _wish(asked: Asked, text: str, publish: bool) -> Wish:
    title, body = TITLE.search(text), CATEGORY.sub("", TITLE.sub("", text)).strip()
    content = {"body": body, **({"title": title[1].strip()} if title else {})}
    return Wish(content, PUBLISHED if publish else State.DRAFT, terms=_terms(asked, text))


def _terms(asked: Asked, text: str) -> dict[Taxonomy, list[int]]:
    found = CATEGORY.search(text)
    parts = [part.strip() for part in found[1].split(",") if part.strip()] if found else []
    if not parts:
        return {}
    numbers = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]
    known = [number for number in numbers if (term := asked.db.get(Term, number)) and term.taxonomy == "category"]
    return {Taxonomy.CATEGORY: [*known, *categories_named(asked, [part for part in parts if not part.isdecimal()])]}


def delete(asked: Asked, post_id: int) -> bool:
    post = asked.found(Post, post_id, "post")
    if post.kind != Kind.POST:
        raise Fault(MISSING, "Sorry, no such post.")
    destroy(asked, post)
    return True
