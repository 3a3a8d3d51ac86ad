"""HTML as a stream of tokens, read as browsers read it, in time that grows with the length alone."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from html import unescape
from typing import NamedTuple

BEGIN = re.compile(r"<(?=/?[a-zA-Z]|[!?])")
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# One attribute, or the end of the tag. A quote that never ends is taken for a letter, so nothing is read twice.
ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)?))?)"""
)
# What stands in these is no HTML for a browser, or nothing that a reader sees.
OPAQUE = frozenset(
    {"iframe", "math", "noembed", "noframes", "noscript", "script", "select", "style", "svg", "template", "textarea"}
    | {"title", "xmp"}
)
LONGEST_NAME = 30


class Kind(Enum):
    """What a token is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMENT = auto()


class Token(NamedTuple):
    """A piece of HTML: text as it was written (entities and all), the name of a tag, or what a comment says."""

    kind: Kind
    value: str
    attributes: dict[str, str] = {}  # noqa: RUF012  # nobody changes it


def tokens(html: str) -> Iterator[Token]:
    """The tokens of `html`. What is between the tags of a script and the like is left out."""
    at = 0
    while at < len(html):
        begin = BEGIN.search(html, at)
        start = begin.start() if begin else len(html)
        if start > at:
            yield _words(html[at:start])
        if begin is None:
            return
        token, at = _markup(html, start)
        yield token
        if token.kind is Kind.OPEN and token.value in OPAQUE:
            at = _end_of(token.value, html, at)


def _words(text: str) -> Token:
    return Token(Kind.TEXT, text.replace("<", "&lt;"))


def _markup(html: str, start: int) -> tuple[Token, int]:
    """The token that begins with the bracket at `start`, and where it ends."""
    if html.startswith("<!--", start):
        return _comment(html, start + 4, "-->")
    if html.startswith(("<!", "<?"), start):
        return _comment(html, start + 2, ">")
    found = TAG.match(html, start)
    if found is None or len(found[2]) > LONGEST_NAME:
        return _words("<"), start + 1
    return _tag(html, found)


def _comment(html: str, start: int, mark: str) -> tuple[Token, int]:
    end = html.find(mark, start)
    if end == -1:
        return Token(Kind.COMMENT, html[start:]), len(html)
    return Token(Kind.COMMENT, html[start:end]), end + len(mark)


def _tag(html: str, found: re.Match[str]) -> tuple[Token, int]:
    kind = Kind.CLOSE if found[1] else Kind.OPEN
    attributes: dict[str, str] = {}
    at = found.end()
    while attribute := ATTRIBUTE.match(html, at):
        at = attribute.end()
        if attribute["end"]:
            return Token(kind, found[2].lower(), attributes), at
        value = attribute[3] or attribute[4] or attribute[5] or ""
        attributes.setdefault(attribute["name"].lower(), unescape(value))
    # A tag that never ends takes the rest with it, for a browser too.
    return _words(html[found.start() :]), len(html)


def _end_of(name: str, html: str, at: int) -> int:
    found = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(html, at)
    if found is None:
        return len(html)
    end = html.find(">", found.start())
    return len(html) if end == -1 else end + 1
