"""The front page, shelves, search and products: what everybody sees."""

from flask import Blueprint, abort, render_template, request

from apps.chassis.context import cache, db
from apps.chassis.errors import within
from apps.myclothes.catalog.cards import Colour, cards_of
from apps.myclothes.catalog.choices import PRICES, Choice, colours_of, sizes_of
from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.pages import front_page, product_page, shelf_page
from apps.myclothes.money import money

LONGEST_QUERY = 100

catalog = Blueprint("catalog", __name__)
catalog.add_app_template_filter(money)
catalog.record_once(within("myclothes/layout.html"))


@catalog.app_context_processor
def tell_shelves() -> dict[str, object]:
    # A function: pages that show no shelves, such as errors, must not ask for them.
    return {"shelves": lambda: front_page(cache())["shelves"]}


@catalog.get("/")
def index() -> str:
    return render_template("myclothes/home.html", new=front_page(cache())["new"])


@catalog.get("/shelves/<slug>")
def show_shelf(slug: str) -> str:
    cards = shelf_page(cache(), slug)
    if not cards:
        abort(404, "There is no such shelf in our shop.")
    choice = _choice()
    return render_template(
        "myclothes/shelf.html",
        slug=slug,
        name=cards[0]["category"],
        cards=choice.narrow(cards),
        count=len(cards),
        choice=choice,
        colours=colours_of(cards),
        sizes=[(size, size) for size in sizes_of(cards)],
        prices=[(price, f"Up to {money(cents)}") for price, cents in PRICES.items()],
    )


@catalog.get("/search")
def search() -> str:
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    cards = cards_of(Product.search(db(), query)) if query else []
    return render_template("myclothes/search.html", query=query, cards=cards)


@catalog.get("/products/<slug>")
def show(slug: str) -> tuple[str, int]:
    return product_answer(slug, request.args.get("colour", ""))


def product_answer(slug: str, colour: str, problem: str = "", status: int = 200) -> tuple[str, int]:
    """A product's page in one of its colours, with what went wrong if anything did; 404 for an unknown product."""
    page = product_page(cache(), slug) if 0 < len(slug) <= 120 else None
    if page is None:
        abort(404, "We do not have this piece, or not any more.")
    colours = page["card"]["colours"]
    return (
        render_template(
            "myclothes/product.html", page=page, card=page["card"], chosen=_chosen(colours, colour), problem=problem
        ),
        status,
    )


def _chosen(colours: list[Colour], slug: str) -> Colour:
    """The colour of that name, else the first one that is in stock."""
    by_name = [colour for colour in colours if colour["slug"] == slug]
    in_stock = [colour for colour in colours if any(piece["stock"] for piece in colour["pieces"])]
    return (by_name or in_stock or colours)[0]


def _choice() -> Choice:
    wanted = {name: request.args.get(name, "")[:40] for name in ("colour", "size", "price")}
    return Choice(**wanted)
