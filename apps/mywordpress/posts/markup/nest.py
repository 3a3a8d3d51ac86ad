"""Writes HTML in which everything ends that begins, and nothing stands where HTML does not allow it.

Whatever comes in, what is written nests at most MOST_NESTED deep and is not much longer than what came, so that no
parser has to guess or to work for longer than the length of a body deserves.
"""

from dataclasses import dataclass, field

from apps.mywordpress.posts.markup.allowed import CELLS, CHILDREN, IMPLIED_PARENTS, PARENTS, PHRASING, TABLE

MOST_NESTED = 60
MOST_INLINE = 20
# Words that are emphasised over several paragraphs are so in each of them, but not without end.
MOST_REOPENED = 500


@dataclass(slots=True)
class Block:
    """An open block, and how many inline tags were open around it."""

    name: str
    inline: int


@dataclass(slots=True)
class Inline:
    """An inline tag that is open as far as the text says; it is written with the next words."""

    name: str
    tag: str
    was_shown: bool = False


@dataclass(slots=True)
class Gap:
    """What separates the next words from those before, if any come."""

    lines: int = 0
    breaks: int = 0
    space: bool = False

    @property
    def ends_paragraph(self) -> bool:
        return self.lines > 1 or self.breaks > 1


@dataclass(slots=True)
class Nest:
    """The HTML written so far, and what is open in it."""

    # Whether lines and paragraphs are made of the ends of lines, as WordPress does for what is no block of its editor.
    auto: bool = True
    written: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    inline: list[Inline] = field(default_factory=list)
    shown: int = 0
    reopened: int = 0
    # The tag of a paragraph that begins with the next words.
    paragraph: str | None = None
    in_paragraph: bool = False
    around_paragraph: int = 0
    has_words: bool = False
    gap: Gap = field(default_factory=Gap)

    def html(self) -> str:
        """All that was written, and the end of whatever is open."""
        self._close_to(0)
        return "".join(self.written)

    def text(self, text: str) -> None:
        """Words, with their entities, as they were written."""
        if self.is_verbatim:
            self.piece(text)
        elif self.auto:
            for number, line in enumerate(text.split("\n")):
                self._line(line, is_new=number > 0)
        elif text.strip():
            self.piece(text)
        else:
            self.gap.space = True

    def piece(self, html: str) -> None:
        """Write words or a picture or the like, where they are allowed."""
        self._fit("")
        self._separate()
        self._show_inline()
        self.written.append(html)
        self.has_words = True

    def line_break(self) -> None:
        """A new line; two of them are a new paragraph, as WordPress has it."""
        if self.auto:
            self.gap.breaks += 1
            self.gap.lines = 0
        else:
            self.piece("<br>")

    def open_inline(self, name: str, tag: str) -> bool:
        """Begin emphasis or the like; answers False if too much is open already, and begins nothing."""
        if name == "a":
            self.close_inline("a")
        if len(self.inline) >= MOST_INLINE:
            return False
        # A tag between two ends of lines makes the line between them no empty one.
        self.gap.lines = min(self.gap.lines, 1)
        self.inline.append(Inline(name, tag))
        return True

    def close_inline(self, name: str) -> None:
        """End the innermost of that name, if there is one."""
        self.gap.lines = min(self.gap.lines, 1)
        for index in reversed(range(len(self.inline))):
            if self.inline[index].name == name:
                self._hide_inline(index)
                del self.inline[index]
                return

    def is_in(self, name: str) -> bool:
        """Whether an inline tag of that name is open."""
        return any(one.name == name for one in self.inline)

    @property
    def is_verbatim(self) -> bool:
        """Whether words are shown as they are written, with their lines."""
        return self._top == "pre"

    def open_paragraph(self, tag: str) -> None:
        """Begin a paragraph with the next words; an empty one is not written."""
        if self._top in PHRASING:
            self.gap.space = True
            return
        self.close_paragraph()
        self.paragraph, self.around_paragraph = tag, len(self.inline)

    def close_paragraph(self) -> None:
        """End the paragraph, if one is open."""
        if self.paragraph is not None:
            self._forget_inline(self.around_paragraph)
        self._end_paragraph()

    def open_block(self, name: str, tag: str) -> bool:
        """Begin a block; answers False if it is nowhere allowed, and begins nothing."""
        if self.is_verbatim or len(self.blocks) >= MOST_NESTED:
            return False
        self._end_paragraph()
        if not self._fit(name):
            return False
        self._begin(name, tag)
        return True

    def close_block(self, name: str) -> None:
        """End the innermost block of that name with all that is in it, if there is one."""
        index = self._find({name})
        if index is not None:
            self._close_to(index)

    def rule(self, tag: str) -> bool:
        """Write a block that holds nothing."""
        if not self.open_block("hr", tag):
            return False
        self.blocks.pop()
        return True

    @property
    def _top(self) -> str:
        return self.blocks[-1].name if self.blocks else ""

    def _line(self, line: str, *, is_new: bool) -> None:
        self.gap.lines += is_new
        if line.strip():
            self.piece(line if self.has_words and not is_new else line.lstrip())
        elif line:
            self.gap.space = True

    def _separate(self) -> None:
        """Write what stands between the words before and those to come."""
        gap, self.gap = self.gap, Gap()
        holds_paragraphs = self._top not in PHRASING
        if gap.ends_paragraph and self.has_words and holds_paragraphs:
            self._end_paragraph()
            self.paragraph, self.around_paragraph = "<p>", 0
        if not self.in_paragraph and holds_paragraphs and self._wants_paragraph():
            self._hide_inline(0)
            self.written.append(self.paragraph or "<p>")
            self.in_paragraph = True
        elif self.has_words and (gap.lines or gap.breaks):
            self.written.append("<br>\n" if holds_paragraphs else " ")
        elif self.has_words and gap.space:
            self.written.append(" ")

    def _wants_paragraph(self) -> bool:
        return self.paragraph is not None or (self.auto and self._top in ("", "blockquote"))

    def _show_inline(self) -> None:
        for one in self.inline[self.shown :]:
            self.written.append(one.tag)
            self.reopened += one.was_shown
            one.was_shown = True
        self.shown = len(self.inline)

    def _hide_inline(self, keep: int) -> None:
        """Write the ends of the inline tags that are written, but of the first `keep`."""
        for one in reversed(self.inline[keep : self.shown]):
            self.written.append(f"</{one.name}>" if one.tag else "")
        self.shown = min(self.shown, keep)

    def _forget_inline(self, keep: int) -> None:
        self._hide_inline(keep)
        del self.inline[keep:]

    def _end_paragraph(self) -> None:
        self._hide_inline(0)
        if self.reopened > MOST_REOPENED:
            self.inline.clear()
        if self.in_paragraph:
            self.written.append("</p>\n")
        self.paragraph, self.in_paragraph, self.has_words, self.gap = None, False, False, Gap()

    def _fit(self, name: str) -> bool:
        """Close and open what it takes for this block, or for words (""), to be allowed; False if nothing helps."""
        if name and self._top in PHRASING:
            self._close_to(len(self.blocks) - 1)
        if name in PARENTS and not self._within(name):
            return False
        while self._top in CHILDREN and name not in CHILDREN[self._top][0]:
            implied = CHILDREN[self._top][1]
            self._begin(implied, f"<{implied}>")
        return True

    def _within(self, name: str) -> bool:
        index = self._find(PARENTS[name])
        if index is not None:
            self._close_to(index + 1)
            return True
        parent = IMPLIED_PARENTS.get(name, "")
        if not parent or not self._fit(parent):
            return False
        self._begin(parent, f"<{parent}>")
        return True

    def _begin(self, name: str, tag: str) -> None:
        self._hide_inline(0)
        self.written.append(tag)
        self.blocks.append(Block(name, len(self.inline)))
        self.has_words, self.gap = False, Gap()

    def _close_to(self, depth: int) -> None:
        """End the paragraph and the blocks deeper than this, with the inline tags that began in them."""
        self._end_paragraph()
        for block in reversed(self.blocks[depth:]):
            del self.inline[block.inline :]
            self.written.append(f"</{block.name}>\n")
        del self.blocks[depth:]

    def _find(self, names: "frozenset[str] | set[str]") -> int | None:
        """Where the innermost block of these names is; nothing reaches out of the table cell that it is in."""
        is_table = names <= TABLE or "table" in names
        for index in reversed(range(len(self.blocks))):
            name = self.blocks[index].name
            if name in names:
                return index
            if name == "table" if is_table else name in CELLS:
                return None
        return None
