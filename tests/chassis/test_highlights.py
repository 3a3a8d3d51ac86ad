"""What a search shows of a text: the part that was asked for, with its words marked."""

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
