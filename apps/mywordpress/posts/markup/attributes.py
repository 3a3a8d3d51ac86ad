"""The attributes of a tag as readers get them."""

from html import escape

from apps.mywordpress.posts.markup import losses
from apps.mywordpress.posts.markup.allowed import ALIGNED, CLASS, KEPT, NUMBERS
from apps.mywordpress.posts.markup.losses import Losses

LONGEST_VALUE = 500
# What says nothing to readers and is in everything that WordPress writes.
SILENT = frozenset({"data-id", "data-link", "data-full-url", "loading", "decoding", "aria-hidden"})


def written(name: str, **attributes: str) -> str:
    """A tag with the attributes that are not empty."""
    pairs = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{pairs}>"


def kept(name: str, attributes: dict[str, str], lost: Losses, *, handled: frozenset[str] = frozenset()) -> str:
    """The tag `name` with those of its attributes that may stay; the others are noted, but for those `handled`."""
    allowed = KEPT.get(name, frozenset())
    stay: dict[str, str] = {}
    for key, value in attributes.items():
        if key in ("class", "style") or key in handled or key in SILENT:
            continue
        if key in allowed and _is_fine(key, value):
            stay[key] = value
        else:
            lost.add(losses.ATTRIBUTE, f"{key} <{name}>")
    return written(name, **{"class": classes(name, attributes, lost)}, **stay)


def classes(name: str, attributes: dict[str, str], lost: Losses, *, more: str = "") -> str:
    """The classes that may stay, those that a style asks for, and `more`."""
    wanted = [*attributes.get("class", "").split(), *_styled(name, attributes.get("style", ""), lost)]
    for one in wanted:
        if not CLASS.fullmatch(one):
            lost.add(losses.CLASS, one)
    return " ".join(dict.fromkeys([*more.split(), *filter(CLASS.fullmatch, wanted)]))[:LONGEST_VALUE]


def _styled(name: str, style: str, lost: Losses) -> list[str]:
    found = ALIGNED.search(style.lower())
    if style and not (found and found.group().strip("; ") == style.strip("; ").lower()):
        lost.add(losses.ATTRIBUTE, f"style <{name}>")
    return [f"has-text-align-{found[1]}"] if found else []


def _is_fine(key: str, value: str) -> bool:
    if key in NUMBERS:
        return value.isascii() and value.isdecimal() and len(value) <= 4
    return len(value) <= LONGEST_VALUE
