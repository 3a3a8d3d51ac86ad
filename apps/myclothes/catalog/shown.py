"""What the templates of the catalogue are given, and the pages that are kept whole."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from apps.chassis.languages import gettext as _
from apps.chassis.languages import shown_at
from apps.myclothes.catalog import pages, structured
from apps.myclothes.catalog.cards import Card, Colour, load_cards
from apps.myclothes.catalog.choices import PRICES, Choice, sizes_in_order
from apps.myclothes.catalog.kept import rendered
from apps.myclothes.catalog.listings import SORTS, order_of, page_of
from apps.myclothes.catalog.models import Product, slug_of
from apps.myclothes.catalog.pages import ProductPage, ShelfPage
from apps.myclothes.catalog.shelves import Shelves
from apps.myclothes.catalog.words import search
from apps.myclothes.money import money

FACETS = ("colour", "size", "price", "stock")
NARROWING = (*FACETS, "sort", "after", "before")
LONGEST_CHOICE = 40

Arguments = Mapping[str, str]
Context = dict[str, Any]


def front(db: Session) -> dict[str, str]:
    """The front page."""
    shelves, page = pages.load_front(db)
    shown_at(url_for("catalog.index"))
    return {"": rendered("home", shelves=lambda: shelves, page=page, structured=structured.of_site())}


def shelf(db: Session, slug: str) -> dict[str, str]:
    """The shelf of that name as it is before anybody narrows it down; {} if there is none."""
    page = pages.load_shelf(db, slug)
    return {"": rendered("shelf", **one_shelf(page, slug, {}))} if page else {}


def product(db: Session, slug: str) -> dict[str, str]:
    """The page of the product in each of its colours, by name, and under no name that of the best; {} without one."""
    found = pages.load_product(db, slug)
    if found is None:
        return {}
    shelves, page = found
    made = {}
    for colour in page["card"]["colours"]:
        shown_at(url_for("catalog.show", slug=slug, colour=colour["slug"]))
        made[colour["slug"]] = rendered("product", **one_product(shelves, page, colour["slug"]))
    return {"": made[_chosen(page["card"]["colours"], "")["slug"]], **made}


def sitemap(db: Session) -> str:
    """The list of all pages, as sitemaps.org has it."""
    whole = partial(url_for, _external=True, lang=None)
    shelves = [shelf for shelf in Shelves.load(db).all if shelf["count"]]
    addresses = [whole("catalog.index"), *(whole("catalog.show_shelf", slug=shelf["slug"]) for shelf in shelves)]
    # As in the cards, a colour that is written in no letter of ASCII has no address of its own.
    each = ((slug, slug_of(colour) or None) for slug, colour in pages.load_addresses(db))
    addresses += [whole("catalog.show", slug=slug, colour=colour) for slug, colour in each]
    return render_template("myclothes/sitemap.xml.jinja", addresses=addresses)


def is_narrowed(arguments: Arguments) -> bool:
    """Whether more is asked for than the shelf as it stands."""
    return any(arguments.get(name) for name in NARROWING)


def one_shelf(page: ShelfPage, slug: str, arguments: Arguments) -> Context:
    """A shelf that exists, narrowed down. Raises NoSuchPage."""
    shelves = Shelves(page["shelves"])
    shelf = shelves.named(slug)
    assert shelf is not None
    path = shelves.path(shelf)
    listed = _listed(page["cards"], arguments, partial(url_for, "catalog.show_shelf", slug=slug))
    return listed | {
        "shelves": lambda: shelves,
        "shelf": shelf,
        "path": path,
        "here": [each["slug"] for each in path],
        "below": shelves.below(shelf),
        "structured": structured.of_shelf(listed["page"].cards, path),
    }


def found(db: Session, shelves: Shelves, query: str, arguments: Arguments) -> Context:
    """What has every word of the query, best first unless another order is asked for. Raises NoSuchPage."""
    ids = search(db, query)
    cards = load_cards(db, shelves, Product.id.in_(ids)) if ids else []
    ranks = {found: rank for rank, found in enumerate(ids)}
    link = partial(url_for, "catalog.search", q=query)
    return _listed(cards, arguments, link, ranks) | {"query": query, "shelves": lambda: shelves}


def one_product(shelves: Shelves, page: ProductPage, colour: str) -> Context:
    """A product in the colour of that name, or else the first that is in stock."""
    card = page["card"]
    chosen = _chosen(card["colours"], colour)
    shelf = shelves.named(card["category_slug"])
    path = shelves.path(shelf) if shelf else []
    by_size = {piece["size"]: piece for piece in chosen["pieces"]}
    sizes = sizes_in_order(piece["size"] for each in card["colours"] for piece in each["pieces"])
    return {
        "shelves": lambda: shelves,
        "page": page,
        "card": card,
        "chosen": chosen,
        # A size that is not made in this colour is shown beside the others, and cannot be chosen.
        "sizes": [(size, by_size.get(size)) for size in sizes],
        "path": path,
        "here": [each["slug"] for each in path],
        "structured": structured.of_product(page, path),
    }


def _listed(
    cards: Sequence[Card], arguments: Arguments, link: Callable[..., str], ranks: Mapping[int, int] | None = None
) -> Context:
    choice = Choice(**{name: arguments.get(name, "")[:LONGEST_CHOICE] for name in FACETS})
    sort = arguments.get("sort", "") if arguments.get("sort", "") in SORTS else ""
    left = choice.narrow(cards)
    page = page_of(left, order_of(sort, ranks), arguments.get("after"), arguments.get("before"))
    kept = {name: getattr(choice, name) or None for name in FACETS} | {"sort": sort or None}
    shown_at(link(**kept))
    return {
        "page": page,
        "count": len(left),
        "total": len(cards),
        "choice": choice,
        "colours": choice.colours(cards),
        "sizes": choice.sizes(cards),
        "prices": [
            (option, _("Up to %(price)s", price=money(PRICES[option.value]))) for option in choice.prices(cards)
        ],
        "in_stock": choice.in_stock(cards),
        "sorts": [
            (name, _(title) if name or ranks is None else _("Best first")) for name, (title, _by) in SORTS.items()
        ],
        "sort": sort,
        "is_part": is_narrowed(arguments),
        "before": link(**kept, before=page.before) if page.before else None,
        "after": link(**kept, after=page.after) if page.after else None,
    }


def _chosen(colours: Sequence[Colour], slug: str) -> Colour:
    """The colour of that name, else the first one that is in stock."""
    by_name = [colour for colour in colours if colour["slug"] == slug]
    in_stock = [colour for colour in colours if any(piece["stock"] for piece in colour["pieces"])]
    return (by_name or in_stock or colours)[0]
