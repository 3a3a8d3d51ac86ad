"""Addresses made of titles, in any script."""

import re
import unicodedata

LONGEST_SLUG = 200
# Room for what the trash adds.
LONGEST_STORED = 220
UNNAMED = "post"
TRASHED = "__trashed"
OF_TRASH = re.compile(rf"{TRASHED}(-\d+)?$", re.ASCII)
APOSTROPHES = str.maketrans("", "", "'’ʼ")
# Behind the address of any post these are something else.
SUFFIXES = frozenset({"feed", "embed", "page"})
# Where our own addresses begin, so that no page can stand there. The numbers of years are archives.
RESERVED = frozenset(
    {"account", "architecture", "assets", "author", "authors", "category", "comments", "email-change", "exports"}
    | {
        "health",
        "imports",
        "media",
        "menus",
        "metrics",
        "oembed",
        "options",
        "pages",
        "password-reset",
        "posts",
        "register",
    }
    | {"search", "sign-in", "sign-out", "static", "tag", "terms", "type", "users", "whoami"}
    | {"wp-admin", "wp-content", "wp-includes", "wp-json", "wp-login"}
)
YEAR = re.compile(r"\d{4}", re.ASCII)


def slug_of(title: str) -> str:
    """The words of `title` in lower case, joined by hyphens; letters of every script are kept, composed (NFC)."""
    text = unicodedata.normalize("NFC", title).lower().translate(APOSTROPHES)
    kept = "".join(c if c.isalnum() or c == "_" or unicodedata.category(c).startswith("M") else " " for c in text)
    return _cut("-".join(kept.split())) or UNNAMED


def _cut(slug: str) -> str:
    if len(slug) <= LONGEST_SLUG:
        return slug
    whole_words, _, rest = slug[: LONGEST_SLUG + 1].rpartition("-")
    return whole_words or rest[:LONGEST_SLUG]


def numbered(slug: str, number: int) -> str:
    """The slug that is tried when `number - 1` others are taken."""
    return slug if number == 1 else f"{slug[: LONGEST_STORED - 7]}-{number}"


def is_reserved(slug: str, *, top_level: bool) -> bool:
    """Whether something else would stand at this address; `top_level` is where pages without a parent stand."""
    return slug in SUFFIXES or (top_level and (slug in RESERVED or YEAR.fullmatch(slug) is not None))


def trashed(slug: str) -> str:
    """The slug in the trash, where it keeps no address from others."""
    return slug if OF_TRASH.search(slug) else slug + TRASHED


def untrashed(slug: str) -> str:
    """The slug from before."""
    return OF_TRASH.sub("", slug)
