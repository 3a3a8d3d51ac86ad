"""Posts shown within pages of others: who asks by oEmbed is told of a frame, and the frame holds this page."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from apps.chassis.context import db
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.mywordpress.feeds.channels import address
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front import finding
from apps.mywordpress.front.answers import blog, missing, origin, shown
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post

embeds = Blueprint("embeds", __name__)

NARROWEST, WIDEST, SHAPE = 200, 600, 9 / 16
# Whoever likes may frame it; so it can do nothing but be read.
POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'none'; object-src 'none'; base-uri 'none';"
    " form-action 'none'; frame-ancestors *"
)
FRAME = Markup(
    '<blockquote class="wp-embedded-content"><a href="{url}">{title}</a></blockquote>'
    '<iframe class="wp-embedded-content" sandbox="allow-popups allow-popups-to-escape-sandbox" src="{url}embed/"'
    ' width="{width}" height="{height}" title="{title}" loading="lazy" style="border:0"></iframe>'
)


@embeds.get("/oembed")
@embeds.get("/wp-json/oembed/1.0/embed")
def index() -> ResponseReturnValue:
    """How to embed the post at `url`, as JSON or XML."""
    kind = request.args.get("format", "json")
    if kind not in ("json", "xml"):
        abort(501, _("An embed is told as json or xml."))
    post = at(request.args.get("url") or abort(400, _("Tell the url of what is to be embedded.")))
    told = description(post, blog(), min(max(size("maxwidth", WIDEST), NARROWEST), WIDEST))
    return jsonify(told) if kind == "json" else as_xml(told)


@embeds.get("/<path:path>/embed/")
@kept
def show(path: str) -> ResponseReturnValue:
    """What the frame holds."""
    post = public(finding.at(db(), path))
    response = make_response(shown("embed", blog(), post.path, post=post))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def at(url: str) -> Post:
    """The post or page at a whole address of ours, by its permalink or its number; 404 for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        missing()
    if f"{parts.scheme}://{parts.netloc}" != origin():
        missing()
    path, query = unquote(parts.path), parse_qs(parts.query)
    if path in ("", "/"):
        return public(numbered((query.get("p") or query.get("page_id") or [""])[0]))
    return public(finding.at(db(), path))


def numbered(text: str) -> Post | None:
    """The post or page of that number, or of the front page if none is told."""
    try:
        wanted = number(text) if text else blog().front_page_id
    except ValueError:
        return None
    return finding.with_id(db(), wanted) if wanted is not None else None


def public(post: Post | None) -> Post:
    """The post, if everybody may read it."""
    return post if post is not None and post.published and not post.password else missing()


def size(name: str, default: int) -> int:
    """A size in pixels as it was asked for."""
    try:
        return number(request.args[name]) if name in request.args else default
    except ValueError:
        abort(400, _("%(name)s is a number of pixels.", name=name))


def description(post: Post, decided: Options, width: int) -> dict[str, Any]:
    """What oEmbed tells of a post."""
    url, height = address(origin(), post.path), round(width * SHAPE)
    frame = FRAME.format(url=url, title=post.title, width=width, height=height)
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": decided.title,
        "provider_url": f"{origin()}/",
        "author_name": post.author.name,
        "author_url": address(origin(), f"/author/{post.author.nicename}/"),
        "title": post.title,
        "width": width,
        "height": height,
        "html": str(frame),
    }
    if post.cover is not None:
        told["thumbnail_url"] = origin() + post.cover.src
        told |= {"thumbnail_width": post.cover.width, "thumbnail_height": post.cover.height}
    return told


def as_xml(told: dict[str, Any]) -> Response:
    root = ET.Element("oembed")
    for name, value in told.items():
        ET.SubElement(root, name).text = str(value)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(document, content_type="text/xml; charset=utf-8")
