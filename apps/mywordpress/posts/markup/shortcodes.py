"""WordPress's shortcodes: `[caption]`, `[gallery]`, `[audio]`, `[video]` and `[embed]`, and addresses on their own."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

KNOWN = ("caption", "wp_caption", "gallery", "audio", "video", "embed")
# No bracket stands within one, so that each is read once, however many begin and never end.
SHORTCODE = re.compile(rf"\[(\[?)(/?)({'|'.join(KNOWN)})(?=[\s\]/])([^\[\]]*)\](\]?)")
ARGUMENT = re.compile(r"""([a-z0-9_-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"']+))|(\S+)""")
# What WordPress asks of a line before it embeds what is there.
LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"\[\]]{1,2000})[ \t]*$", re.MULTILINE)
SOURCES = {"audio": ("src", "mp3", "m4a", "ogg", "wav", "flac"), "video": ("src", "mp4", "m4v", "webm", "ogv", "flv")}


class Words(NamedTuple):
    """Text that is no shortcode."""

    text: str


class Shortcode(NamedTuple):
    """One with its arguments, or the end of one."""

    name: str
    arguments: dict[str, str]
    ends: bool
    written: str


class LoneAddress(NamedTuple):
    """An address that has a line for itself."""

    url: str


def parts(text: str) -> Iterator[Words | Shortcode | LoneAddress]:
    """A text apart into words, shortcodes and addresses that have a line for themselves."""
    at = 0
    for found in SHORTCODE.finditer(text):
        yield from _lines(text[at : found.start()])
        yield _shortcode(found)
        at = found.end()
    yield from _lines(text[at:])


def source(shortcode: Shortcode) -> str:
    """The file of an `[audio]` or `[video]`; empty if it names none."""
    arguments = shortcode.arguments
    return next((arguments[name] for name in SOURCES[shortcode.name] if arguments.get(name)), arguments.get("", ""))


def _shortcode(found: re.Match[str]) -> Words | Shortcode:
    doubled, ends, name, arguments, doubled_too = found.groups()
    if doubled and doubled_too:
        # Doubled brackets show a shortcode instead of doing it.
        return Words(found[0][1:-1])
    if doubled or doubled_too:
        return Words(found[0])
    return Shortcode(name.removeprefix("wp_"), _arguments(arguments), bool(ends), found[0])


def _arguments(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in ARGUMENT.finditer(unescape(text)):
        value = match[2] or match[3] or match[4] or match[5] or ""
        found.setdefault(match[1] or "", value)
    return found


def _lines(text: str) -> Iterator[Words | LoneAddress]:
    at = 0
    for found in LONE_ADDRESS.finditer(text):
        yield Words(text[at : found.start()])
        yield LoneAddress(unescape(found[1]))
        at = found.end()
    if at < len(text):
        yield Words(text[at:])
