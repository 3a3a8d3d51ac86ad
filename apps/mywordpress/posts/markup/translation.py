"""From tokens to what readers get, tag by tag."""

from dataclasses import dataclass, field
from html import escape

from apps.mywordpress.posts.markup import losses
from apps.mywordpress.posts.markup.allowed import BLOCKS, INLINE, RENAMED, address
from apps.mywordpress.posts.markup.attributes import classes, kept, written
from apps.mywordpress.posts.markup.library import Library, numbers
from apps.mywordpress.posts.markup.losses import Losses
from apps.mywordpress.posts.markup.nest import Nest
from apps.mywordpress.posts.markup.pictures import Allowance, Pictures
from apps.mywordpress.posts.markup.shortcodes import LoneAddress, Shortcode, parts, source
from apps.mywordpress.posts.markup.tokens import OPAQUE, Kind, Token

# What says nothing by itself: what it stands for is told elsewhere, or is nothing.
UNTOLD = frozenset({"body", "colgroup", "col", "head", "html", "meta", "param", "source", "track"})


@dataclass(slots=True)
class Translation:
    """A body on its way to readers."""

    library: Library
    lost: Losses
    allowance: Allowance
    has_blocks: bool
    # How many ends are still to come: a caption that has none is no caption.
    ends_of_captions: int
    nest: Nest = field(default_factory=Nest)
    pictures: Pictures = field(init=False)
    # How many blocks of WordPress's editor are open.
    depth: int = 0
    # The old manner of a caption, while one is open.
    caption: str | None = None
    is_captioned: bool = False
    embeds: bool = False

    def __post_init__(self) -> None:
        self.pictures = Pictures(self.library, self.nest, self.lost, self.allowance)

    def take(self, token: Token) -> None:
        """Add what this token comes to."""
        TAKEN[token.kind](self, token)

    def _comment(self, token: Token) -> None:
        """The end or the begin of a block of WordPress's editor; any other comment is nothing."""
        text = token.value.strip()
        if text.startswith("/wp:"):
            self.depth = max(0, self.depth - 1)
        elif text.startswith("wp:") and text.endswith("/"):
            self.lost.add(losses.BLOCK, text[3:-1].split(maxsplit=1)[0])
        elif text.startswith("wp:"):
            self.depth += 1
        # WordPress makes paragraphs of what is in no block.
        self.nest.auto = not (self.has_blocks and self.depth)

    def _text(self, token: Token) -> None:
        if self.nest.is_verbatim:
            self.nest.text(token.value)
            return
        for part in parts(token.value):
            if isinstance(part, Shortcode):
                self._shortcode(part)
            elif isinstance(part, LoneAddress) and not self.nest.is_in("a"):
                self._embed(part.url)
            else:
                self._words(part.url if isinstance(part, LoneAddress) else part.text)

    def _words(self, text: str) -> None:
        if self.embeds and address(text.strip()):
            self._embed(text.strip())
            return
        if self.is_captioned and text.strip() and not self.nest.is_in("a"):
            self._begin_caption()
        self.nest.text(text)

    def _embed(self, url: str) -> None:
        found = address(url)
        if found is None:
            self.nest.text(escape(url))
            return
        self.lost.add(losses.EMBED, url)
        self.link(found, escape(url))

    def link(self, url: str, html: str) -> None:
        """A link, or its words alone within another one."""
        self.nest.piece(html if self.nest.is_in("a") else f"{written('a', href=url)}{html}</a>")

    def _shortcode(self, code: Shortcode) -> None:
        if code.name == "caption":
            self._caption(code)
        elif code.name == "embed":
            self.embeds = not code.ends
        elif code.name == "gallery" and not code.ends:
            self._gallery(code)
        elif not code.ends:
            self.pictures.sound_or_film(code.name, source(code))

    def _caption(self, code: Shortcode) -> None:
        if code.ends and self.caption is not None:
            self.ends_of_captions -= 1
            self._end_caption(self.caption)
        elif code.ends or not self.ends_of_captions:
            self.nest.text(escape(code.written))
        else:
            wanted = {"class": f"{code.arguments.get('align', '')} {code.arguments.get('class', '')}"}
            tag = written("figure", **{"class": classes("figure", wanted, self.lost, more="wp-caption")})
            if self.nest.open_block("figure", tag):
                self.caption, self.is_captioned = code.arguments.get("caption", ""), False

    def _begin_caption(self) -> None:
        self.is_captioned = False
        self.caption = ""
        self.nest.open_block("figcaption", '<figcaption class="wp-caption-text">')

    def _end_caption(self, text: str) -> None:
        if text:
            self._begin_caption()
            self.nest.text(escape(text))
        self.nest.close_block("figure")
        self.caption, self.is_captioned = None, False

    def _gallery(self, code: Shortcode) -> None:
        named = code.arguments.get("ids") or code.arguments.get("include") or ""
        columns = code.arguments.get("columns", "3")
        self.pictures.gallery(numbers(named) or self.library.attached, columns if columns.isdecimal() else "3")

    def _open(self, token: Token) -> None:
        name = RENAMED.get(token.value, token.value)
        if name in INLINE:
            self._open_inline(name, token.attributes)
        elif name in BLOCKS:
            self._open_block(name, token.attributes)
        elif name in ALONE:
            ALONE[name](self, token.attributes)
        elif name in OPAQUE:
            self.lost.add(losses.CONTENT, f"<{name}>")
        elif name not in UNTOLD:
            self.lost.add(losses.TAG, f"<{name}>")

    def _open_inline(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._anchor(attributes) if name == "a" else kept(name, attributes, self.lost)
        if not self.nest.open_inline(name, tag):
            self.lost.add(losses.TAG, f"<{name}>")

    def _anchor(self, attributes: dict[str, str]) -> str:
        href = attributes.get("href", "")
        url = address(href)
        if href and url is None:
            self.lost.add(losses.LINK, href)
        tag = kept("a", {**attributes, "href": url or ""}, self.lost, handled=frozenset({"target", "rel"}))
        return tag if url else ""

    def _open_block(self, name: str, attributes: dict[str, str]) -> None:
        if not self.nest.open_block(name, kept(name, attributes, self.lost)):
            self.lost.add(losses.TAG, f"<{name}>")

    def _close(self, token: Token) -> None:
        name = RENAMED.get(token.value, token.value)
        if name in INLINE:
            self.nest.close_inline(name)
        elif name in BLOCKS:
            self.nest.close_block(name)
        elif name == "p":
            self.nest.close_paragraph()

    def _paragraph(self, attributes: dict[str, str]) -> None:
        self.nest.open_paragraph(kept("p", attributes, self.lost))

    def _break(self, attributes: dict[str, str]) -> None:
        self.nest.line_break()

    def _wbr(self, attributes: dict[str, str]) -> None:
        self.nest.piece("<wbr>")

    def _rule(self, attributes: dict[str, str]) -> None:
        if not self.nest.rule(kept("hr", attributes, self.lost)):
            self.lost.add(losses.TAG, "<hr>")

    def _image(self, attributes: dict[str, str]) -> None:
        self.pictures.picture(attributes)
        self.is_captioned = self.caption is not None

    def _audio(self, attributes: dict[str, str]) -> None:
        if attributes.get("src"):
            self.pictures.sound_or_film("audio", attributes["src"])

    def _video(self, attributes: dict[str, str]) -> None:
        if attributes.get("src"):
            self.pictures.sound_or_film("video", attributes["src"])

    def _frame(self, attributes: dict[str, str]) -> None:
        if attributes.get("src"):
            self._embed(attributes["src"])


TAKEN = {
    Kind.TEXT: Translation._text,
    Kind.COMMENT: Translation._comment,
    Kind.OPEN: Translation._open,
    Kind.CLOSE: Translation._close,
}
ALONE = {
    "p": Translation._paragraph,
    "br": Translation._break,
    "wbr": Translation._wbr,
    "hr": Translation._rule,
    "img": Translation._image,
    "audio": Translation._audio,
    "video": Translation._video,
    "source": Translation._video,
    "embed": Translation._frame,
    "iframe": Translation._frame,
}
