"""The site as WordPress's export (WXR 1.2), row by row, so that its size costs no memory."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from sqlalchemy.orm import Session

from apps.mywordpress.options.models import Options
from apps.mywordpress.wxr.export.items import attachments, menu_items, posts
from apps.mywordpress.wxr.export.lines import HEAD, TAIL, line, plain_line
from apps.mywordpress.wxr.export.numbering import Exporting
from apps.mywordpress.wxr.export.terms import authors, categories, menus, other_terms

GENERATOR = "https://wordpress.org/?v=6.8 (MyWordPress)"
ALL = "all"
# What an export may be narrowed down to, in WordPress's words.
TYPES = (ALL, "post", "page", "attachment")

Part = Callable[[Exporting], Iterator[str]]
EVERYTHING: tuple[Part, ...] = (authors, categories, other_terms, menus, posts, attachments, menu_items)
PARTS: dict[str, tuple[Part, ...]] = {
    ALL: EVERYTHING,
    "post": (authors, posts),
    "page": (authors, posts),
    "attachment": (authors, attachments),
}


def export(db: Session, base: str, only: str = ALL) -> Iterator[str]:
    """The text of an export of all, or of one type; `base` is the public address of the site, without a slash."""
    exporting = Exporting(db, base, Options.read(db), only)
    yield HEAD
    yield from _heading(exporting)
    for part in PARTS[only]:
        yield from part(exporting)
    yield TAIL


def _heading(exporting: Exporting) -> Iterator[str]:
    options = exporting.options
    yield line("title", options.title)
    yield plain_line("link", exporting.base)
    yield line("description", options.tagline)
    yield plain_line("pubDate", format_datetime(datetime.now(UTC)))
    yield plain_line("language", "en")
    yield plain_line("wp:wxr_version", "1.2")
    yield plain_line("wp:base_site_url", exporting.base)
    yield plain_line("wp:base_blog_url", exporting.base)
    yield plain_line("generator", GENERATOR)
