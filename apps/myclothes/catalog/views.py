"""The front page, shelves, search and products: what everybody sees."""

from collections.abc import Callable
from functools import cache as once

from flask import Blueprint, Response, abort, render_template, request

from apps.chassis.assets import YEAR_SECONDS
from apps.chassis.context import application, cache, db, record
from apps.chassis.database import WRITER
from apps.chassis.errors import within
from apps.chassis.languages import gettext as _
from apps.myclothes.catalog import pages, shown
from apps.myclothes.catalog.kept import filled, pages_for_all
from apps.myclothes.catalog.listings import NoSuchPage
from apps.myclothes.catalog.photographs import content_of
from apps.myclothes.catalog.pictures import picture_address
from apps.myclothes.catalog.shelves import Shelves
from apps.myclothes.catalog.webp import KIND
from apps.myclothes.catalog.words import LONGEST_QUERY
from apps.myclothes.money import money

LONGEST_SLUG = 120
# A picture needs nothing of our origin, even if a browser could be brought to take it for a page.
PICTURE_POLICY = "default-src 'none'; sandbox"

Answer = Response | str | tuple[str, int]

catalog = Blueprint("catalog", __name__)
catalog.add_app_template_filter(money)
catalog.add_app_template_global(picture_address)
catalog.record_once(within("myclothes/layout.html"))


@catalog.app_context_processor
def tell_shelves() -> dict[str, Callable[[], Shelves]]:
    # A function: pages that show no shelves, such as errors, must not ask for them. Asked twice, it asks once.
    return {"shelves": once(lambda: pages.shelves(cache()))}


@catalog.get("/")
def index() -> Answer:
    return filled(pages_for_all(pages.FRONT, shown.front)[""])


@catalog.get("/shelves/<slug>")
def show_shelf(slug: str) -> Answer:
    if shown.is_narrowed(request.args):
        return _narrowed_shelf(slug)
    kept = pages_for_all(pages.shelf_name(slug), lambda db: shown.shelf(db, slug)) if is_slug(slug) else {}
    if not kept:
        abort(404, _("There is no such shelf in our shop."))
    return filled(kept[""])


@catalog.get("/products/<slug>")
def show(slug: str) -> Answer:
    kept = pages_for_all(pages.product_name(slug), lambda db: shown.product(db, slug)) if is_slug(slug) else {}
    if not kept:
        abort(404, _("We do not have this piece, or not any more."))
    return filled(kept.get(request.args.get("colour", ""), kept[""]))


@catalog.get("/pictures/<string(length=64):key>.webp")
def show_picture(key: str) -> Answer:
    """An uploaded picture. What is under a key never changes, so whoever has it need never ask again."""
    content = content_of(db(), key) or _written_just_now(key)
    if content is None:
        abort(404, _("There is no such picture."))
    response = Response(content, mimetype=KIND)
    response.set_etag(key[:32])
    response.cache_control.public = response.cache_control.immutable = True
    response.cache_control.max_age = YEAR_SECONDS
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.make_conditional(request)
    return response


@catalog.get("/search")
def search() -> Answer:
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    try:
        context = shown.found(db(), pages.shelves(cache()), query, request.args)
    except NoSuchPage:
        abort(404, _("There is no such page of what we found."))
    return render_template("myclothes/search.html", **context)


@catalog.get("/sitemap.xml")
def sitemap() -> Answer:
    """The addresses of all that there is to see, for search engines."""
    return Response(pages.sitemap(cache(), shown.sitemap), mimetype="application/xml")


def product_answer(slug: str, colour: str, problem: str = "", status: int = 200) -> tuple[str, int]:
    """A product's page in one of its colours as it is right now, with what went wrong; 404 for an unknown product."""
    found = pages.load_product(db(), slug) if is_slug(slug) else None
    if found is None:
        abort(404, _("We do not have this piece, or not any more."))
    context = shown.one_product(*found, colour)
    return render_template("myclothes/product.html", problem=problem, **context), status


def is_slug(slug: str) -> bool:
    """Whether a shelf or a product could have this name in its address."""
    return 0 < len(slug) <= LONGEST_SLUG and slug.isascii() and slug.isprintable()


def _written_just_now(key: str) -> bytes | None:
    """The picture from the writer: a page that was made anew may ask for it before it has come to every reader."""
    database = application().database
    if database is None or record().db == WRITER:
        return None
    with database.reader(pinned=True)[0] as writer:
        return content_of(writer, key)


def _narrowed_shelf(slug: str) -> str:
    page = pages.shelf_page(cache(), slug) if is_slug(slug) else None
    if page is None:
        abort(404, _("There is no such shelf in our shop."))
    try:
        context = shown.one_shelf(page, slug, request.args)
    except NoSuchPage:
        abort(404, _("There is no such page of this shelf."))
    return render_template("myclothes/shelf.html", **context)
