"""Which HTML of others readers get to see: tags, where each may stand, attributes, classes, addresses."""

import re
from urllib.parse import urlsplit

from apps.mywordpress.posts.rendering import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, OWN_PICTURE

# Older names, and landmarks that belong to the page and not to what it shows.
RENAMED = {
    "acronym": "abbr",
    "article": "div",
    "aside": "div",
    "big": "span",
    "center": "div",
    "dir": "ul",
    "font": "span",
    "footer": "div",
    "h1": "h2",
    "header": "div",
    "main": "div",
    "menu": "ul",
    "nav": "div",
    "section": "div",
    "strike": "s",
    "tt": "code",
}
INLINE = frozenset(
    "a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()  # noqa: SIM905
)
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# What holds words but no blocks.
PHRASING = HEADINGS | {"pre", "summary"}
CELLS = frozenset({"td", "th"})
SECTIONS = frozenset({"tbody", "tfoot", "thead"})
TABLE = CELLS | SECTIONS | {"caption", "tr"}
BLOCKS = (
    PHRASING
    | TABLE
    | {"address", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li", "ol", "table", "ul"}
)
VOID = frozenset({"br", "hr", "img", "wbr"})
# In what these stand; the nearest is taken.
PARENTS: dict[str, frozenset[str]] = {
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "figcaption": frozenset({"figure"}),
    "summary": frozenset({"details"}),
    "caption": frozenset({"table"}),
    "tr": SECTIONS | {"table"},
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
} | {name: frozenset({"table"}) for name in SECTIONS}
# What is made where none of them is there.
IMPLIED_PARENTS = {"li": "ul", "dt": "dl", "dd": "dl", "td": "tr", "th": "tr"}
# What these hold, and what is made for anything else in them.
CHILDREN: dict[str, tuple[frozenset[str], str]] = {
    "ul": (frozenset({"li"}), "li"),
    "ol": (frozenset({"li"}), "li"),
    "dl": (frozenset({"dt", "dd"}), "dd"),
    "table": (SECTIONS | {"caption", "tr"}, "tr"),
    "tr": (CELLS, "td"),
} | {name: (frozenset({"tr"}), "tr") for name in SECTIONS}

SANITISER_TAGS = ALLOWED_TAGS | INLINE | BLOCKS | VOID | {"audio", "video"}
SANITISER_ATTRIBUTES = {
    **ALLOWED_ATTRIBUTES,
    "*": {"class", "lang", "dir"},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload"},
}
# What may stay of the attributes as they are written. `href`, `src` and `class` are looked at one by one.
KEPT = {name: frozenset(SANITISER_ATTRIBUTES.get(name, ())) for name in INLINE | BLOCKS | {"p"}}
NUMBERS = frozenset({"colspan", "rowspan", "start"})

CLASS = re.compile(
    r"align(?:left|right|center|none|wide|full)|wp-caption(?:-text|-dt|-dd)?|wp-image-[0-9]{1,12}|columns-[0-9]{1,2}"
    r"|(?:size|has|is|wp-block|wp-element)-[a-z0-9_-]{1,60}|(?:blocks-)?gallery(?:-[a-z0-9_-]{1,60})?",
    re.ASCII,
)
ALIGNED = re.compile(r"(?:^|;)\s{0,9}text-align\s{0,9}:\s{0,9}(left|center|right)", re.ASCII)
SCHEMES = frozenset({"", "http", "https", "mailto"})
# Browsers take these for nothing, so a scheme could hide behind them.
INVISIBLE = re.compile("[\x00-\x1f\x7f]+")
# No address holds these as they are.
ESCAPED = str.maketrans({character: f"%{ord(character):02X}" for character in ' "<>\\^`{|}'})
LONGEST_ADDRESS = 2_000


def address(text: str) -> str | None:
    """An address to which a link may lead, None for any other."""
    url = INVISIBLE.sub("", text).strip().translate(ESCAPED)
    try:
        fine = len(url) <= LONGEST_ADDRESS and urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return None
    return url if url and fine else None


def own_key(url: str) -> str | None:
    """The key of the library's file at this address, if it is one."""
    found = OWN_PICTURE.fullmatch(url)
    return found.group(1) if found else None
