"""HTML of others as WordPress shows it, made safe to show to anybody; done when a post is saved.

Every step takes time that grows with the length alone, so a body may be as long as a form lets it be.
"""

from apps.mywordpress.posts import parts
from apps.mywordpress.posts.markup.allowed import CLASS, SANITISER_ATTRIBUTES, SANITISER_TAGS
from apps.mywordpress.posts.markup.library import Library as Library
from apps.mywordpress.posts.markup.library import gallery_ids as gallery_ids
from apps.mywordpress.posts.markup.losses import Loss as Loss
from apps.mywordpress.posts.markup.losses import Losses
from apps.mywordpress.posts.markup.pictures import Allowance
from apps.mywordpress.posts.markup.tokens import tokens
from apps.mywordpress.posts.markup.translation import Translation
from apps.mywordpress.posts.rendering import Rendered, own_sources, render, sanitised

BLOCK = "<!-- wp:"
CAPTION_ENDS = ("[/caption]", "[/wp_caption]")


def render_body(body: str, written: str, library: Library) -> Rendered:
    """Render a body, whether it is written in Markdown or HTML; galleries and sound are the same in both."""
    if written == "html":
        return render_html(body, library)[0]
    allowance = Allowance()

    def shortcode(text: str) -> str:
        return _translated(text, Translation(library, Losses(), allowance, has_blocks=False, ends_of_captions=0))

    return render(body, library.by_key, shortcode)


def render_html(body: str, library: Library) -> tuple[Rendered, list[Loss]]:
    """Render a body of Format.HTML, and tell what of it is lost.

    Scripts, styles, handlers, frames, ids and pictures from elsewhere do not survive. What divides the text stays in
    it, as `parts` has it.
    """
    lost, allowance = Losses(), Allowance()

    def shown(piece: str) -> str:
        captions = sum(map(piece.count, CAPTION_ENDS))
        return _translated(piece, Translation(library, lost, allowance, BLOCK in body, captions))

    pieces = [parts.divider(piece) or shown(piece) for piece in parts.divided(body)]
    return Rendered.of("".join(pieces)), lost.all()


def _translated(piece: str, translation: Translation) -> str:
    for token in tokens(piece):
        translation.take(token)
    return sanitised(translation.nest.html(), SANITISER_TAGS, SANITISER_ATTRIBUTES, _attribute)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(one for one in value.split() if CLASS.fullmatch(one)) or None
    if name in ("src", "srcset"):
        return own_sources(value)
    return value
