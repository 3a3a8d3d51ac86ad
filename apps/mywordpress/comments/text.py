"""What a comment says, as readers see it."""

import re
from html import escape

LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
TRAILING = ".,;:!?)"
PHRASES = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "q", "s", "strong", "sub", "sup"}
ALLOWED = PHRASES | {"blockquote", "li", "ol", "p", "pre", "ul"}


def html_of(text: str) -> str:
    """Paragraphs, line breaks and links of plain text; nothing in it is taken for HTML."""
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{_linked(part)}</p>" for part in paragraphs if part)


def sanitised(html: str) -> str:
    """What of HTML from elsewhere a comment may hold."""
    import nh3

    attributes = {"a": {"href", "title"}, "abbr": {"title"}}
    return nh3.clean(html, tags=ALLOWED, attributes=attributes, link_rel="nofollow ugc noopener")


def rendered(text: str, *, is_plain: bool) -> str:
    """The text as readers see it: plain words, or the HTML that WordPress keeps."""
    if is_plain:
        return html_of(text)
    from apps.mywordpress.posts.markup import Library, render_html

    return sanitised(render_html(text, Library())[0].html)


def links_in(text: str) -> int:
    """How many web addresses stand in it."""
    return len(LINK.findall(text))


def _linked(text: str) -> str:
    parts: list[str] = []
    at = 0
    for found in LINK.finditer(text):
        url = found.group().rstrip(TRAILING)
        link = f'<a href="{escape(url)}" rel="nofollow ugc noopener">{escape(url)}</a>'
        parts += [_escaped(text[at : found.start()]), link]
        at = found.start() + len(url)
    return "".join(parts) + _escaped(text[at:])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")
