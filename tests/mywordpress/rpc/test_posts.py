"""`wp.*` of posts and their revisions."""

from datetime import UTC, datetime, timedelta
from xmlrpc.client import DateTime

import pytest

from apps.chassis.columns import now
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.posts.columns import Format, State
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, file, over_both, user
from tests.mywordpress.rpc.conftest import Program, Programs
from tests.mywordpress.saving import stored

NEW = {"post_title": "From afar", "post_content": "<p>Written by a <b>program</b>.</p>", "post_status": "publish"}


@over_both
def test_a_post_is_written_read_changed_and_deleted(journal: Journal, ann: Program) -> None:
    post_id = ann.wp("newPost", NEW)
    assert isinstance(post_id, str)
    assert "Written by a <b>program</b>." in journal.visitor().get(stored(journal).path).text
    told = ann.wp("getPost", post_id)
    assert (told["post_id"], told["post_title"], told["post_status"]) == (post_id, "From afar", "publish")
    assert (told["post_author"], told["post_type"], told["post_format"]) == ("1", "post", "standard")
    assert told["link"] == f"http://localhost{stored(journal).path}"
    assert ann.wp("editPost", post_id, {"post_title": "From nearby"}) is True
    assert ann.wp("getPost", post_id, ["post_title"]) == {"post_id": post_id, "post_title": "From nearby"}
    assert ann.wp("deletePost", post_id) is True
    assert stored(journal).state == State.TRASH
    assert ann.wp("deletePost", post_id) is True
    assert ann.wp_fault("getPost", post_id) == 404


def test_what_an_editor_sends_back_as_it_came_changes_nothing(journal: Journal, ann: Program) -> None:
    at = now() + timedelta(days=3)
    with journal.writing() as db:
        planned = Post.draft(db, user(db), Content.of("Planned", "Later."))
        planned.publish(db, at)
        Post.draft(db, user(db), Content.of("Draft", "Not yet."))
    for post_id in (1, 2):
        before = stored(journal, post_id)
        assert ann.wp("editPost", post_id, ann.wp("getPost", post_id)) is True
        after = stored(journal, post_id)
        names = ("version", "status", "published_at", "slug", "body", "format", "author_id")
        assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


def test_dates_are_told_on_the_sites_clock_and_in_gmt(journal: Journal, ada: Program, ann: Program) -> None:
    ada.wp("setOptions", {"time_zone": "Asia/Seoul"})
    ann.wp("newPost", {**NEW, "post_date_gmt": DateTime("20260102T03:04:05")})
    ann.wp("newPost", {**NEW, "post_date": DateTime("20260102T03:04:05")})
    ann.wp("newPost", {**NEW, "post_date": DateTime("20260102T03:04:05Z")})
    told = [ann.wp("getPost", post_id, ["post_date", "post_date_gmt"]) for post_id in (1, 2, 3)]
    noon, night = datetime(2026, 1, 2, 12, 4, 5), datetime(2026, 1, 1, 18, 4, 5)  # noqa: DTZ001
    assert [one["post_date"] for one in told] == [noon, datetime(2026, 1, 2, 3, 4, 5), noon]  # noqa: DTZ001
    assert [one["post_date_gmt"] for one in told][1] == night
    assert stored(journal, 2).published_at == datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)


def test_a_date_to_come_is_a_schedule_and_told_as_published(journal: Journal, ann: Program) -> None:
    at = (now() + timedelta(days=2)).replace(microsecond=0, tzinfo=None)
    post_id = ann.wp("newPost", {**NEW, "post_date_gmt": at})
    assert stored(journal).state == State.FUTURE
    assert ann.wp("getPost", post_id)["post_status"] == "publish"
    assert ann.wp("editPost", post_id, {"post_title": "Still later", "post_status": "publish"})
    assert stored(journal).state == State.FUTURE


