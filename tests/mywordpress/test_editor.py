"""What stands beside the text: state, date, place, terms, pictures; and how a text is divided."""

from datetime import timedelta

import pytest

from apps.chassis.columns import now
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, file, over_both, user
from tests.mywordpress.people import join
from tests.mywordpress.saving import form, stored


@over_both
def test_all_that_stands_beside_the_text_is_saved(journal: Journal) -> None:
    with journal.writing() as db:
        term = Term.make(db, Taxonomy.CATEGORY, "Ink")
        term_id = term.id
    ann, ada = journal.author(), journal.author("ada@example.com")
    ann.post("/media", file=file())
    sent = form(
        format="html",
        excerpt="In short",
        slug="An Address",
        visibility="password",
        password="sesame",
        sticky="y",
        categories=str(term_id),
        new_category="Paper",
        tags="blue,  old  ink, blue",
        picture_id="1",
        date="2026-03-29T14:05",
    )
    answer = ada.post("/posts", **sent, author_id="1")
    assert answer.status_code == 303
    post = stored(journal)
    assert (post.format, post.excerpt, post.slug, post.password) == ("html", "In short", "an-address", "sesame")
    assert (post.sticky, post.comments_open, post.picture_id, post.author.name) == (True, False, 1, "Ann")
    assert {term.name for term in post.terms} == {"Ink", "Paper", "blue", "old ink"}
    assert f"{post.published_at:%Y-%m-%d %H:%M}" == "2026-03-29 14:05"
    page = ann.get("/posts/1/edit").text
    for shown in ('value="sesame"', 'value="2026-03-29T14:05"', 'value="blue, old ink"', 'value="an-address"'):
        assert shown in page


def test_what_a_program_leaves_out_stays_as_it_is(journal: Journal) -> None:
    ann = journal.author()
    ann.post("/posts", **form(sticky="y", tags="one", visibility="password", password="p", format="html"))
    assert ann.post("/posts/1", title="A title", body="<b>New</b>", version="1").status_code == 303
    post = stored(journal)
    assert (post.sticky, post.password, post.format, [term.name for term in post.terms]) == (True, "p", "html", ["one"])


def test_a_post_without_a_category_gets_the_default_one(journal: Journal) -> None:
    with journal.writing() as db:
        Options(default_category_id=Term.make(db, Taxonomy.CATEGORY, "Notes").id).store(db)
    journal.author().post("/posts", **form())
    assert [term.name for term in stored(journal).terms] == ["Notes"]


def test_an_author_makes_no_categories(journal: Journal) -> None:
    journal.author().post("/posts", **form(new_category="Mine", categories="77", author_id="2"))
    assert (stored(journal).terms, stored(journal).author.name) == ([], "Ann")


def test_whoever_may_not_see_the_library_takes_nothing_out_of_it(journal: Journal) -> None:
    ada, connie = journal.author("ada@example.com"), join(journal, "Connie", Role.CONTRIBUTOR)
    ada.post("/media", file=file())
    assert "/media/" not in connie.get("/posts/new").text
    connie.post("/posts", **form(picture_id="1"))
    assert stored(journal).picture_id is None
    ada.post("/posts/1", **form(picture_id="1", version="1"))
    connie.post("/posts/1", **form(version="2", tags="ink"))
    assert (stored(journal).picture_id, stored(journal).version) == (1, 3)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"visibility": "password", "password": " "}, "which password"),
        ({"tags": ",".join(f"t{number}" for number in range(101))}, "at most 100 tags"),
        ({"format": "latex"}, "choice"),
        ({"date": "tomorrow"}, "datetime"),
        ({"date": "0001-01-01T00:00"}, "a year from 1000 to 9998"),
        ({"date": "9999-12-31T23:59"}, "a year from 1000 to 9998"),
        ({"visibility": "friends"}, "choice"),
        ({"kind": "page", "parent_id": "1"}, "cannot stand below"),
    ],
)
def test_what_cannot_be_is_refused_with_all_that_was_typed(
    journal: Journal, wrong: dict[str, object], reason: str
) -> None:
    answer = journal.author("ada@example.com").post("/posts", **form(body="These words stay.", **wrong))
    assert (answer.status_code, reason in answer.text, "These words stay." in answer.text) == (422, True, True)


