"""What is shown of two texts that differ."""

import time

from apps.mywordpress.posts.differences import Line, difference


def told(lines: list[Line]) -> list[str]:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return ["".join(marks[piece.kind].format(piece.text) for piece in line.pieces) for line in lines]


def test_what_is_the_same_has_no_difference() -> None:
    assert difference("a\nb", "a\nb") == []


def test_a_changed_line_shows_its_changed_words() -> None:
    assert told(difference("The old word.", "The new word, yes.")) == ["The [-old-][+new+] word[+, yes+]."]
    assert told(difference("", "New")) == ["[+New+]"]


def test_lines_far_from_any_change_are_counted_and_left_out() -> None:
    old = "\n".join(f"line {number}" for number in range(40))
    lines = difference(old, old.replace("line 20", "line twenty"))
    assert told(lines) == ["line 18", "line 19", "line [-20-][+twenty+]", "line 21", "line 22"]
    assert [line.skipped for line in lines] == [18, 0, 0, 0, 0]


def test_lines_that_came_or_went_are_whole() -> None:
    assert told(difference("a\nb\nc", "a\nc\nd\ne")) == ["a", "[-b-]", "c", "[+d+]", "[+e+]"]


def test_both_texts_can_be_put_together_again() -> None:
    old, new = "One two three.\nFour.\n\nFive 여섯!", "One 2 three.\n\nFour.\nFive 일곱, six!"
    lines = difference(old, new)

    def without(kind: str) -> str:
        kept = ([piece.text for piece in line.pieces if piece.kind != kind] for line in lines if line.kind != kind)
        return "\n".join("".join(pieces) for pieces in kept)

    assert (without("added"), without("removed")) == (old, new)


def test_the_longest_texts_that_share_nothing_take_no_time() -> None:
    began = time.process_time()
    difference("\n".join(map(str, range(40_000))), "\n".join(map(str, range(40_000, 0, -1))))
    difference(" ".join(map(str, range(40_000))), " ".join(map(str, range(40_000, 0, -1))))
    assert time.process_time() - began < 3
