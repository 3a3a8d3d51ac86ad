"""What the page of the cart tells in words: what has just been done, and what a sign-in has merged."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.languages import gettext as _
from apps.chassis.languages import ngettext
from apps.myclothes.cart.merging import Merged
from apps.myclothes.cart.models import MOST_PIECES, Contents, variants
from apps.myclothes.catalog.models import Variant

LARGEST_ID = 2**31 - 1


def moment() -> datetime:
    """The moment whose prices hold for this request."""
    return now()


def of_request(db: Session, contents: Contents) -> dict[str, Any]:
    """What the address says was done: `done` in words, and `removed`, which may be put back."""
    asked = {name: request.args.get(name, 0, type=int) for name in ("added", "changed", "removed", "were")}
    lines = {line.variant.id: line for line in contents.lines}
    if asked["added"] in lines:
        done = _("%(piece)s, is in your cart.", piece=name_of(lines[asked["added"]].variant))
        full = _(" More than %(most)s of a piece we cannot take.", most=MOST_PIECES) if request.args.get("full") else ""
        return {"done": done + full, "removed": None, "were": 0}
    if asked["changed"] in lines:
        line = lines[asked["changed"]]
        return {"done": _in_cart(line.variant, line.quantity), "removed": None, "were": 0}
    return _removal(db, contents, asked["removed"], asked["were"])


def of_merging(db: Session, merged: Merged) -> list[str]:
    """What was added to the cart of the account, and each piece of which some or all had no room."""
    known = variants(db, merged.moved | merged.left)
    pieces = sum(merged.moved.values())
    told = []
    if pieces:
        told.append(
            ngettext(
                "%(num)d piece that you had put in before you signed in was added to your cart.",
                "%(num)d pieces that you had put in before you signed in were added to your cart.",
                pieces,
            )
        )
    told += [_left_out(known[key], count) for key, count in sorted(merged.left.items()) if key in known]
    return told


def name_of(variant: Variant) -> str:
    """Such as "Oxford shirt in sky, size M"."""
    return _(
        "%(name)s in %(colour)s, size %(size)s",
        name=variant.product.name,
        colour=variant.colour.lower(),
        size=variant.size,
    )


def _removal(db: Session, contents: Contents, variant_id: int, were: int) -> dict[str, Any]:
    in_cart = contents.gone.keys() | {line.variant.id for line in contents.lines}
    wanted = {variant_id: were} if 0 < variant_id <= LARGEST_ID and variant_id not in in_cart else {}
    variant = variants(db, wanted).get(variant_id)
    if variant is None:
        return {"done": "", "removed": None, "were": 0}
    may_return = variant.product.published and variant.stock and 0 < were <= MOST_PIECES
    return {
        "done": _("%(piece)s, was removed.", piece=name_of(variant)),
        "removed": variant if may_return else None,
        "were": were,
    }


def _in_cart(variant: Variant, quantity: int) -> str:
    return ngettext(
        "%(num)d of %(piece)s, is in your cart.", "%(num)d of %(piece)s, are in your cart.", quantity,
        piece=name_of(variant),
    )  # fmt: skip


def _left_out(variant: Variant, count: int) -> str:
    return ngettext(
        "%(num)d of %(piece)s, was left out: your cart has no room for more.",
        "%(num)d of %(piece)s, were left out: your cart has no room for more.",
        count,
        piece=name_of(variant),
    )
