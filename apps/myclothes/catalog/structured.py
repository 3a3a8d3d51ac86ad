"""What search engines read of a page, in the words of schema.org."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from apps.myclothes import SITE
from apps.myclothes.catalog.cards import Card, Colour, Piece
from apps.myclothes.catalog.pages import ProductPage
from apps.myclothes.catalog.pictures import picture_address
from apps.myclothes.catalog.shelves import Shelf
from apps.myclothes.money import CURRENCY

CONTEXT = "https://schema.org"


def of_product(page: ProductPage, path: list[Shelf]) -> list[dict[str, Any]]:
    """A group of variants, each with its offer, and the way to it."""
    card = page["card"]
    group = {
        "@context": CONTEXT,
        "@type": "ProductGroup",
        "name": card["name"],
        "description": page["description"],
        "material": page["material"],
        "category": " > ".join(shelf["name"] for shelf in path),
        "productGroupID": str(card["id"]),
        "url": address(card),
        "variesBy": [f"{CONTEXT}/color", f"{CONTEXT}/size"],
        "hasVariant": [_variant(card, colour, piece) for colour in card["colours"] for piece in colour["pieces"]],
    }
    return [group, of_path(path)]


def of_shelf(cards: Sequence[Card], path: list[Shelf]) -> list[dict[str, Any]]:
    """What stands on a page of a shelf, in order, and the way to it."""
    items = [
        {"@type": "ListItem", "position": place, "url": address(card), "name": card["name"]}
        for place, card in enumerate(cards, start=1)
    ]
    return [{"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}, of_path(path)]


def of_path(path: list[Shelf]) -> dict[str, Any]:
    """The shelves that lead to a page."""
    items = [
        {
            "@type": "ListItem",
            "position": place,
            "name": shelf["name"],
            "item": url_for("catalog.show_shelf", slug=shelf["slug"], _external=True),
        }
        for place, shelf in enumerate(path, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def of_site() -> list[dict[str, Any]]:
    """The shop itself, and how to search in it."""
    home, target = url_for("catalog.index", _external=True), url_for("catalog.search", _external=True)
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{target}{'&' if '?' in target else '?'}q={{words}}"},
        "query-input": "required name=words",
    }
    return [{"@context": CONTEXT, "@type": "WebSite", "name": SITE.title, "url": home, "potentialAction": search}]


def address(card: Card, colour: Colour | None = None) -> str:
    """The whole address of a product in one of its colours, its first unless told."""
    shown = colour or card["colours"][0]
    return url_for("catalog.show", slug=card["slug"], colour=shown["slug"], _external=True)


def _variant(card: Card, colour: Colour, piece: Piece) -> dict[str, Any]:
    stock = "InStock" if piece["stock"] else "OutOfStock"
    return {
        "@type": "Product",
        "sku": piece["sku"],
        "name": f"{card['name']}, {colour['name']}, {piece['size']}",
        "color": colour["name"],
        "size": piece["size"],
        "image": picture_address(colour["picture"], whole=True),
        "offers": {
            "@type": "Offer",
            "url": address(card, colour),
            "price": f"{piece['price_cents'] // 100}.{piece['price_cents'] % 100:02}",
            "priceCurrency": CURRENCY,
            "availability": f"{CONTEXT}/{stock}",
            "itemCondition": f"{CONTEXT}/NewCondition",
        },
    }
