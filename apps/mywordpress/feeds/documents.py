"""RSS 2.0 and Atom, built with the standard library.

feedgen would bring lxml, some 15 MB and a C library, for two small documents; ElementTree escapes just as well.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from apps.mywordpress.posts.pages import Entry

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
OWN_ADDRESS = re.compile(r'(?<= )(src|href)="/(?!/)')
SRCSET = re.compile(r' srcset="[^"]*"(?: sizes="[^"]*")?')


def rss(title: str, origin: str, entries: Sequence[Entry]) -> bytes:
    """An RSS 2.0 document of these entries; `origin` is what our addresses begin with, without a slash at its end."""
    for prefix, space in (("atom", ATOM), ("content", CONTENT), ("dc", DUBLIN_CORE)):
        ET.register_namespace(prefix, space)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", title)
    _text(channel, "link", f"{origin}/")
    _text(channel, "description", f"{title}, newest posts")
    _text(channel, "language", "en")
    ET.SubElement(channel, f"{{{ATOM}}}link", href=f"{origin}/feed/", rel="self", type="application/rss+xml")
    for entry in entries:
        _item(channel, origin, entry)
    return _document(root)


def _item(channel: ET.Element, origin: str, entry: Entry) -> None:
    item = ET.SubElement(channel, "item")
    _text(item, "title", entry["title"])
    _text(item, "link", origin + entry["path"])
    # The number stays when an address changes, so no reader gets a post twice.
    ET.SubElement(item, "guid", isPermaLink="false").text = f"{origin}/?p={entry['id']}"
    _text(item, "pubDate", format_datetime(_moment(entry["published_at"]), usegmt=True))
    _text(item, f"{{{DUBLIN_CORE}}}creator", entry["author"])
    _text(item, "description", entry["summary"])
    _text(item, f"{{{CONTENT}}}encoded", _absolute(entry["html"], origin))


def atom(title: str, origin: str, entries: Sequence[Entry]) -> bytes:
    """An Atom document of these entries."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _text(root, f"{{{ATOM}}}title", title)
    _text(root, f"{{{ATOM}}}id", f"{origin}/")
    _link(root, f"{origin}/", "alternate")
    _link(root, f"{origin}/feed/atom/", "self")
    moments = [entry["updated_at"] for entry in entries] or ["1970-01-01T00:00:00+00:00"]
    _text(root, f"{{{ATOM}}}updated", _stamp(max(moments, key=_moment)))
    for entry in entries:
        _entry(root, origin, entry)
    return _document(root)


def _entry(root: ET.Element, origin: str, entry: Entry) -> None:
    element = ET.SubElement(root, f"{{{ATOM}}}entry")
    _text(element, f"{{{ATOM}}}title", entry["title"])
    _text(element, f"{{{ATOM}}}id", f"{origin}/?p={entry['id']}")
    _link(element, origin + entry["path"], "alternate")
    _text(element, f"{{{ATOM}}}published", _stamp(entry["published_at"]))
    _text(element, f"{{{ATOM}}}updated", _stamp(entry["updated_at"]))
    author = ET.SubElement(element, f"{{{ATOM}}}author")
    _text(author, f"{{{ATOM}}}name", entry["author"])
    _text(element, f"{{{ATOM}}}summary", entry["summary"])
    ET.SubElement(element, f"{{{ATOM}}}content", type="html").text = _absolute(entry["html"], origin)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _link(parent: ET.Element, href: str, rel: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", href=href, rel=rel)


def _document(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _absolute(html: str, origin: str) -> str:
    """A feed is read elsewhere, so its links and pictures need our address; few readers know `srcset`."""
    return OWN_ADDRESS.sub(rf'\1="{origin}/', SRCSET.sub("", html))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _stamp(text: str) -> str:
    return _moment(text).strftime("%Y-%m-%dT%H:%M:%SZ")
