"""What a search shows of a text: the part that was asked for, with its words marked."""

import random

import pytest

from apps.chassis.highlights import excerpt

LONG = "filler " * 60


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Ink is black.", "ink", "<mark>Ink</mark> is black."),
        ("Inks & inkwells", "ink", "<mark>Inks</mark> &amp; <mark>inkwells</mark>"),
        ("Inkwells of ink", "ink black", "Inkwells of <mark>ink</mark>"),
        ("The Straße café", "strasse CAFE", "The <mark>Straße</mark> <mark>café</mark>"),
        ("대한민국 서울특별시에서", "서울특", "대한민국 <mark>서울특</mark>별시에서"),
        ("서울의 봄", "봄", "서울의 <mark>봄</mark>"),
        ("<b>nothing</b>", "else", "&lt;b&gt;nothing&lt;/b&gt;"),
        ("nothing", "", "nothing"),
        ("", "ink", ""),
    ],
)
def test_words_are_marked_in_any_script_and_nothing_is_taken_for_html(text: str, query: str, shown: str) -> None:
    assert excerpt(text, query, 200) == shown


def test_of_a_long_text_the_part_is_shown_that_has_the_word() -> None:
    shown = excerpt(f"{LONG}needle {LONG}", "needle", 120)
    assert "<mark>needle</mark>" in shown
    assert shown.startswith("…filler ")
    assert shown.endswith(" filler…")
    assert len(shown) < 160
    assert "<mark>needle</mark>" in excerpt(f"the {LONG}the {LONG}needle", "the needle", 60)
    assert excerpt(LONG, "needle", 60) == "filler filler filler filler filler filler filler filler…"


@pytest.mark.parametrize("query", ["class", "classes", "glass cl", "bus", "x1", "o'clock", "a_b", "ink 서울"])
def test_a_plain_text_is_marked_as_the_same_beside_other_letters(query: str) -> None:
    text = "Class, classes; CLASSIC glass glasses. Buses bus_b a_b b, x1 x12 1x o'clock ink INKS pink"
    plain, mixed = excerpt(text, query, 500), excerpt(f"{text} é", query, 500)
    assert f"{plain} é" == mixed


PLAIN = (
    "Ink",
    "INKS",
    "inkwell",
    "class",
    "Classes",
    "glass",
    "bus",
    "x1",
    "a_b",
    "_ink",
    "서울",
    "서울의",
    "대한민국",
)
SIGNS = (" ", "", " — ", "…", "’", "_", "\n")
ASKED = ("ink", "inks", "class", "glass cl", "x", "서", "서울", "서울의", "한민", "ink 서울", "국 ink", "s", "없다")


@pytest.mark.parametrize("seed", range(200))
def test_what_is_found_as_it_stands_is_found_word_by_word_too(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(PLAIN) + chance.choice(SIGNS) for _ in range(30))
    for query in ASKED:
        for length in (60, 2000):
            # Beside a letter of another script a text is taken apart into words, each of which is folded.
            plain, mixed = excerpt(f"{text} z", query, length), excerpt(f"{text} ж", query, length)
            assert plain.replace("z", "ж") == mixed