def test_terms_come_by_id_and_by_name(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        known = Term.make(db, Taxonomy.CATEGORY, "Known").id
    ann.wp("newPost", {**NEW, "terms": {"category": [known]}, "terms_names": {"post_tag": ["new", "Other tag"]}})
    terms = ann.wp("getPost", 1)["terms"]
    assert {(term["taxonomy"], term["name"]) for term in terms} == {
        ("category", "Known"),
        ("post_tag", "new"),
        ("post_tag", "Other tag"),
    }
    assert all(isinstance(term["term_id"], str) and term["count"] == 1 for term in terms)
    ann.wp("editPost", 1, {"terms_names": {"post_tag": []}})
    assert [term["name"] for term in ann.wp("getPost", 1)["terms"]] == ["Known"]
    assert ann.wp_fault("editPost", 1, {"terms": {"category": [99]}}) == 403
    assert ann.wp_fault("editPost", 1, {"terms_names": {"category": ["Of my own"]}}) == 401
    assert ann.wp_fault("editPost", 1, {"terms": {"planets": [1]}}) == 401


def test_two_categories_of_one_name_need_their_ids(journal: Journal, ada: Program) -> None:
    with journal.writing() as db:
        above = Term.make(db, Taxonomy.CATEGORY, "Notes")
        Term.make(db, Taxonomy.CATEGORY, "Notes", parent=above)
    assert ada.wp_fault("newPost", {**NEW, "terms_names": {"category": ["notes"]}}) == 401


def test_custom_fields_are_added_changed_and_deleted(ann: Program) -> None:
    fields = [{"key": "mood", "value": "calm"}, {"key": "place", "value": 7}, {"key": "_hidden", "value": "x"}]
    ann.wp("newPost", {**NEW, "custom_fields": fields})
    kept = ann.wp("getPost", 1)["custom_fields"]
    assert [(one["key"], one["value"]) for one in kept] == [("mood", "calm"), ("place", "7")]
    ann.wp("editPost", 1, {"custom_fields": [{**kept[0], "value": "glad"}, {"id": kept[1]["id"]}]})
    assert ann.wp("getPost", 1)["custom_fields"] == [{**kept[0], "value": "glad"}]
    ann.wp("newPost", {**NEW, "custom_fields": [{**kept[0], "value": "another post's"}]})
    assert ann.wp("getPost", 1)["custom_fields"][0]["value"] == "glad"


def test_an_enclosure_is_noted_once(ann: Program) -> None:
    named = {"url": "https://example.com/talk.mp3", "length": 123, "type": "audio/mpeg"}
    ann.wp("newPost", {**NEW, "enclosure": named})
    ann.wp("editPost", 1, {"enclosure": named})
    told = ann.wp("getPost", 1, ["enclosure", "custom_fields"])
    assert told["enclosure"] == named
    assert len(told["custom_fields"]) == 1


def test_all_that_stands_beside_the_text_is_kept(journal: Journal, program: Programs) -> None:
    sue = program("sue", Role.EDITOR)
    uploaded = journal.author().post("/media", accept="application/json", file=file()).json
    picture = uploaded["id"] if uploaded else 0
    more = {"post_format": "quote", "post_name": "an-address", "post_excerpt": "Short.", "sticky": True}
    closed = {"comment_status": "closed", "ping_status": "closed", "post_thumbnail": picture}
    sue.wp("newPost", {**NEW, **more, **closed, "post_author": 1})
    told = sue.wp("getPost", 1)
    assert {name: told[name] for name in more} == more
    assert (told["comment_status"], told["ping_status"], told["post_author"]) == ("closed", "closed", "1")
    assert told["post_thumbnail"]["attachment_id"] == str(picture)
    sue.wp("editPost", 1, {"post_thumbnail": "", "post_format": "standard", "post_password": "secret", "sticky": False})
    told = sue.wp("getPost", 1)
    assert (told["post_thumbnail"], told["post_format"], told["post_password"]) == ([], "standard", "secret")


def test_a_text_in_markdown_stays_markdown(journal: Journal, ann: Program) -> None:
    journal.post("Of the desk", "Some *words*.")
    ann.wp("editPost", 1, {"post_content": "Other *words*."})
    assert stored(journal).format == Format.MARKDOWN
    assert "<em>words</em>" in stored(journal).html
    ann.wp("newPost", NEW)
    assert stored(journal, 2).format == Format.HTML
    assert ann.wp_fault("editPost", 1, {"post_content": "*" * 6000}) == -32602


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        (Role.SUBSCRIBER, "draft", 401),
        (Role.CONTRIBUTOR, "publish", 401),
        (Role.CONTRIBUTOR, "future", 401),
        (Role.CONTRIBUTOR, "private", 401),
        (Role.CONTRIBUTOR, "pending", None),
        (Role.AUTHOR, "publish", None),
        (Role.AUTHOR, "private", None),
        (Role.EDITOR, "no such status", None),
    ],
)
def test_who_may_write_what(program: Programs, role: Role, status: str, code: int | None) -> None:
    sue = program("sue", role)
    if code is None:
        assert sue.wp("newPost", {**NEW, "post_status": status}) == "1"
    else:
        assert sue.wp_fault("newPost", {**NEW, "post_status": status}) == code


def test_posts_of_others_are_theirs(journal: Journal, program: Programs, ann: Program) -> None:
    journal.post()
    bo, sue = program("bo"), program("sue", Role.EDITOR)
    for method, more in (("getPost", ()), ("editPost", ({"post_title": "Mine"},)), ("deletePost", ())):
        assert bo.wp_fault(method, 1, *more) == 401
    assert bo.wp_fault("getRevisions", 1) == 401
    assert bo.wp_fault("newPost", {**NEW, "post_author": 1}) == 401
    assert bo.wp("getPosts") == []
    assert sue.wp("editPost", 1, {"post_author": 2}) is True
    assert ann.wp_fault("getPost", 1) == 401
    assert len(bo.wp("getPosts")) == 1


