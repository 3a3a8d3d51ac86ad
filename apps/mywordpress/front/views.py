"""What readers see: the home page and each post."""

import unicodedata
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from apps.chassis.context import cache, db
from apps.chassis.errors import within
from apps.mywordpress.comments.forms import CommentForm
from apps.mywordpress.front.pages import Page, PostNotFound, page
from apps.mywordpress.posts.pages import HOME_KEY, listing, page_key
from apps.mywordpress.posts.slugs import LONGEST_SLUG

front = Blueprint("front", __name__)
front.record_once(within("mywordpress/layout.html"))

# Every change invalidates at once; this is only for how long a lost invalidation may be seen.
LIFETIME_SECONDS = 60
NO_POST = "There is no such post. It may have been moved or taken back by its author."


@front.get("/")
def index() -> ResponseReturnValue:
    before = request.args.get("before")
    if before is None:
        return render_template("mywordpress/front/index.html", page=cache().fetch(HOME_KEY, LIFETIME_SECONDS, listing))
    try:
        older = listing(db(), before)
    except (ValueError, OverflowError):
        abort(404, "There is no such page.")
    return render_template("mywordpress/front/older.html", page=older)


@front.get("/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/<slug>/")
def show(year: int, month: int, slug: str) -> ResponseReturnValue:
    found = cached_page(unicodedata.normalize("NFC", slug))
    # One post has one address; the others that lead to it are told so.
    if found["post"]["path"] != request.path:
        return redirect(found["post"]["path"], 301)
    return render_template("mywordpress/front/show.html", page=found, form=CommentForm())


def cached_page(slug: str) -> Page:
    """The post and its comments, or 404."""
    if len(slug) > LONGEST_SLUG:
        abort(404, NO_POST)
    try:
        found: Page = cache().fetch(page_key(slug), LIFETIME_SECONDS, lambda session: page(session, slug))
    except PostNotFound:
        abort(404, NO_POST)
    return found


@front.app_template_filter()
def day(moment: str | datetime) -> str:
    """A date as people write it: 22 November 2026."""
    date = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{date.day} {date:%B %Y}"
