"""XML as WordPress writes it: a line for each element, and text that nobody has to decode."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from apps.mywordpress.posts.rendering import UNWRITABLE

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
"""
TAIL = "</channel>\n</rss>\n"


def cdata(text: str) -> str:
    """A text as it is, without what XML cannot hold."""
    return f"<![CDATA[{UNWRITABLE.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def line(name: str, value: object) -> str:
    """An element with a text or a number."""
    text = cdata(value) if isinstance(value, str) else str(int(value))  # type: ignore[call-overload]
    return f"<{name}>{text}</{name}>\n"


def plain_line(name: str, text: str, **attributes: str) -> str:
    """An element whose text WordPress does not wrap, such as an address."""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(UNWRITABLE.sub('', text))}</{name}>\n"


def element(name: str, *inner: str) -> Iterator[str]:
    """An element with others in it."""
    yield f"<{name}>\n"
    yield from inner
    yield f"</{name}>\n"


def meta(name: str, value: str) -> str:
    """What is noted about an item."""
    return "".join(element("wp:postmeta", line("wp:meta_key", name), line("wp:meta_value", value)))


def filed(taxonomy: str, slug: str, name: str) -> str:
    """A term of an item."""
    return f"<category domain={quoteattr(taxonomy)} nicename={quoteattr(slug)}>{cdata(name)}</category>\n"
