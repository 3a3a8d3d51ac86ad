"""A post or a page by itself, in its parts, before and behind its password."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import with_lang
from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.guard import address, visitor
from apps.mywordpress.comments.showing import discussion
from apps.mywordpress.comments.threads import NoSuchPage
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front import finding, structured
from apps.mywordpress.front.answers import Crumb, blog, missing, origin, personal, shown
from apps.mywordpress.front.listings import children
from apps.mywordpress.front.sorting import Sorting
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.locks import Locks
from apps.mywordpress.posts.models import Post

entries = Blueprint("entries", __name__)

POST = "/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/<slug>/"
TRIES, WINDOW_SECONDS = 20, 600


@entries.get(POST, defaults={"number": 1})
@entries.get(f"{POST}<int(min=1):number>/")
@kept
def show(year: int, month: int, slug: str, number: int) -> ResponseReturnValue:
    place = finding.in_time(db(), slug)
    if place is None or not is_readable(place.post):
        return moved(slug)
    # One post has one address; the others that lead to it are told so.
    if part_path(place.post, number) != request.path:
        return redirect(with_lang(part_path(place.post, number)), 301)
    return post_answer(place, blog(), number)


@entries.post("/posts/<int:post_id>/opening")
def create_opening(post_id: int) -> ResponseReturnValue:
    """Let this browser read what is behind a password, if it is the right one."""
    limit("post-password", address(), TRIES, WINDOW_SECONDS)
    post = finding.with_id(db(), post_id)
    if post is None:
        missing()
    locks, password = Locks(application().settings), request.form.get("password", "")
    if not locks.opens(post, password):
        return locked(post, blog(), _("This is not the password."), 422)
    response = redirect(with_lang(post.path), 303)
    locks.remember(post, request, response)
    return response


def is_readable(post: Post) -> bool:
    """Whether this visitor may read it; only for what is not for everybody it matters who asks."""
    return post.published or (post.published_at is not None and post.may_be_read_by(visitor()))


def moved(slug: str) -> ResponseReturnValue:
    """Where what had this slug is now, or 404."""
    now_at = finding.moved(db(), slug)
    return redirect(with_lang(now_at.path), 301) if now_at else missing()


def post_answer(place: finding.Place, decided: Options, number: int) -> ResponseReturnValue:
    """A part of a post with comments and neighbours."""
    post = place.post
    near = {"before": place.before, "after": place.after, "structured": structured.of_post(origin(), decided, post)}
    return guarded(post, decided, lambda: entry("show", post, decided, number, part_path(post, number), **near))


def page_answer(post: Post, decided: Options, number: int, path: str) -> ResponseReturnValue:
    """A part of a page, with the way to it and what stands below it."""

    def page() -> str:
        # What is hidden still stands in the address, but nobody is told its title or led to it.
        above = [one for one in reversed(list(post.lineage())[1:]) if one.published]
        crumbs = [Crumb(one.title, one.path) for one in above]
        data = structured.of_page(origin(), post, crumbs)
        return entry("page", post, decided, number, path, crumbs=crumbs, below=children(db(), post), structured=data)

    return guarded(post, decided, page)


def guarded(post: Post, decided: Options, page: Callable[[], str]) -> ResponseReturnValue:
    """The page for everybody, or what only some may see, which nobody keeps."""
    if not Locks(application().settings).is_open(post, request):
        return locked(post, decided)
    if post.password or not post.published:
        return personal(page())
    return page()


def locked(post: Post, decided: Options, problem: str = "", status: int = 200) -> Response:
    """What asks for the password."""
    return personal(shown("locked", decided, post.path, post=post, problem=problem), status)


def entry(template: str, post: Post, decided: Options, number: int, path: str, **context: Any) -> str:
    """A part of a post or page with its terms and comments; 404 if it has no such part."""
    parts = post.parts
    if number > len(parts):
        missing()
    try:
        talk = {**discussion(post, decided), "sorting": Sorting.of(db(), [post.id])}
    except NoSuchPage:
        missing()
    divided = {"html": parts[number - 1], "number": number, "parts": len(parts)}
    return shown(template, decided, path, post=post, **divided, **talk, **context)


@entries.app_template_global()
def part_path(post: Post, number: int) -> str:
    """Where that part of a post is."""
    return post.path if number == 1 else f"{post.path}{number}/"
