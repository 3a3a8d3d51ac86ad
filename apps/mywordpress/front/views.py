"""Lists of posts: home, archives by date, category, tag, format and author, and the search."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement
from werkzeug.exceptions import NotFound

from apps.chassis.context import db
from apps.chassis.errors import show as show_error
from apps.chassis.errors import within
from apps.chassis.formats import format_date
from apps.chassis.identifiers import number as number_of
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language, with_lang
from apps.chassis.wordindex import LONGEST_QUERY
from apps.mywordpress.freshness.shared import shared
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front import finding, structured
from apps.mywordpress.front.answers import Crumb, blog, missing, origin, shown
from apps.mywordpress.front.entries import page_answer
from apps.mywordpress.front.fragments import fragments_of
from apps.mywordpress.front.listings import (
    NEWEST,
    STICKY_FIRST,
    NoSuchPage,
    listing,
    of_author,
    of_month,
    of_terms,
    of_year,
)
from apps.mywordpress.front.searching import highlighted, search
from apps.mywordpress.front.tongues import in_its_language
from apps.mywordpress.options.models import Options
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term
from apps.mywordpress.terms.trees import Tree, path_of

front = Blueprint("front", __name__)
front.record_once(within("mywordpress/layout.html"))
front.add_app_template_global(highlighted)
front.record_once(lambda state: state.app.jinja_env.globals.update(fragment=fragments_of(state.app.jinja_env)))
front.add_app_template_filter(in_its_language)

View = Callable[..., ResponseReturnValue]
V = TypeVar("V", bound=View)
T = TypeVar("T")
YEAR = "<int(fixed_digits=4, min=1, max=9998):year>"
MONTH = "<int(fixed_digits=2, min=1, max=12):month>"


def lists(rule: str) -> Callable[[V], V]:
    """Register a view for a list at this address, and for its further pages below it."""

    def register(view: V) -> V:
        view = kept(view)
        front.add_url_rule(rule, view_func=view, defaults={"number": 1})
        front.add_url_rule(f"{rule}page/<int(min=1):number>/", view_func=view)
        return view

    return register


@lists("/")
def index(number: int) -> ResponseReturnValue:
    if request.args:
        old = redirected()
        if old is not None:
            return old
    decided = blog()
    if decided.front_page_id is not None:
        page = finding.with_id(db(), decided.front_page_id)
        if page is not None:
            return page_answer(page, decided, 1, "/") if number == 1 else missing()
    return home(decided, number, "/")


def home(decided: Options, number: int, path: str, heading: str = "") -> ResponseReturnValue:
    """The newest posts, the sticky ones first, at whichever address the owner has them."""
    found = found_or_missing(partial(listing, db(), number, decided.posts_per_page, order=STICKY_FIRST))
    data = structured.of_site(origin(), decided) if path == "/" and number == 1 else None
    context = {"listing": found, "base": path, "heading": heading, "structured": data, "feed": "/feed/"}
    return shown("index", decided, page_path(path, number), **context)


@lists(f"/{YEAR}/")
def year(year: int, number: int) -> ResponseReturnValue:
    return archive(f"/{year:04}/", number, [of_year(year)], f"{year:04}", _("Posts of a year"))


@lists(f"/{YEAR}/{MONTH}/")
def month(year: int, month: int, number: int) -> ResponseReturnValue:
    crumbs = [Crumb(f"{year:04}", f"/{year:04}/")]
    where, heading = [of_month(year, month)], format_date(date(year, month, 1), "yMMMM")
    return archive(f"/{year:04}/{month:02}/", number, where, heading, _("Posts of a month"), crumbs=crumbs)


@lists("/category/<path:path>/")
def category(path: str, number: int) -> ResponseReturnValue:
    tree = shared(db(), Tree.load)
    node = tree.named(path.rpartition("/")[2])
    if node is None:
        missing()
    if request.path != page_path(node.path, number):
        return redirect(with_lang(page_path(node.path, number)), 301)
    crumbs = [Crumb(above.name, above.path) for above in tree.trail(node.id)[:-1]]
    term = db().get_one(Term, node.id)
    extra: dict[str, Any] = {
        "description": term.description,
        "crumbs": crumbs,
        "below": tree.below(node.id),
        "feed": f"{node.path}feed/",
    }
    return archive(node.path, number, [of_terms(tree.within(node.id))], node.name, _("Category"), **extra)


@lists("/tag/<slug>/")
def tag(slug: str, number: int) -> ResponseReturnValue:
    term = Term.with_slug(db(), Taxonomy.TAG, slug)
    if term is None:
        missing()
    path = path_of(term)
    extra: dict[str, Any] = {"description": term.description, "feed": f"{path}feed/"}
    return archive(path, number, [of_terms([term.id])], term.name, _("Tag"), **extra)


@lists("/type/<slug>/")
def format(slug: str, number: int) -> ResponseReturnValue:
    term = Term.with_slug(db(), Taxonomy.FORMAT, FORMAT_PREFIX + slug)
    if term is None:
        missing()
    return archive(path_of(term), number, [of_terms([term.id])], term.name, _("Format"))


@lists("/author/<nicename>/")
def author(nicename: str, number: int) -> ResponseReturnValue:
    user = finding.author(db(), nicename)
    if user is None:
        missing()
    path = f"/author/{user.nicename}/"
    extra: dict[str, Any] = {"description": user.biography or "", "website": user.url, "feed": f"{path}feed/"}
    # Only who has published something is an author, and shown to everybody.
    return archive(path, number, [of_author(user)], user.name, _("Author"), must_hold=True, **extra)


@front.get("/search")
@kept
def find() -> ResponseReturnValue:
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    try:
        number = max(number_of(request.args.get("page", "1")), 1)
    except ValueError:
        missing()
    decided = blog()
    found = found_or_missing(partial(search, db(), query, number, decided.posts_per_page))
    return shown("search", decided, "/search", listing=found.listing, excerpts=found.excerpts, query=query)


def archive(
    path: str,
    number: int,
    where: Sequence[ColumnElement[bool]],
    heading: str,
    kicker: str,
    *,
    must_hold: bool = False,
    **context: Any,
) -> ResponseReturnValue:
    """A page of the posts that meet the conditions, newest first."""
    decided = blog()
    found = found_or_missing(partial(listing, db(), number, decided.posts_per_page, *where, order=NEWEST))
    if must_hold and not found.posts:
        missing()
    whole = {"listing": found, "base": path, "heading": heading, "kicker": kicker, **context}
    return shown("archive", decided, page_path(path, number), **whole)


def found_or_missing(find: Callable[[], T]) -> T:
    """What is found, or 404 beyond the end of it."""
    try:
        return find()
    except NoSuchPage:
        missing()


def redirected() -> ResponseReturnValue | None:
    """Where the addresses lead that WordPress has without permalinks: a post by its number, and a search."""
    if "s" in request.args:
        return redirect(url_for("front.find", q=request.args["s"]), 301)
    wanted = request.args.get("p") or request.args.get("page_id")
    if wanted is None:
        return None
    try:
        post = finding.with_id(db(), number_of(wanted))
    except ValueError:
        missing()
    return redirect(with_lang(post.path), 301) if post else missing()


@front.app_errorhandler(404)
def not_found(error: NotFound) -> ResponseReturnValue:
    """What is missing, with a search beside it."""
    return show_error(error, "mywordpress/front/missing.html")


@front.app_template_global()
def page_path(base: str, number: int) -> str:
    """Where that page of a list is."""
    return base if number == 1 else f"{base}page/{number}/"


@front.app_template_filter()
def exactly(moment: datetime) -> str:
    """A moment as programs read it, to the second."""
    return moment.isoformat(timespec="seconds")


@front.app_template_filter()
def day(moment: str | datetime) -> str:
    """A date as people write it: 22 November 2026."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    # Most pages are in English, and need no calendar of other languages for that.
    return f"{at.day} {at:%B %Y}" if language() == "en" else format_date(at)
