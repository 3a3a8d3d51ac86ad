"""Feeds as RSS 2.0, Atom and JSON Feed 1.1, built with the standard library.

feedgen would bring lxml, some 15 MB and a C library, for two small documents. An item is written once in each process,
for as long as it says the same.
"""

import json
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from apps.mywordpress.feeds.channels import MOST_KEPT, Channel, Item
from apps.mywordpress.posts.rendering import UNWRITABLE

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wfw="http://wellformedweb.org/CommentAPI/">'
)
ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"


def rss(channel: Channel, language: str) -> bytes:
    """An RSS 2.0 document."""
    return _document(
        f"{RSS}<channel>",
        _element("title", channel.title),
        _element("link", channel.url),
        _element("description", channel.description or channel.title),
        _element("language", language),
        _element("lastBuildDate", format_datetime(channel.updated, usegmt=True)) if channel.items else "",
        _element("atom:link", href=channel.base, rel="self", type="application/rss+xml"),
        *map(_item, channel.items),
        "</channel></rss>",
    )


@lru_cache(maxsize=MOST_KEPT)
def _item(item: Item) -> str:
    parts = [
        _element("title", item.title),
        _element("link", item.url),
        _element("guid", item.id, isPermaLink="false"),
        _element("pubDate", format_datetime(item.published, usegmt=True)),
        _element("dc:creator", item.author),
        *(_element("category", category) for category in item.categories),
        _element("description", item.summary),
        _element("content:encoded", item.html) if item.html else "",
        # Of several, most readers of RSS would take the last or fail.
        *(_element("enclosure", url=one.url, length=str(one.size), type=one.mime_type) for one in item.sounds[:1]),
        _element("wfw:commentRss", item.replies) if item.replies else "",
    ]
    return f"<item>{''.join(parts)}</item>"


def atom(channel: Channel, language: str) -> bytes:
    """An Atom document."""
    return _document(
        f'<feed xmlns="{ATOM}" xml:lang={quoteattr(language)}>',
        _element("title", channel.title),
        _element("subtitle", channel.description) if channel.description else "",
        _element("id", channel.url),
        _element("link", href=channel.url, rel="alternate", type="text/html"),
        _element("link", href=f"{channel.base}atom/", rel="self", type="application/atom+xml"),
        _element("updated", stamp(channel.updated)),
        *map(_entry, channel.items),
        "</feed>",
    )


@lru_cache(maxsize=MOST_KEPT)
def _entry(item: Item) -> str:
    parts = [
        _element("title", item.title),
        _element("id", item.id),
        _element("link", href=item.url, rel="alternate", type="text/html"),
        _element("published", stamp(item.published)),
        _element("updated", stamp(item.updated)),
        f"<author>{_element('name', item.author)}</author>",
        *(_element("category", term=category) for category in item.categories),
        _element("summary", item.summary),
        _element("content", item.html, type="html") if item.html else "",
        *(
            _element("link", href=one.url, rel="enclosure", type=one.mime_type, length=str(one.size))
            for one in item.sounds
        ),
    ]
    return f"<entry>{''.join(parts)}</entry>"


def json_feed(channel: Channel, language: str) -> bytes:
    """A JSON Feed of version 1.1."""
    found = {
        "version": JSON_FEED,
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.url,
        "feed_url": f"{channel.base}json/",
        "language": language,
        "items": [_json(item) for item in channel.items],
    }
    return json.dumps({name: value for name, value in found.items() if value != ""}, ensure_ascii=False).encode()


def _json(item: Item) -> dict[str, Any]:
    sounds = [{"url": one.url, "mime_type": one.mime_type, "size_in_bytes": one.size} for one in item.sounds]
    content = {"content_html": item.html} if item.html else {"content_text": item.summary}
    more = {"title": item.title, "summary": item.summary, "tags": item.categories, "attachments": sounds}
    return {
        "id": item.id,
        "url": item.url,
        **content,
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": [{"name": item.author}],
        **{name: value for name, value in more.items() if value},
    }


def stamp(moment: datetime) -> str:
    """A moment, which is in UTC, as RFC 3339 writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _element(name: str, text: str = "", /, **attributes: str) -> str:
    # What people tell about themselves and their categories may hold what no XML can.
    given = "".join(f" {key}={quoteattr(UNWRITABLE.sub('', value))}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(UNWRITABLE.sub('', text))}</{name}>" if text else f"<{name}{given} />"


def _document(*parts: str) -> bytes:
    return "".join((DECLARATION, *parts)).encode()
