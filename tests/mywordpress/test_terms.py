"""Categories and tags: made, renamed, moved, merged and deleted, on SQLite and MariaDB."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.refiling import DefaultCategory, delete_term, merge_terms, published_counts
from apps.mywordpress.posts.words import INDEX, index
from apps.mywordpress.terms.models import Taxonomy, Term, TermLoop, TermTaken
from apps.mywordpress.terms.trees import Tree
from tests.mywordpress.conftest import Journal, over_both

CATEGORY, TAG = Taxonomy.CATEGORY, Taxonomy.TAG


def file(db: Session, post: Post, *terms: Term) -> None:
    db.add_all(PostTerm(post_id=post.id, term_id=term.id) for term in terms)
    db.flush()


def terms_of(db: Session, post: Post) -> set[str]:
    names = select(Term.name).join(PostTerm, PostTerm.term_id == Term.id).where(PostTerm.post_id == post.id)
    return set(db.scalars(names))


@over_both
def test_a_term_gets_the_first_free_slug_of_its_name(journal: Journal) -> None:
    with journal.writing() as db:
        parent = Term.make(db, CATEGORY, "  Deep   Sea ")
        child = Term.make(db, CATEGORY, "Deep sea", parent=parent)
        korean = Term.make(db, TAG, "서울 여행")
        accented = [Term.make(db, TAG, name).slug for name in ("Cafe", "Café")]
        assert (parent.name, parent.slug, child.slug, korean.slug) == (
            "Deep Sea",
            "deep-sea",
            "deep-sea-2",
            "서울-여행",
        )
        assert accented == ["cafe", "café"]
        assert Term.make(db, TAG, "!?").slug == "post_tag"


@over_both
def test_one_name_is_one_term_below_one_parent(journal: Journal) -> None:
    with journal.writing() as db:
        sea = Term.make(db, CATEGORY, "Sea")
        with pytest.raises(TermTaken) as taken:
            Term.make(db, CATEGORY, "SEA")
        assert taken.value.known is sea
        assert Term.named(db, CATEGORY, "sea") is sea
        assert Term.named(db, TAG, "sea") is not sea
        other = Term.make(db, CATEGORY, "Land")
        for name, slug in (("sea", ""), ("Soil", "sea")):
            with pytest.raises(TermTaken):
                other.change(db, name, slug)
            db.refresh(other)
            assert (other.name, other.slug) == ("Land", "land")
        other.change(db, "LAND", "Solid Ground", "Dry.")
        assert (other.name, other.slug, other.description) == ("LAND", "solid-ground", "Dry.")


@over_both
def test_a_category_never_stands_below_itself(journal: Journal) -> None:
    with journal.writing() as db:
        top = Term.make(db, CATEGORY, "Top")
        middle = Term.make(db, CATEGORY, "Middle", parent=top)
        leaf = Term.make(db, CATEGORY, "Leaf", parent=middle)
        for parent in (top, middle, leaf):
            with pytest.raises(TermLoop):
                top.move(db, parent)
        tree = Tree.load(db)
        assert [(node.name, node.depth, node.path) for node in tree] == [
            ("Top", 0, "/category/top/"),
            ("Middle", 1, "/category/top/middle/"),
            ("Leaf", 2, "/category/top/middle/leaf/"),
        ]
        assert set(tree.within(middle.id)) == {middle.id, leaf.id}
        assert [node.name for node in tree.trail(leaf.id)] == ["Top", "Middle", "Leaf"]
        leaf.move(db, None)
        assert Tree.load(db).node(leaf.id).path == "/category/leaf/"


def test_a_circle_that_should_not_be_hangs_nothing(journal: Journal) -> None:
    with journal.writing() as db:
        one = Term.make(db, CATEGORY, "One")
        two = Term.make(db, CATEGORY, "Two", parent=one)
        one.parent_id = two.id
        db.flush()
        assert [node.depth for node in Tree.load(db)] == [1, 1]


@over_both
def test_what_a_deleted_category_held_moves_up_and_its_posts_to_the_default(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}").id for number in range(3)]
    with journal.writing() as db:
        only, both, other = (db.get_one(Post, post_id) for post_id in posts)
        default, top = Term.make(db, CATEGORY, "News"), Term.make(db, CATEGORY, "Top")
        gone, tag = Term.make(db, CATEGORY, "Gone", parent=top), Term.make(db, TAG, "Tag")
        below = Term.make(db, CATEGORY, "Below", parent=gone)
        file(db, only, gone, tag)
        file(db, both, gone, top)
        file(db, other, top)
        with pytest.raises(DefaultCategory):
            delete_term(db, default, default.id)
        delete_term(db, gone, default.id)
        db.expire_all()
        assert below.parent_id == top.id
        assert [terms_of(db, post) for post in (only, both, other)] == [{"News", "Tag"}, {"Top"}, {"Top"}]


@over_both
def test_merging_leaves_each_post_with_the_other_term_once(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}", published=number != 2).id for number in range(3)]
    with journal.writing() as db:
        one, both, draft = (db.get_one(Post, post_id) for post_id in posts)
        color, colour = Term.make(db, TAG, "Color"), Term.make(db, TAG, "Colour")
        file(db, one, color)
        file(db, both, color, colour)
        file(db, draft, color)
        merge_terms(db, colour, colour)
        assert published_counts(db, [color.id, colour.id]) == {color.id: 2, colour.id: 1}
        merge_terms(db, color, colour)
        assert [terms_of(db, post) for post in (one, both, draft)] == [{"Colour"}] * 3
        assert published_counts(db, [colour.id]) == {colour.id: 2}


def test_posts_wait_for_the_index_when_a_term_of_theirs_changes(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}").id for number in range(2)]
    with journal.writing() as db:
        with_it, without = (db.get_one(Post, post_id) for post_id in posts)
        one, two = Term.make(db, TAG, "One"), Term.make(db, TAG, "Two")
        file(db, with_it, one)
        index(db, with_it)
        index(db, without)
        merge_terms(db, one, two)
        assert list(db.scalars(select(Post.id).where(~INDEX.has(Post.id)))) == [with_it.id]
