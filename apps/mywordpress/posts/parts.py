"""Where an author divides a text: `<!--more-->` ends what lists show, `<!--nextpage-->` begins another page.

They stand in the HTML that is stored, too: each piece between them is complete HTML, and it holds no other comment.
"""

import re

DIVIDER = re.compile(r"<!--\s*(?:(?P<more>more)(?P<text>[^<>]{0,200}?)|nextpage)\s*-->")
# How WordPress's block editor wraps them.
WRAPPED = re.compile(r"<!--\s*/?wp:(?:more|nextpage)\b[^>]*?-->|<!--\s*noteaser\s*-->")
NEXT_PAGE = "<!--nextpage-->"
MORE = "<!--more-->"


def divider(text: str) -> str:
    """The divider that the text is, and nothing else, as it is stored; empty for any other text."""
    found = DIVIDER.fullmatch(text.strip())
    return _normal(found) if found else ""


def divided(body: str) -> list[str]:
    """The pieces of an HTML body, with a stored divider between each two."""
    text = WRAPPED.sub("", body)
    pieces: list[str] = []
    at = 0
    for found in DIVIDER.finditer(text):
        pieces += [text[at : found.start()], _normal(found)]
        at = found.end()
    return [*pieces, text[at:]]


def pages_of(html: str) -> list[str]:
    """Stored HTML as its pages, at least one."""
    return html.split(NEXT_PAGE)


def teaser_of(html: str) -> str:
    """What stands before the first `<!--more-->` of the first page; empty without one."""
    before, found = _divided_once(html)
    return before if found else ""


def more_text(html: str) -> str:
    """What the author wrote for the link that leads on, `<!--more Read on-->`; empty where nothing was said."""
    _, found = _divided_once(html)
    return found["text"].strip() if found else ""


def _divided_once(html: str) -> "tuple[str, re.Match[str] | None]":
    first = pages_of(html)[0]
    found = next((one for one in DIVIDER.finditer(first) if one["more"]), None)
    return (first[: found.start()] if found else first), found


def _normal(found: "re.Match[str]") -> str:
    if not found["more"]:
        return NEXT_PAGE
    text = found["text"].strip().replace("--", "")
    return f"<!--more {text}-->" if text else MORE
