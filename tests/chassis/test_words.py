"""Words: cut alike from what is kept and from what is asked."""

import pytest

from apps.chassis.words import LONGEST_WORD, MOST_TERMS, Term, stem, terms_of, words_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crêpe d’été", {"crepe", "d", "ete"}),
        ("Shirts & dresses", {"shirts", "shirt", "dresses", "dress"}),
        ("roll-neck, 100%", {"roll", "neck", "100"}),
        ("ﬁne STRAẞE", {"fine", "strasse"}),
        ("겨울코트", {"겨울", "울코", "코트", "트"}),
        ("V넥 니트2", {"v", "넥", "니트", "트", "2"}),
        ("外套", {"外套", "套"}),
        ("", set()),
        ("% _ \x00", set()),
    ],
)
def test_words_are_folded_and_cut(text: str, words: set[str]) -> None:
    assert words_of(text) == words


def test_jamo_typed_apart_are_the_same_word() -> None:
    assert words_of("코트") == words_of("코트")


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("navy coats", [Term("navy", "navy"), Term("coats", "coat", is_open=True)]),
        ("울코트", [Term("울코", "울코"), Term("코트", "코트", is_open=True)]),
        ("옷 navy", [Term("옷", "옷", is_open=True), Term("navy", "navy", is_open=True)]),
        ("navy navy", [Term("navy", "navy"), Term("navy", "navy", is_open=True)]),
    ],
)
def test_only_the_last_word_is_unfinished(question: str, terms: list[Term]) -> None:
    assert terms_of(question) == terms


def test_words_and_questions_are_bounded() -> None:
    assert words_of("x" * 1000) == {"x" * LONGEST_WORD}
    assert len(terms_of(" ".join(f"w{number}" for number in range(100)))) == MOST_TERMS
    assert len(terms_of("가나다라마바사아자차카타파하" * 10)) == MOST_TERMS


@pytest.mark.parametrize(
    ("word", "singular"),
    [("shirts", "shirt"), ("dresses", "dress"), ("boxes", "box"), ("dress", "dress"), ("gas", "gas"), ("bus", "bus")],
)
def test_a_plural_has_its_singular(word: str, singular: str) -> None:
    assert stem(word) == singular


def test_whatever_lies_between_begins_so() -> None:
    term = Term("co", "co", is_open=True)
    assert [word for word in ("cn", "co", "coat", "co\uffff", "cp") if term.word <= word < term.end] == [
        "co",
        "coat",
        "co\uffff",
    ]
