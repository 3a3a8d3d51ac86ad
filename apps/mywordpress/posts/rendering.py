"""Bodies into HTML that is safe to show to anybody; done when a post is saved, never when it is read."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Protocol

from apps.mywordpress.posts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

OWN_PICTURE = re.compile(r"/media/([0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8})", re.ASCII)
CAPTION = re.compile(r"<figcaption[^>]*>.*?</figcaption>", re.DOTALL)
BLOCK_END = re.compile(r"<br>|</(?:p|li|h[2-6]|td|th|dt|dd|pre|blockquote)>")
TAGS = re.compile(r"<[^>]*>")
SPACES = re.compile(r"\s+")
SHORTCODE = "shortcode"
LONE_SHORTCODE = re.compile(r"\[(?:gallery|audio|video)(?=[\s\]])[^\[\]]*\]")
# XML has no way to write these, so one of them in a post would break every feed.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
SIZES = "(min-width: 48rem) 46rem, 100vw"
PER_MINUTE = 230
LONGEST_SUMMARY = 260

BLOCKS = {"blockquote", "details", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "summary"}
LISTS_AND_TABLES = {"dd", "dl", "dt", "li", "ol", "ul", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
PHRASES = {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small"}
ALLOWED_TAGS = BLOCKS | LISTS_AND_TABLES | PHRASES | {"strong", "sub", "sup", "u"}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "ol": {"start", "reversed"},
    "abbr": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


class Shown(Protocol):
    """What the renderer needs to know of a picture in the library."""

    width: int
    height: int

    @property
    def src(self) -> str: ...
    @property
    def srcset(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as readers get it, and what is known of its text."""

    html: str
    summary: str
    minutes: int

    @classmethod
    def of(cls, html: str) -> "Rendered":
        """What is known of HTML that is safe already; its summary ends where the author ended what lists show."""
        text = _plain(html)
        summary = _summary(_plain(parts.teaser_of(html)) or text)
        return cls(html, summary, max(1, round(len(text.split()) / PER_MINUTE)))


def clean_text(text: str) -> str:
    """`text` with one kind of line end and without characters that no feed can carry."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def picture_keys(body: str) -> list[str]:
    """The keys of the library's pictures that a body names, each once, in their order."""
    return list(dict.fromkeys(OWN_PICTURE.findall(body)))


def render(body: str, pictures: Mapping[str, Shown], shortcode: Callable[[str], str] | None = None) -> Rendered:
    """Render Markdown. Scripts, styles, handlers, frames, ids and pictures from elsewhere do not survive.

    What divides the text stays in it, as `parts` has it. `shortcode` makes safe HTML of a `[gallery]` or `[audio]` that
    has a paragraph for itself.
    """
    return Rendered.of("".join(_of_markdown(body, pictures, shortcode)))


def _of_markdown(body: str, pictures: Mapping[str, Shown], shortcode: Callable[[str], str] | None) -> Iterator[str]:
    markdown, env = _markdown(), {"pictures": pictures, "shown": 0}
    piece: list[Token] = []
    tokens = markdown.parse(body, env)
    for token in _with_shortcodes(tokens) if shortcode else tokens:
        # Only at the top, so that neither a list nor what stands there as code is divided.
        apart = parts.divider(token.content) if token.type == "html_block" and token.level == 0 else ""
        if shortcode and token.type == SHORTCODE:
            apart = shortcode(token.content)
        if not apart:
            piece.append(token)
            continue
        yield sanitised(markdown.renderer.render(piece, markdown.options, env))
        yield apart
        piece = []
    yield sanitised(markdown.renderer.render(piece, markdown.options, env))


