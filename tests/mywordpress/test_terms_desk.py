"""Categories and tags at the desk."""

import pytest
from sqlalchemy import select

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both, user


@pytest.fixture
def editor(journal: Journal) -> Visitor:
    with journal.writing() as db:
        user(db).role = Role.EDITOR
    return journal.author()


def term(journal: Journal, slug: str) -> Term:
    with journal.writing() as db:
        found: Term = db.scalars(select(Term).where(Term.slug == slug)).one()
    return found


@over_both
def test_an_editor_makes_and_changes_a_category(journal: Journal, editor: Visitor) -> None:
    assert editor.post("/terms", taxonomy="category", name="Sea", description="Wet.").status_code == 303
    sea = term(journal, "sea")
    made = editor.post("/terms", taxonomy="category", name="Deep Sea", parent_id=str(sea.id))
    assert made.location == "/terms?taxonomy=category&done=created"
    page = editor.get("/terms").text
    assert page.index(">Sea<") < page.index(">Deep Sea<")
    assert 'href="/category/sea/deep-sea/"' in page
    form = {"name": "Ocean", "slug": "ocean", "parent_id": "0", "description": ""}
    assert editor.post(f"/terms/{sea.id}", **form).status_code == 303
    assert 'href="/category/ocean/deep-sea/"' in editor.get("/terms").text
    assert 'value="Ocean"' in editor.get(f"/terms/{sea.id}/edit").text


def test_tags_are_listed_beside(journal: Journal, editor: Visitor) -> None:
    editor.post("/terms", taxonomy="post_tag", name="Ink")
    assert ">Ink<" in editor.get("/terms?taxonomy=post_tag").text
    assert ">Ink<" not in editor.get("/terms").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "A name is needed."),
        ({"name": "SEA", "parent_id": "0"}, "There is one already: Sea."),
        ({"name": "x" * 201}, "longer than 200"),
        ({"name": "Lake", "parent_id": "99"}, "Not a valid choice."),
        ({"name": "Lake", "parent_id": "x"}, "Invalid Choice"),
    ],
)
def test_what_cannot_be_is_told(journal: Journal, editor: Visitor, form: dict[str, str], said: str) -> None:
    editor.post("/terms", taxonomy="category", name="Sea")
    answer = editor.post("/terms", taxonomy="category", **form)
    assert answer.status_code == 422
    assert said in notice(answer)


def test_a_category_is_not_offered_what_stands_below_it(journal: Journal, editor: Visitor) -> None:
    editor.post("/terms", name="Top")
    editor.post("/terms", name="Leaf", parent_id=str(term(journal, "top").id))
    top, leaf = term(journal, "top"), term(journal, "leaf")
    assert ">Leaf</option>" not in editor.get(f"/terms/{top.id}/edit").text
    answer = editor.post(f"/terms/{top.id}", name="Top", parent_id=str(leaf.id))
    assert answer.status_code == 422
    assert term(journal, "top").parent_id is None


def test_terms_are_deleted_and_merged_but_for_the_default_one(journal: Journal, editor: Visitor) -> None:
    for name in ("Ink", "Inks", "Pens"):
        editor.post("/terms", taxonomy="post_tag", name=name)
    assert editor.post(f"/terms/{term(journal, 'ink').id}/merger", into="Inks").status_code == 303
    assert editor.post(f"/terms/{term(journal, 'pens').id}/deletion").status_code == 303
    answer = editor.post(f"/terms/{term(journal, 'inks').id}/merger", into="Quills")
    assert (answer.status_code, "no other one of that name" in notice(answer)) == (422, True)
    editor.post("/terms", name="News")
    news = term(journal, "news")
    with journal.writing() as db:
        Options(default_category_id=news.id).store(db)
    assert editor.post(f"/terms/{news.id}/deletion").status_code == 409
    assert ">Inks<" in editor.get("/terms?taxonomy=post_tag").text


def test_an_author_may_not_look_after_terms(journal: Journal) -> None:
    ann = journal.author()
    assert ann.get("/terms").status_code == 403
    assert ann.post("/terms", name="Mine").status_code == 403
    assert journal.visitor().get("/terms").status_code == 303
    assert journal.author("ada@example.com").get("/terms/7/edit").status_code == 404


def test_a_format_is_no_term_of_the_desk(journal: Journal, editor: Visitor) -> None:
    with journal.writing() as db:
        quote = Term.make(db, Taxonomy.FORMAT, "Quote", slug="post-format-quote")
    assert editor.get(f"/terms/{quote.id}/edit").status_code == 404
