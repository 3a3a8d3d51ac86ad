"""In which language somebody writes, as far as browsers have to know it: Korean breaks its lines between words."""

import re

from markupsafe import Markup

from apps.chassis.languages import language
from apps.mywordpress.front.cards import Card
from apps.mywordpress.posts.models import Post

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
LETTERS = re.compile(r"[^\W\d_]")
# A syllable says as much as two or three letters do.
SHARE = 0.25


def is_korean(text: str) -> bool:
    """Whether Hangul is a good part of its letters."""
    syllables = len(HANGUL.findall(text))
    return syllables > 0 and syllables > SHARE * len(LETTERS.findall(text))


def in_its_language(written: Post | Card | str | None) -> Markup:
    """The attribute that tells the language of a post or text, where that of the page around it is another one."""
    text = f"{written.title} {written.summary}" if isinstance(written, Post | Card) else written or ""
    if is_korean(text) == (language() == "ko") or not LETTERS.search(text):
        return Markup("")
    # What is not Korean may be anything.
    return Markup(' lang="ko"') if is_korean(text) else Markup(' lang=""')
