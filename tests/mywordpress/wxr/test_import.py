"""An export of WordPress becomes posts, people, terms, comments and menus here, and nothing of it twice."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.content import Content, Origin
from apps.mywordpress.posts.history import OldSlug, PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Term
from apps.mywordpress.wxr.models import Import
from tests.mywordpress.conftest import Journal, over_both, user
from tests.mywordpress.wxr.files import ALL_OF_IT, SMALL, counts, handed, imported, told

MORNING = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def titled(db: Session, title: str) -> Post:
    return db.scalars(select(Post).where(Post.title == title)).one()


@over_both
def test_everything_is_taken_over_that_has_a_place_here(journal: Journal) -> None:
    assert counts(journal, imported(journal)) == ALL_OF_IT


@over_both
def test_the_same_file_again_makes_nothing_twice(journal: Journal) -> None:
    imported(journal)
    again = counts(journal, imported(journal))
    assert all("made" not in outcomes for outcomes in again.values())
    with journal.writing() as db:
        kinds = (Post, Comment, Term, Attachment, MenuItem, Menu, User)
        assert [db.scalar(select(func.count()).select_from(kind)) for kind in kinds] == [9, 4, 5, 1, 3, 1, 4]


def test_a_post_keeps_what_wordpress_knows_of_it(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        post = titled(db, "A walk & a hill")
        assert (post.status, post.slug, post.sticky, post.comments_open, post.pings_open) == (
            *("publish", "a-walk", True, True, False),
        )
        assert (post.published_at, post.created_at) == (MORNING, MORNING)
        assert post.updated_at == MORNING.replace(year=2021)
        assert (post.excerpt, post.guid, post.author.name) == ("Shortly told", "https://old.example/?p=110", "Inês")
        assert [(term.taxonomy, term.slug, term.name) for term in sorted(post.terms, key=lambda term: term.id)] == [
            ("category", "rivers", "Rivers & brooks"),
            ("post_tag", "강", "강"),
            ("post_tag", "unlisted", "Unlisted"),
            ("post_format", "post-format-aside", "Aside"),
        ]
        assert db.execute(select(PostMeta.name, PostMeta.value)).all() == [("mood", 'calm ]]> & "so"')]
        assert db.scalars(select(OldSlug.slug)).all() == ["a-stroll"]
        assert post.picture is not None
        assert (post.picture.slug, post.picture.alt, post.picture.caption) == ("hill", "A green hill", "At noon")
        assert (post.picture.post_id, post.picture.description) == (post.id, "A long description")


def test_all_statuses_and_passwords_are_kept(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        found = {post.title: (post.status, post.published_at is not None) for post in db.scalars(select(Post))}
        assert found == {
            "A walk & a hill": ("publish", True),
            "Team": ("publish", True),
            "About": ("publish", True),
            "Behind a word": ("publish", True),
            "For few": ("private", True),
            "Half done": ("draft", False),
            "Waiting": ("pending", False),
            "To come": ("future", True),
            "Thrown away": ("trash", True),
        }
        assert titled(db, "Behind a word").password == "sesame"
        thrown = titled(db, "Thrown away")
        thrown.restore(db)
        assert (thrown.status, thrown.slug) == ("publish", "thrown-away")


def test_pages_and_categories_stand_where_they_stood_whatever_comes_first(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        team = titled(db, "Team")
        assert (team.parent_id, team.position, team.path) == (titled(db, "About").id, 7, "/about/team/")
        rivers, water = (db.scalars(select(Term).where(Term.slug == slug)).one() for slug in ("rivers", "water"))
        assert (rivers.parent_id, water.parent_id, rivers.description) == (water.id, None, "All that runs")


def test_comments_keep_their_states_their_kinds_and_what_they_answer(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        fine, reply, spam, ping = db.scalars(select(Comment).order_by(Comment.created_at)).all()
        assert [(c.status, c.kind) for c in (fine, reply, spam, ping)] == [
            *(("approved", "comment"), ("approved", "comment"), ("spam", "trackback"), ("hold", "pingback")),
        ]
        assert (reply.parent_id, reply.text, reply.html) == (
            fine.id,
            "Thank you; 1 < 2.",
            "<p>Thank you; 1 &lt; 2.</p>",
        )
        assert (fine.email, fine.url, fine.address) == ("robin@old.example", "https://robin.example/", "192.0.2.7")
        assert fine.html.strip() == "<p>A <b>fine</b> walk &amp; more.</p>"
        assert (fine.user_id, reply.user_id) == (None, db.scalars(select(User.id).where(User.name == "Inês")).one())


def test_comments_that_answer_each_other_make_no_circle(journal: Journal, tmp_path: Path) -> None:
    circle = tmp_path / "circle.xml"
    text = SMALL.read_text("utf-8")
    first, second = text.index("<wp:comment_parent>0<"), text.index("<wp:comment_parent>201<")
    assert first < second
    circle.write_text(text.replace("<wp:comment_parent>0<", "<wp:comment_parent>202<", 1), "utf-8")
    imported(journal, circle, keep_ids=True)
    with journal.writing() as db:
        assert {db.get_one(Comment, number).parent_id for number in (201, 202)} == {None, 202}


def test_menus_lead_where_they_led(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        about, below, water = db.scalars(select(MenuItem).order_by(MenuItem.position)).all()
        assert (about.target, about.post_id) == ("post_type", titled(db, "About").id)
        assert (below.parent_id, below.url, below.classes, below.opens_window) == (
            *(about.id, "https://elsewhere.example/", "one two", True),
        )
        assert below.description == "What is further away"
        assert water.term_id == db.scalars(select(Term.id).where(Term.slug == "water")).one()


def test_authors_who_are_here_are_found_by_their_address_and_others_are_made_without_a_password(
    journal: Journal,
) -> None:
    import_id = imported(journal)
    with journal.writing() as db:
        assert titled(db, "For few").author == user(db, "ann")
        ines = titled(db, "Team").author
        assert (ines.name, ines.slug, ines.email, ines.role, ines.is_invited) == (
            *("Inês", "ines", "ines@old.example", "author", True),
        )
        assert titled(db, "About").author == user(db, "ada")
    assert "The file does not tell who nobody is, so it belongs to whoever imported it." in told(
        journal, import_id, "About"
    )


def test_an_author_may_be_somebody_else_here(journal: Journal) -> None:
    import_id = handed(journal)
    with journal.writing() as db:
        importing = db.get_one(Import, import_id)
        next(part for part in importing.of_kind(db, "author") if part.source == "ines").stand_for(db, user(db, "bo").id)
        importing.start(db)
    journal.work("run_import", import_id=import_id)
    with journal.writing() as db:
        assert titled(db, "Team").author == user(db, "bo")
        assert User.with_email(db, "ines@old.example") is None


def test_the_report_tells_what_was_skipped_and_what_was_lost(journal: Journal) -> None:
    import_id = imported(journal)
    assert told(journal, import_id, "Shelf") == ["There is no place here for what is of the type product."]
    assert told(journal, import_id, "Noir") == ["There is no place here for the taxonomy genre."]
    assert told(journal, import_id, "Nowhere") == ["What it leads to was not taken over."]
    assert told(journal, import_id, "Bo: Shelf") == ["The post that it belongs to was not taken over."]
    assert told(journal, import_id, "Hill") == [
        "Its file was not fetched; the entry tells where it was.",
        "What was noted about it as camera was left out.",
    ]
    walk = told(journal, import_id, "A walk & a hill")
    assert walk == [
        "Its title had HTML tags, which were left out.",
        "There is no place here for the taxonomy genre.",
        "The picture https://old.example/files/hill-300x200.jpg is not in the library, so it became a link.",
        "The picture https://old.example/files/hill.jpg is not in the library, so it became a link.",
        "What was embedded from https://film.example/1 became a link.",
        "The attribute style <span> was left out.",
    ]


def test_numbers_are_kept_when_asked_and_free(journal: Journal) -> None:
    imported(journal, keep_ids=True)
    with journal.writing() as db:
        assert titled(db, "A walk & a hill").id == 110
        assert db.get_one(Term, 51).slug == "water"
        assert db.get_one(Comment, 202).parent_id == 201
        assert db.get_one(Attachment, 101).post_id == 110
        assert db.get_one(MenuItem, 151).parent_id == 150
        assert db.get_one(User, 31).name == "Inês"


def test_taken_numbers_and_addresses_are_told(journal: Journal) -> None:
    with journal.writing() as db:
        adopt(db, "About", "about", 120)
    import_id = imported(journal, keep_ids=True)
    assert set(told(journal, import_id, "About")) >= {
        "The number 120 was taken, so it has another one.",
        "The address about was taken or is this site's own, so it has another one.",
    }


def adopt(db: Session, title: str, slug: str, post_id: int) -> None:
    origin = Origin(Kind.POST, "draft", created_at=MORNING, updated_at=MORNING, post_id=post_id)
    Post.adopt(db, user(db), Content.of(title, "Words", slug=slug), origin)


def test_without_kept_numbers_galleries_name_the_pictures_by_their_new_ones(journal: Journal) -> None:
    imported(journal)
    with journal.writing() as db:
        post, hill = titled(db, "A walk & a hill"), db.scalars(select(Attachment)).one()
        assert f'[gallery ids="{hill.id}"]' in post.body
        assert f"wp-image-{hill.id}" in post.body
        assert hill.id != 101