def _with_shortcodes(tokens: "Sequence[Token]") -> "Iterator[Token]":
    """A paragraph at the top that is nothing but a shortcode as one token, all others as they are."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        is_paragraph = token.type == "paragraph_open" and token.level == 0
        if is_paragraph and LONE_SHORTCODE.fullmatch(tokens[at + 1].content):
            token, at = tokens[at + 1], at + 2
            token.type = SHORTCODE
        yield token
        at += 1


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"typographer": True})
    markdown.enable(["table", "strikethrough", "replacements", "smartquotes"])
    markdown.add_render_rule("paragraph_open", _paragraph)
    markdown.add_render_rule("paragraph_close", _paragraph)
    markdown.add_render_rule("image", _image)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


def _paragraph(
    self: "RendererHTML", tokens: "Sequence[Token]", index: int, options: "OptionsDict", env: "EnvType"
) -> str:
    opens = tokens[index].nesting == 1
    if _is_one_picture(tokens[index + (1 if opens else -1)]):
        return "<figure>" if opens else "</figure>\n"
    return self.renderToken(tokens, index, options, env)


def _is_one_picture(inline: "Token") -> bool:
    children = inline.children or []
    return len(children) == 1 and children[0].type == "image" and _own_key(children[0]) is not None


def _own_key(image: "Token") -> str | None:
    found = OWN_PICTURE.fullmatch(str(image.attrs.get("src", "")))
    return found.group(1) if found else None


def _image(self: "RendererHTML", tokens: "Sequence[Token]", index: int, options: "OptionsDict", env: "EnvType") -> str:
    token = tokens[index]
    src, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
    alt = self.renderInlineAsText(token.children or (), options, env)
    key = _own_key(token)
    if key is None:
        # A picture from elsewhere would tell its server who reads here, so it becomes a link.
        return f'<a href="{escape(src)}">{escape(alt or title or "picture")}</a>'
    picture = env["pictures"].get(key)
    # The first picture is mostly on the first screen, where waiting to load it only costs time.
    lazy = ' loading="lazy"' if env["shown"] else ""
    env["shown"] += 1
    image = f'<img src="{picture.src if picture else src}" alt="{escape(alt)}"{_dimensions(picture)}{lazy}>'
    return image + (f"<figcaption>{escape(title)}</figcaption>" if title and len(tokens) == 1 else "")


def _dimensions(picture: Shown | None) -> str:
    if picture is None:
        return ""
    srcset = f' srcset="{picture.srcset}" sizes="{SIZES}"' if picture.srcset else ""
    return f' width="{picture.width}" height="{picture.height}"{srcset}'


def _heading(
    self: "RendererHTML", tokens: "Sequence[Token]", index: int, options: "OptionsDict", env: "EnvType"
) -> str:
    # The page's own title is its only h1.
    tag = "h2" if tokens[index].tag == "h1" else tokens[index].tag
    return f"<{tag}>" if tokens[index].nesting == 1 else f"</{tag}>\n"


def sanitised(
    html: str,
    tags: set[str] = ALLOWED_TAGS,
    attributes: dict[str, set[str]] = ALLOWED_ATTRIBUTES,
    kept: "Callable[[str, str, str], str | None] | None" = None,
) -> str:
    """What is allowed of the HTML, and nothing that is left open; `kept` tells what stays of an attribute."""
    import nh3

    return nh3.clean(
        html,
        tags=tags,
        attributes=attributes,
        attribute_filter=kept or _attribute,
        # Long lines and wide tables are scrolled sideways, which the keyboard can do only where it can go.
        set_tag_attribute_values={tag: {"tabindex": "0"} for tag in ("pre", "table")},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    return own_sources(value) if tag == "img" and name in ("src", "srcset") else value


def own_sources(value: str) -> str | None:
    """A `src` or `srcset` if all of it is of the library, None for any other."""
    urls = [part.split()[0] for part in value.split(",") if part.strip()]
    return value if urls and all(OWN_PICTURE.fullmatch(url) for url in urls) else None


def _plain(html: str) -> str:
    return SPACES.sub(" ", unescape(TAGS.sub("", BLOCK_END.sub(" ", CAPTION.sub("", html))))).strip()


def _summary(text: str) -> str:
    if len(text) <= LONGEST_SUMMARY:
        return text
    return text[:LONGEST_SUMMARY].rpartition(" ")[0].rstrip(",;:–— ") + " …"
