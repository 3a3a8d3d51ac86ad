"""How WordPress writes what it exports, and how that is read: moments, texts, addresses, lists of PHP."""

import re
from datetime import UTC, datetime, tzinfo
from html import escape, unescape
from urllib.parse import quote, unquote

from apps.mywordpress.posts.columns import FIRST_YEAR, LAST_YEAR
from apps.mywordpress.posts.markup.tokens import Kind, tokens
from apps.mywordpress.posts.rendering import clean_text

NEVER = "0000-00-00 00:00:00"
MOMENT = "%Y-%m-%d %H:%M:%S"
PHP_TEXT = re.compile(r's:[0-9]{1,4}:"([^"]{0,200})"', re.ASCII)
LARGEST = 2**31 - 1


def moment(gmt: str, local: str, zone: tzinfo) -> datetime | None:
    """The moment of a pair of dates, of which WordPress leaves the first one empty for drafts; None for none."""
    found = _date(gmt)
    if found is not None:
        return found.replace(tzinfo=UTC)
    found = _date(local)
    return found.replace(tzinfo=zone).astimezone(UTC) if found else None


def _date(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text.strip(), MOMENT)  # noqa: DTZ007  # the zone is the caller's
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def gmt(at: datetime | None) -> str:
    """A moment as WordPress writes it in GMT; NEVER for none."""
    return f"{at:{MOMENT}}" if at else NEVER


def local(at: datetime, zone: tzinfo) -> str:
    """A moment as WordPress writes it in the zone of the site."""
    return f"{at.astimezone(zone):{MOMENT}}"


def plain(html: str) -> tuple[str, bool]:
    """The words of a title or a name on one line, and whether there were tags beside them."""
    parts = list(tokens(clean_text(html)))
    words = "".join(unescape(part.value) for part in parts if part.kind is Kind.TEXT)
    return " ".join(words.split()), any(part.kind is not Kind.TEXT for part in parts)


def marked(text: str) -> str:
    """Plain words as HTML, as WordPress keeps titles and names."""
    return escape(text, quote=False)


def readable(slug: str) -> str:
    """The slug that WordPress writes in percents."""
    return unquote(slug)


def percented(slug: str) -> str:
    """A slug as WordPress writes it."""
    return quote(slug, safe="").lower()


def number(text: str) -> int | None:
    """A number of a row; None for nothing, zero, or what is none."""
    text = text.strip()
    found = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0
    return found if 0 < found <= LARGEST else None


def whole(text: str) -> int:
    """A number that may be anything; 0 for what is none."""
    text = text.strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else 0


def php_texts(text: str) -> list[str]:
    """The texts of a list as PHP serialises it; a text that is no such list is one by itself."""
    return PHP_TEXT.findall(text) if text.startswith("a:") else text.split()


def php_list(texts: list[str]) -> str:
    """Texts as PHP serialises a list of them."""
    items = "".join(f'i:{index};s:{len(text.encode())}:"{text}";' for index, text in enumerate(texts))
    return f"a:{len(texts)}:{{{items}}}"
