"""Pictures, sound and film: from the library they are shown, from elsewhere they become links."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.markup import losses
from apps.mywordpress.posts.markup.allowed import address, own_key
from apps.mywordpress.posts.markup.attributes import classes, written
from apps.mywordpress.posts.markup.library import Library
from apps.mywordpress.posts.markup.losses import Losses
from apps.mywordpress.posts.markup.nest import Nest
from apps.mywordpress.posts.rendering import SIZES

MOST_COLUMNS = 9
# In all galleries of a body together, for a few letters name them all.
MOST_PICTURES = 1000
LONGEST_TEXT = 200


@dataclass(slots=True)
class Allowance:
    """How many pictures the galleries of a body may still show."""

    left: int = MOST_PICTURES


@dataclass(slots=True)
class Pictures:
    """Writes them; a page that depended on a foreign host would tell it who reads here."""

    library: Library
    nest: Nest
    lost: Losses
    allowance: Allowance

    def picture(self, attributes: dict[str, str]) -> None:
        """An `img`."""
        src = attributes.get("src", "").strip()
        key, text = own_key(src), attributes.get("alt") or attributes.get("title") or ""
        if key:
            names = classes("img", attributes, self.lost)
            self.nest.piece(_shown(self.library.by_key.get(key), src, attributes.get("alt", ""), names, attributes))
        elif src:
            self.elsewhere(losses.PICTURE, src, text)

    def gallery(self, numbers: Iterable[int], columns: str) -> None:
        """The pictures of these numbers, side by side."""
        wide = min(max(int(columns[:2]), 1), MOST_COLUMNS)
        if not self.nest.open_block("div", f'<div class="gallery gallery-columns-{wide}">'):
            return
        for number in list(numbers)[: self.allowance.left]:
            self.allowance.left -= 1
            picture = self.library.by_id.get(number)
            if picture is None:
                self.lost.add(losses.MISSING, str(number))
            else:
                self._item(picture)
        self.nest.close_block("div")

    def _item(self, picture: Attachment) -> None:
        self.nest.open_block("figure", '<figure class="gallery-item">')
        if picture.key:
            self.nest.piece(_shown(picture, picture.src, picture.alt, "", {}))
        else:
            self.elsewhere(losses.PICTURE, picture.source_url, picture.alt)
        if picture.caption:
            self.nest.open_block("figcaption", '<figcaption class="wp-caption-text">')
            self.nest.text(escape(picture.caption))
        self.nest.close_block("figure")

    def sound_or_film(self, kind: str, src: str) -> None:
        """An `audio` or a `video`."""
        if own_key(src):
            self.nest.piece(f'<{kind} src="{escape(src)}" controls preload="none"></{kind}>')
        elif src:
            self.elsewhere(losses.FILE, src, "")

    def elsewhere(self, loss: str, src: str, text: str) -> None:
        """A link to what is not in the library."""
        url, words = address(src), escape(text[:LONGEST_TEXT].strip() or _file_name(src))
        self.lost.add(loss, src)
        self.nest.piece(words if url is None or self.nest.is_in("a") else f"{written('a', href=url)}{words}</a>")


def _file_name(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return unquote(path.rstrip("/").rpartition("/")[2])[:LONGEST_TEXT] or "file"


def _shown(picture: Attachment | None, src: str, alt: str, names: str, wanted: dict[str, str]) -> str:
    if picture is None:
        return f'<img src="{escape(src)}" alt="{escape(alt)}">'
    width = _width(picture, wanted.get("width", ""))
    height = round(picture.height * width / picture.width) if picture.width else 0
    sizes = "" if not picture.srcset else SIZES if width == picture.width else f"{width}px"
    size = {"width": str(width), "height": str(height)} if width and height else {}
    rest = written("img", **size, srcset=picture.srcset, sizes=sizes, **{"class": names}, loading="lazy")
    return f'<img src="{escape(picture.src)}" alt="{escape(alt)}"{rest.removeprefix("<img")}'


def _width(picture: Attachment, wanted: str) -> int:
    is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) <= 5
    return min(int(wanted), picture.width) or picture.width if is_number else picture.width
