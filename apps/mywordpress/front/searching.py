"""Search: the published posts and pages that have every word that was asked for, the best first."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from apps.chassis.highlights import excerpt
from apps.chassis.wordindex import Question
from apps.mywordpress.front.cards import cards, cards_of
from apps.mywordpress.front.listings import NEWEST, Listing, a_page, page_of
from apps.mywordpress.front.sorting import Sorting
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX, text_of

EXCERPT = 240
# Whole texts, with and without their HTML.
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds, and for each of it, by number, the part that has the words."""

    listing: Listing
    excerpts: dict[int, Markup] = field(default_factory=dict)


def search(db: Session, query: str, number: int, most: int) -> Found:
    """That page of what has all words of the query, its last one perhaps unfinished; raises NoSuchPage.

    What is behind a password is not found: that it has a word would tell of it.
    """
    asked = Question.of(query)
    if asked is None:
        return Found(Listing([], 1, has_next=False))
    rows, has_next = page_of(db, _best_first(asked.are_open), number, most, **asked.values)
    listing = Listing(cards_of(db, rows), number, has_next, Sorting.of(db, [row.id for row in rows]))
    shown = zip(listing.posts, rows, strict=True)
    return Found(listing, {card.id: _found_in(card.summary, row.html, query) for card, row in shown})


@lru_cache(maxsize=64)
def _best_first(are_open: tuple[bool, ...]) -> Select[Any]:
    """The query, made once for each shape: to write it takes longer than a database takes to answer it."""
    each = INDEX.answering(are_open).subquery()
    order = each.c.weight.desc(), *NEWEST
    found = select(each.c.owner, each.c.weight).join(Post, Post.id == each.c.owner)
    # Chosen first, so that the texts of only those are read that are shown.
    best = a_page(found.where(Post.published == true(), Post.password == "").order_by(*order)).subquery()
    return cards(Post.html).join(best, best.c.owner == Post.id).order_by(best.c.weight.desc(), *NEWEST)


def highlighted(text: str, query: str) -> Markup:
    """A short text with the words that were asked for marked."""
    return excerpt(text, query, len(text) + 1)


def _found_in(summary: str, html: str, query: str) -> Markup:
    """The part of a post that has the words, else its summary."""
    found = excerpt(_words(html), query, EXCERPT)
    return found if "<mark>" in found else excerpt(summary, query, EXCERPT)


@lru_cache(maxsize=MOST_KEPT)
def _words(html: str) -> str:
    """Its text, kept by all of it: many questions find the same posts, and to strip one takes longer than to search."""
    return text_of(html)
