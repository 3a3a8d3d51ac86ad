"""Feeds as RSS 2.0, Atom and JSON Feed 1.1, built with the standard library.

feedgen would bring lxml, some 15 MB and a C library, for two small documents; ElementTree escapes just as well.
"""

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from apps.mywordpress.feeds.channels import Channel, Item
from apps.mywordpress.posts.rendering import UNWRITABLE

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
REPLIES = "http://wellformedweb.org/CommentAPI/"
DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"
JSON_FEED = "https://jsonfeed.org/version/1.1"


def rss(channel: Channel, language: str) -> bytes:
    """An RSS 2.0 document."""
    spaces = ("atom", ATOM), ("content", CONTENT), ("dc", DUBLIN_CORE), ("wfw", REPLIES)
    for prefix, space in spaces:
        ET.register_namespace(prefix, space)
    root = ET.Element("rss", version="2.0")
    element = ET.SubElement(root, "channel")
    _text(element, "title", channel.title)
    _text(element, "link", channel.url)
    _text(element, "description", channel.description or channel.title)
    _text(element, "language", language)
    if channel.items:
        _text(element, "lastBuildDate", format_datetime(channel.updated, usegmt=True))
    ET.SubElement(element, f"{{{ATOM}}}link", href=channel.base, rel="self", type="application/rss+xml")
    for item in channel.items:
        _item(element, item)
    return _document(root)


def _item(channel: ET.Element, item: Item) -> None:
    element = ET.SubElement(channel, "item")
    _text(element, "title", item.title)
    _text(element, "link", item.url)
    ET.SubElement(element, "guid", isPermaLink="false").text = item.id
    _text(element, "pubDate", format_datetime(item.published, usegmt=True))
    _text(element, f"{{{DUBLIN_CORE}}}creator", item.author)
    for category in item.categories:
        _text(element, "category", category)
    _text(element, "description", item.summary)
    if item.html:
        _text(element, f"{{{CONTENT}}}encoded", item.html)
    # Of several, most readers of RSS would take the last or fail.
    for sound in item.sounds[:1]:
        ET.SubElement(element, "enclosure", url=sound.url, length=str(sound.size), type=sound.mime_type)
    if item.replies:
        _text(element, f"{{{REPLIES}}}commentRss", item.replies)


def atom(channel: Channel, language: str) -> bytes:
    """An Atom document."""
    ET.register_namespace("", ATOM)
    root = ET.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _text(root, _tag("title"), channel.title)
    if channel.description:
        _text(root, _tag("subtitle"), channel.description)
    _text(root, _tag("id"), channel.url)
    _link(root, channel.url, "alternate", type="text/html")
    _link(root, f"{channel.base}atom/", "self", type="application/atom+xml")
    _text(root, _tag("updated"), stamp(channel.updated))
    for item in channel.items:
        _entry(root, item)
    return _document(root)


def _entry(root: ET.Element, item: Item) -> None:
    element = ET.SubElement(root, _tag("entry"))
    _text(element, _tag("title"), item.title)
    _text(element, _tag("id"), item.id)
    _link(element, item.url, "alternate", type="text/html")
    _text(element, _tag("published"), stamp(item.published))
    _text(element, _tag("updated"), stamp(item.updated))
    author = ET.SubElement(element, _tag("author"))
    _text(author, _tag("name"), item.author)
    for category in item.categories:
        ET.SubElement(element, _tag("category"), term=category)
    _text(element, _tag("summary"), item.summary)
    if item.html:
        ET.SubElement(element, _tag("content"), type="html").text = item.html
    for sound in item.sounds:
        _link(element, sound.url, "enclosure", type=sound.mime_type, length=str(sound.size))


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


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    # What people tell about themselves and their categories may hold what no XML can.
    ET.SubElement(parent, tag).text = UNWRITABLE.sub("", text)


def _link(parent: ET.Element, href: str, rel: str, **more: str) -> None:
    ET.SubElement(parent, _tag("link"), {"href": href, "rel": rel, **more})


def _document(root: ET.Element) -> bytes:
    # To have it encoded piece by piece takes longer than to make all of it.
    text: str = ET.tostring(root, encoding="unicode")
    return DECLARATION + text.encode("utf-8", "xmlcharrefreplace")