def test_an_author_makes_nothing_sticky(ann: Program) -> None:
    assert ann.wp_fault("newPost", {**NEW, "sticky": True}) == 401
    assert ann.wp("newPost", {**NEW, "sticky": False}) == "1"


def test_lists_are_narrowed_down_and_put_in_order(journal: Journal, ann: Program) -> None:
    for title in ("Beta", "Alpha", "Gamma"):
        journal.post(title)
    journal.post("A draft", published=False)
    ann.wp("deletePost", journal.post("Gone").id)

    def titles(**filter: object) -> list[str]:
        return [post["post_title"] for post in ann.wp("getPosts", filter, ["post_title"])]

    assert titles() == ["A draft", "Gamma", "Alpha", "Beta"]
    assert titles(post_status="publish", orderby="title", order="ASC") == ["Alpha", "Beta", "Gamma"]
    assert titles(number=2, offset=1) == ["Gamma", "Alpha"]
    assert titles(post_status="draft") == ["A draft"]
    assert titles(post_status="trash") == ["Gone"]
    assert titles(s="gam") == ["Gamma"]
    assert titles(number="1000000000000000", offset="1000000000000000") == []
    assert ann.wp_fault("getPosts", {"post_type": "planet"}) == 403
    assert ann.wp_fault("getPosts", {"post_type": "page"}) == 401


def test_pages_are_posts_as_well(journal: Journal, ada: Program) -> None:
    above = ada.wp("newPost", {**NEW, "post_type": "page"})
    place = {"post_type": "page", "post_parent": above, "menu_order": 3}
    below = ada.wp("newPost", {**NEW, **place, "post_title": "Below"})
    told = ada.wp("getPost", below)
    assert (told["post_parent"], told["menu_order"], told["terms"]) == (above, 3, [])
    assert journal.visitor().get("/from-afar/below/").status_code == 200
    assert ada.wp_fault("editPost", above, {"post_parent": below}) == 404
    assert ada.wp_fault("editPost", above, {"post_type": "post"}) == 401


def test_whoever_comes_second_is_told(ann: Program) -> None:
    ann.wp("newPost", NEW)
    before = DateTime("20200101T00:00:00")
    assert ann.wp_fault("editPost", 1, {"post_title": "x", "if_not_modified_since": before}) == 409
    later = (now() + timedelta(minutes=1)).replace(tzinfo=None, microsecond=0)
    assert ann.wp("editPost", 1, {"post_title": "x", "if_not_modified_since": later}) is True


def test_revisions_are_listed_and_restored(journal: Journal, ann: Program) -> None:
    ann.wp("newPost", NEW)
    ann.wp("editPost", 1, {"post_content": "Other words."})
    newest, oldest = ann.wp("getRevisions", 1)
    assert (newest["post_content"], oldest["post_content"]) == ("Other words.", NEW["post_content"])
    assert (oldest["post_type"], oldest["post_parent"], oldest["post_status"]) == ("revision", "1", "inherit")
    assert ann.wp("restoreRevision", oldest["post_id"]) is True
    assert stored(journal).body == NEW["post_content"]
    assert "program" in journal.visitor().get(stored(journal).path).text
    assert ann.wp_fault("restoreRevision", 99) == 404


def test_what_cannot_be_is_refused_and_leaves_nothing(journal: Journal, ann: Program) -> None:
    refused = [
        ({"post_title": "", "post_content": ""}, 500),
        ({**NEW, "post_title": "x" * 501}, -32602),
        ({**NEW, "post_content": "x" * 200_001}, -32602),
        ({**NEW, "post_thumbnail": 99}, 404),
        ({**NEW, "post_format": "poem"}, 404),
        ({**NEW, "post_type": "planet"}, 403),
        ({**NEW, "post_author": 99}, 401),
        ({**NEW, "post_parent": 99}, 404),
        ({**NEW, "custom_fields": ["no struct"]}, -32602),
        ({**NEW, "terms": "no struct"}, -32602),
        ({**NEW, "post_title": {"a": "struct"}}, -32602),
        ({**NEW, "menu_order": "1000000000000"}, -32602),
        ({**NEW, "terms_names": {"post_tag": ["kept?"], "category": ["not mine"]}}, 401),
    ]
    for content, code in refused:
        assert ann.wp_fault("newPost", content) == code
    assert ann.wp("getPosts") == []
    assert ann.wp("getTags") == []


def test_what_is_in_the_trash_comes_out_by_a_status(journal: Journal, ann: Program) -> None:
    ann.wp("newPost", NEW)
    ann.wp("deletePost", 1)
    assert ann.wp_fault("editPost", 1, {"post_title": "x"}) == 401
    assert ann.wp("editPost", 1, {"post_title": "Back", "post_status": "draft"}) is True
    assert (stored(journal).status, stored(journal).slug) == ("draft", "from-afar")
    assert ann.wp("editPost", 1, {"post_status": "trash"}) is True
    assert stored(journal).state == State.TRASH
