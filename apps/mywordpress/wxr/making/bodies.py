"""The text of a post that comes from elsewhere: its pictures by our addresses and numbers, as far as we have them."""

import re
from html import unescape
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.markup.library import GALLERY
from apps.mywordpress.posts.rendering import OWN_PICTURE
from apps.mywordpress.wxr.making.made import Making
from apps.mywordpress.wxr.parts import ATTACHMENT

ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]]{1,1000}")
# WordPress's smaller copies of a picture: `hill-300x200.jpg` is one of `hill.jpg`.
COPY = re.compile(r"-[0-9]{1,5}x[0-9]{1,5}(?=\.[a-zA-Z0-9]{2,5}$)", re.ASCII)
SHORTCODE = re.compile(r"\[gallery\b[^\[\]]*\]", re.ASCII)
NUMBERS = re.compile(r"""(\b(?:ids|include|exclude)\s{0,9}=\s{0,9}["']?)([0-9, ]{1,5000})""", re.ASCII)
IMAGE_CLASS = re.compile(r"\bwp-image-([0-9]{1,10})\b", re.ASCII)


def adapted(making: Making, body: str) -> str:
    """The body with the addresses of files that the library has by now, and the numbers that they have here."""
    return _with_numbers(making, _with_addresses(making, body))


def _with_addresses(making: Making, body: str) -> str:
    found = {url: _original(url) for url in ADDRESS.findall(body)}
    if not found:
        return body
    keys = _stored(making, set(found.values()))
    return ADDRESS.sub(lambda match: _own(keys.get(found[match[0]])) or match[0], body) if keys else body


def _stored(making: Making, urls: set[str]) -> dict[str, str]:
    """The keys of those of these addresses whose file we have."""
    own = {url: match[1] for url in urls if (match := OWN_PICTURE.search(url))}
    named = Attachment.source_url.in_(urls), Attachment.key.in_(set(own.values()))
    rows = making.db.execute(
        select(Attachment.source_url, Attachment.key).where(or_(*named), Attachment.key != "")
    ).all()
    keys = {row.key for row in rows}
    return {url: key for url, key in own.items() if key in keys} | {row.source_url: row.key for row in rows}


def _original(url: str) -> str:
    """The address of the file itself, whatever size of it was asked for."""
    try:
        parts = urlsplit(unescape(url))
    except ValueError:
        return url
    return parts._replace(path=COPY.sub("", parts.path), query="", fragment="").geturl()


def _own(key: str | None) -> str:
    return f"/media/{key}" if key else ""


def _with_numbers(making: Making, body: str) -> str:
    if making.keeps_ids:
        return body
    body = IMAGE_CLASS.sub(lambda match: f"wp-image-{_number(making, match[1])}", body)
    return SHORTCODE.sub(lambda match: _renumbered(making, match[0]), body) if GALLERY in body else body


def _renumbered(making: Making, shortcode: str) -> str:
    def numbers(match: re.Match[str]) -> str:
        return match[1] + ",".join(_number(making, one.strip()) for one in match[2].split(",") if one.strip())

    return NUMBERS.sub(numbers, shortcode)


def _number(making: Making, source: str) -> str:
    made = making.importing.made_id(making.db, [ATTACHMENT], source)
    return str(made) if made else source
