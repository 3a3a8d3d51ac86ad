"""Writing posts and pages, and who may."""

from datetime import timedelta
from typing import Any

import pytest

from apps.chassis.columns import now
from apps.chassis.epochs import token_of
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Content, EditConflict, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both, user


def stored(journal: Journal, post_id: int) -> Post:
    with journal.writing() as db:
        post: Post = db.get_one(Post, post_id)
        return post


@over_both
def test_a_post_is_made_changed_trashed_and_deleted(journal: Journal, ann: Program, stranger: Program) -> None:
    answer = ann.post("/posts", title="Made", content="<p>By a <b>program</b></p>", excerpt="Short", status="publish")
    assert answer.status_code == 201
    made: Any = answer.json
    assert answer.headers["Location"] == f"http://localhost/wp-json/wp/v2/posts/{made['id']}"
    assert made["content"]["raw"] == "<p>By a <b>program</b></p>"
    assert (made["body_format"], made["slug"], made["author"]) == ("html", "made", 1)
    path = f"/posts/{made['id']}"
    changed = ann.put(path, title={"raw": "Changed"}, slug="other", comment_status="closed", ping_status="closed")
    assert (changed.status_code, changed.json["title"]["raw"], changed.json["slug"]) == (200, "Changed", "other")
    assert changed.json["content"]["raw"] == made["content"]["raw"]
    assert stranger.shown(path)["comment_status"] == "closed"
    assert ann.delete(path).json["status"] == "trash"
    assert code(ann.delete(path)) == (410, "rest_already_trashed")
    assert code(ann.put(path, title="Again")) == (409, "rest_post_in_trash")
    assert ann.put(path, status="draft", title="Back").json["title"]["raw"] == "Back"
    gone = ann.delete(f"{path}?force=true").json
    assert (gone["deleted"], gone["previous"]["title"]["raw"]) == (True, "Back")
    assert code(ann.get(path)) == (404, "rest_post_invalid_id")


def test_readers_see_a_change_at_once(journal: Journal, ann: Program) -> None:
    def epoch() -> str:
        with journal.writing() as db:
            return token_of(db)

    seen = [epoch()]
    path = f"/posts/{ann.made('/posts', title='T', status='publish')['id']}"
    seen.append(epoch())
    ann.put(path, title="U")
    seen.append(epoch())
    ann.delete(path)
    assert len({*seen, epoch()}) == 4
    assert ann.get("/posts").status_code == 200
    before = epoch()
    ann.get("/posts")
    assert epoch() == before


def test_what_is_written_in_markdown_stays_so(journal: Journal, ann: Program) -> None:
    post = journal.post("T", "*old*")
    changed = ann.put(f"/posts/{post.id}", content="*new*").json
    assert (changed["body_format"], changed["content"]["rendered"]) == ("markdown", "<p><em>new</em></p>\n")
    assert ann.put(f"/posts/{post.id}", body_format="html").json["content"]["rendered"] == "<p>*new*</p>\n"


def test_scripts_never_reach_readers(ann: Program) -> None:
    made = ann.made("/posts", title="<script>t</script>", content="<script>alert(1)</script><p onclick='x'>y</p>")
    assert "<script" not in made["content"]["rendered"] + made["title"]["rendered"]
    assert "onclick" not in made["content"]["rendered"]
    assert "wp:action-unfiltered-html" not in made["_links"]


def test_every_save_is_a_revision(journal: Journal, ann: Program) -> None:
    post = journal.post("One")
    ann.put(f"/posts/{post.id}", title="Two")
    ann.put(f"/posts/{post.id}", title="Two")
    assert [one["title"]["rendered"] for one in ann.shown(f"/posts/{post.id}/revisions")] == ["Two", "One"]