@over_both
def test_a_scheduled_post_appears_by_the_worker_and_not_before(journal: Journal) -> None:
    ann = journal.author()
    answer = ann.post("/posts", **form(date=f"{now() + timedelta(hours=3):%Y-%m-%dT%H:%M}", publish="1"))
    assert answer.location == "/posts/1/edit?done=scheduled"
    journal.tick("/every/minute")
    guest, path = journal.visitor(), stored(journal).path
    assert (stored(journal).status, guest.get(path).status_code) == ("future", 404)
    with journal.writing() as db:
        db.get_one(Post, 1).published_at = now()
    path = stored(journal).path
    assert (stored(journal).status, guest.get(path).status_code) == ("future", 404)
    journal.tick("/every/minute")
    assert guest.get(path).status_code == 200
    assert "A title" in guest.get("/").text


@over_both
def test_a_date_is_one_of_the_sites_clock(journal: Journal) -> None:
    with journal.writing() as db:
        Options(timezone="Asia/Seoul").store(db)
    ann = journal.author()
    ann.post("/posts", **form(date="2026-03-29T00:30", publish="1"))
    assert f"{stored(journal).published_at:%Y-%m-%d %H:%M}" == "2026-03-28 15:30"
    assert 'value="2026-03-29T00:30"' in ann.get("/posts/1/edit").text


def test_saving_again_moves_no_date(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    assert post.published_at is not None
    ann.post(f"/posts/{post.id}", **form(date=f"{post.published_at:%Y-%m-%dT%H:%M}", body="New."))
    assert (stored(journal).body, stored(journal).published_at) == ("New.", post.published_at)
    ann.post(f"/posts/{post.id}", **form(version="2", date="2026-01-02T03:04"))
    assert stored(journal).path == "/2026/01/a-title/"
    assert journal.visitor().get(post.path).status_code == 301


def test_a_published_post_becomes_private_and_public_again(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    ann.post(f"/posts/{post.id}", **form(visibility="private"))
    assert (stored(journal).status, journal.visitor().get(post.path).status_code) == ("private", 404)
    assert "Some words." in ann.get(f"/posts/{post.id}").text
    ann.post(f"/posts/{post.id}", **form(version="2", visibility="public"))
    assert journal.visitor().get(post.path).status_code == 200


@over_both
def test_a_text_is_divided_into_pages_and_teaser_in_both_formats(journal: Journal) -> None:
    with journal.writing() as db:
        for kind, body in (
            ("markdown", "One.\n\n<!--more Go on-->\n\nTwo.\n\n<!--nextpage-->\n\nThree.\n\n```\n<!--nextpage-->\n```"),
            (
                "html",
                "<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph --><!-- wp:more --><!--more Go on-->"
                "<!-- /wp:more --><p>Two.</p><!--nextpage--><p>Three.</p>",
            ),
        ):
            post = Post.draft(db, user(db), Content.of(kind, body, format=kind))
            assert len(post.parts) == 2
            assert ("One." in post.teaser, "Two." in post.teaser, post.summary) == (True, False, "One.")
            assert ("Two." in post.parts[0], "Three." in post.parts[1]) == (True, True)


def test_a_page_is_placed_and_cannot_stand_below_itself(journal: Journal) -> None:
    ada = journal.author("ada@example.com")
    ada.post("/posts", **form(title="About", kind="page", publish="1"))
    ada.post("/posts", **form(title="Team", kind="page", parent_id="1", position="3", publish="1"))
    team = stored(journal, 2)
    assert (team.kind, team.parent_id, team.position) == (Kind.PAGE, 1, 3)
    answer = ada.post("/posts/1", **form(title="About", kind="page", parent_id="2"))
    assert (answer.status_code, "cannot stand below itself" in answer.text) == (422, True)
    with journal.writing() as db:
        assert db.get_one(Post, 2).path == "/about/team/"


@pytest.mark.parametrize("title", ["Posts", "Category", "2026", "Feed"])
def test_no_page_stands_where_the_site_itself_does(journal: Journal, title: str) -> None:
    with journal.writing() as db:
        page = Post.draft(db, user(db, "ada"), Content.of(title, ""), Kind.PAGE)
        assert page.slug == f"{title.lower()}-2"


def test_a_picture_sent_along_with_html_is_shown_in_html(journal: Journal) -> None:
    ann = journal.author()
    ann.post("/posts", title="T", body="<p>Words.</p>", format="html", alt='A "grey" field', file=file())
    with journal.writing() as db:
        key = db.get_one(Attachment, 1).key
    assert stored(journal).body.endswith(f'<img src="/media/{key}" alt="A &quot;grey&quot; field">\n')
