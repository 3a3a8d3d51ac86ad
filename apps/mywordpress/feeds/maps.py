"""The sitemap's addresses."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.mywordpress.feeds import sitemaps
from apps.mywordpress.feeds.channels import address
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front.answers import missing, origin

maps = Blueprint("maps", __name__)

MOST_PARTS = 100_000
KINDS = ", ".join(f"'{kind}'" for kind in sitemaps.PARTS)


@maps.get("/wp-sitemap.xml")
@kept
def index() -> ResponseReturnValue:
    whole = origin()
    each = [f"{kind}-{number}" for kind, count in sitemaps.parts(db()) for number in range(1, count + 1)]
    return document(sitemaps.index_document(f"{whole}/wp-sitemap-{part}.xml" for part in each))


@maps.get(f"/wp-sitemap-<any({KINDS}):kind>-<int(min=1,max={MOST_PARTS}):number>.xml")
@kept
def show(kind: str, number: int) -> ResponseReturnValue:
    found, whole = sitemaps.places(db(), kind, number), origin()
    if not found:
        missing()
    return document(sitemaps.document((address(whole, place.path), place.changed_at) for place in found))


def document(xml: bytes) -> Response:
    response = Response(xml, content_type="application/xml; charset=utf-8")
    response.cache_control.no_cache = True
    return response