def test_dates_decide_when_a_post_appears(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        Options(timezone="Asia/Seoul").store(db)
    at = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    planned = ann.made("/posts", title="T", status="publish", date_gmt=at)
    assert (planned["status"], planned["date_gmt"]) == ("future", at)
    past = ann.put(f"/posts/{planned['id']}", status="publish", date="2020-05-06T09:00:00").json
    assert (past["status"], past["date_gmt"]) == ("publish", "2020-05-06T00:00:00")
    moved = ann.put(f"/posts/{planned['id']}", date="2021-05-06T00:00:00+00:00").json
    assert moved["date_gmt"] == "2021-05-06T00:00:00"
    draft = ann.made("/posts", title="Draft", date_gmt="2019-01-02T03:04:05")
    assert (draft["status"], draft["date_gmt"]) == ("draft", "2019-01-02T03:04:05")
    assert ann.put(f"/posts/{draft['id']}", date=None).status_code == 200
    for wrong in ("soon", "2020-13-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59"):
        assert code(ann.put(f"/posts/{draft['id']}", date=wrong)) == (400, "rest_invalid_param")


@pytest.mark.parametrize("status", ["draft", "pending", "private", "publish"])
def test_a_post_is_brought_to_each_status(ann: Program, status: str) -> None:
    made = ann.made("/posts", title="T", status=status)
    assert made["status"] == status
    assert ann.put(f"/posts/{made['id']}", status="draft").json["status"] == "draft"
    assert ann.put(f"/posts/{made['id']}", status=status).json["status"] == status


def test_terms_are_set_and_known(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        shelf, default = (Term.make(db, Taxonomy.CATEGORY, name).id for name in ("Shelf", "Default"))
        red = Term.make(db, Taxonomy.TAG, "Red").id
        Options(default_category_id=default).store(db)
    made = ann.made("/posts", title="T", categories=[shelf], tags=[red], format="quote", status="publish")
    assert (made["categories"], made["tags"], made["format"]) == ([shelf], [red], "quote")
    assert {"category-shelf", "tag-red", "format-quote"} <= set(made["class_list"])
    assert ann.made("/posts", title="Plain")["categories"] == [default]
    changed = ann.put(f"/posts/{made['id']}", tags=[], format="standard").json
    assert (changed["categories"], changed["tags"], changed["format"]) == ([shelf], [], "standard")
    assert code(ann.put(f"/posts/{made['id']}", tags=[shelf])) == (400, "rest_invalid_param")
    assert code(ann.put(f"/posts/{made['id']}", categories=[999])) == (400, "rest_invalid_param")


def test_addresses_are_made_free(journal: Journal, ann: Program) -> None:
    ann.made("/posts", title="Same", slug="same")
    second = ann.made("/posts", title="Other", slug="same")
    assert second["slug"] == "same-2"
    third = ann.made("/posts", title="Third")
    assert ann.put(f"/posts/{third['id']}", slug="same").json["slug"] == "same-3"


@pytest.mark.parametrize("date", ["2026-07-01T00:30:00", "2026-06-30T23:30:00-05:00"])
def test_what_is_made_is_told_where_it_stands(journal: Journal, ann: Program, stranger: Program, date: str) -> None:
    with journal.writing() as db:
        Options(timezone="Asia/Seoul").store(db)
    made = ann.made("/posts", title="T", content="Words", status="publish", date=date)
    assert made["link"] == stranger.shown(f"/posts/{made['id']}")["link"]
    assert journal.visitor().get(made["link"]).status_code == 200


def test_a_date_that_has_no_address_anywhere_is_none(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        Options(timezone="Asia/Seoul").store(db)
    for date in (
        "1000-01-01T00:00:00",
        "9998-12-31T23:30:00-05:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-05:00",
    ):
        assert code(ann.post("/posts", title="T", date=date)) == (400, "rest_invalid_param"), date


def test_what_the_editor_made_sticky_with_a_password_can_be_changed(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        both = Post.draft(db, user(db), Content.of("T", "", sticky=True, password="open"))
    assert ann.put(f"/posts/{both.id}", title="U", sticky=True, password="open").json["title"]["raw"] == "U"
    ann.put(f"/posts/{both.id}", password="")
    assert code(ann.put(f"/posts/{both.id}", password="shut")) == (400, "rest_invalid_field")


def test_what_cannot_be_is_refused(journal: Journal, ann: Program, ada: Program) -> None:
    assert code(ann.post("/posts")) == (400, "empty_content")
    assert code(ann.post("/posts", id=7, title="T")) == (400, "rest_post_exists")
    assert code(ann.post("/posts", title="T", status="trash")) == (400, "rest_invalid_param")
    assert code(ann.post("/posts", title="T", featured_media=99)) == (400, "rest_invalid_featured_media")
    assert code(ada.post("/posts", title="T", author=99)) == (400, "rest_invalid_author")
    assert code(ann.post("/posts", title="T", sticky=True, password="x")) == (400, "rest_invalid_field")
    assert code(ann.post("/posts", title="x" * 501)) == (400, "rest_invalid_param")
    assert code(ada.post("/pages", title="T", parent=99)) == (400, "rest_post_invalid_id")
    page = ada.made("/pages", title="Page", status="publish")
    assert code(ada.put(f"/pages/{page['id']}", parent=page["id"])) == (400, "rest_post_invalid_id")
    assert code(ada.post("/pages", title="T", menu_order=2**40)) == (400, "rest_invalid_param")


def test_of_two_who_save_at_once_the_second_is_told(
    journal: Journal, ann: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = journal.post()

    def late(self: Post, *arguments: Any) -> None:
        raise EditConflict(self)

    monkeypatch.setattr(Post, "revise", late)
    assert code(ann.put(f"/posts/{post.id}", title="U")) == (409, "rest_edit_conflict")


def test_nothing_of_a_refused_change_is_kept(journal: Journal, ann: Program) -> None:
    post = journal.post("Before")
    assert code(ann.put(f"/posts/{post.id}", title="After", tags=[99])) == (400, "rest_invalid_param")
    assert stored(journal, post.id).title == "Before"


def test_an_editor_gives_posts_to_others(journal: Journal, ann: Program, programs: Any) -> None:
    editor = programs(Role.EDITOR)
    with journal.writing() as db:
        bo = user(db, "bo").id
    post = journal.post()
    assert editor.put(f"/posts/{post.id}", author=bo).json["author"] == bo
    assert editor.made("/posts", title="For Bo", author=bo)["author"] == bo
    assert code(ann.post("/posts", title="T", author=bo)) == (403, "rest_cannot_edit_others")


# What a role may do with a published post of somebody else, a draft and a published post of its own, and a page.
CASES = {
    Role.SUBSCRIBER: ("no", "no", "no", "no"),
    Role.CONTRIBUTOR: ("no", "yes", "no", "no"),
    Role.AUTHOR: ("no", "yes", "yes", "no"),
    Role.EDITOR: ("yes", "yes", "yes", "yes"),
    Role.ADMINISTRATOR: ("yes", "yes", "yes", "yes"),
}


@pytest.mark.parametrize("role", CASES)
def test_each_role_may_what_it_may_in_wordpress(journal: Journal, programs: Any, role: Role) -> None:
    theirs, program = journal.post(), programs(role)

    def may(allowed: str, answer: Any, refusal: str) -> None:
        assert answer.status_code in (200, 201) if allowed == "yes" else code(answer) == (403, refusal), answer.text

    others, draft, published, page = CASES[role]
    may(others, program.put(f"/posts/{theirs.id}", title="U"), "rest_cannot_edit")
    may(others, program.delete(f"/posts/{theirs.id}"), "rest_cannot_delete")
    may(draft, program.post("/posts", title="T"), "rest_cannot_create")
    refusal = "rest_cannot_publish" if draft == "yes" else "rest_cannot_create"
    may(published, program.post("/posts", title="T", status="publish"), refusal)
    may(published, program.post("/posts", title="T", status="private"), refusal)
    sticky = "rest_cannot_assign_sticky" if draft == "yes" else refusal
    may(published, program.post("/posts", title="T", sticky=True), sticky)
    may(page, program.post("/pages", title="T"), "rest_cannot_create")


def test_strangers_write_nothing(journal: Journal, stranger: Program) -> None:
    post = journal.post()
    assert code(stranger.post("/posts", title="T")) == (401, "rest_cannot_create")
    assert code(stranger.put(f"/posts/{post.id}", title="T")) == (401, "rest_cannot_edit")
    assert code(stranger.delete(f"/posts/{post.id}?force=true")) == (401, "rest_cannot_delete")


def test_a_contributor_hands_in_for_review(programs: Any) -> None:
    contributor = programs(Role.CONTRIBUTOR)
    made = contributor.made("/posts", title="T", status="pending")
    assert made["status"] == "pending"
    assert code(contributor.put(f"/posts/{made['id']}", status="publish")) == (403, "rest_cannot_publish")
