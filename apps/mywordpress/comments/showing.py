"""What the page of a post shows of its comments, as the address asks for it: `?cpage=2`, `?reply=7`."""

from functools import cache
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from apps.chassis.context import db
from apps.chassis.languages import language
from apps.chassis.paging import key_of
from apps.mywordpress.accounts.guard import visitor
from apps.mywordpress.comments.forms import CommentForm
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.posting import takes_comments
from apps.mywordpress.comments.threads import Talk
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post


def discussion(post: Post, options: Options) -> dict[str, Any]:
    """What the template `comments/thread.html` takes; raises NoSuchPage. One query, and one more for an answer."""
    page = key_of(request.args.get("cpage", "1")) or 0
    above = Comment.answerable(db(), post, key_of(request.args.get("reply", "")))
    return {
        "talk": Talk.of(db(), post.id, options, page),
        "above": above,
        "blank": lambda: _blank(language()),
        # A guest's is `blank`; to make one takes longer than to show all that was said.
        "form": CommentForm() if visitor() else None,
        "takes_comments": takes_comments(post, options),
        "needs_approval": options.comments_need_approval,
    }


@cache
def _blank(_spoken: str) -> Markup:
    """What a guest fills in, in the language of this request: the same on every page, and slow to make."""
    return Markup(render_template("mywordpress/comments/fields.html", form=CommentForm()))  # noqa: S704
