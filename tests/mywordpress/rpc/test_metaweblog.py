"""`metaWeblog.*`, `blogger.*` and `mt.*`, as desktop editors use them, and pages as WordPress had them before."""

from datetime import UTC, timedelta

from apps.chassis.columns import now
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.columns import State
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal
from tests.mywordpress.rpc.conftest import Program, Programs
from tests.mywordpress.saving import stored

NEW = {"title": "From the desktop", "description": "<p>First.</p>", "mt_text_more": "<p>Second.</p>"}


def shelve(journal: Journal, *names: str) -> list[int]:
    with journal.writing() as db:
        return [Term.make(db, Taxonomy.CATEGORY, name).id for name in names]


def test_an_editors_post_comes_back_as_it_was_sent(journal: Journal, ann: Program) -> None:
    shelve(journal, "Notes", "Tides")
    more = {"mt_excerpt": "Short.", "wp_slug": "address", "mt_keywords": "one, two", "mt_allow_comments": 0}
    sent = {**NEW, **more, "mt_allow_pings": "closed", "categories": ["tides", "Nowhere"], "wp_post_format": "aside"}
    post_id = ann.call("metaWeblog.newPost", 1, ann.name, ann.password, sent, True)
    told = ann.of_post("metaWeblog.getPost", post_id)
    assert {name: told[name] for name in (*NEW, *more)} == {**NEW, **more}
    assert (told["mt_allow_pings"], told["categories"], told["wp_post_format"]) == (0, ["Tides"], "aside")
    assert (told["postid"], told["post_status"], told["userid"]) == (post_id, "publish", "1")
    assert told["permaLink"] == f"http://localhost{stored(journal).path}"
    page = journal.visitor().get(stored(journal).path).text
    assert "First." in page
    assert "Second." in page


def test_the_flag_decides_whether_it_is_shown(journal: Journal, ann: Program) -> None:
    post_id = ann.call("metaWeblog.newPost", 1, ann.name, ann.password, NEW, False)
    assert stored(journal).state == State.DRAFT
    assert ann.of_post("metaWeblog.editPost", post_id, {"title": "Shown"}, True) is True
    assert (stored(journal).title, stored(journal).published) == ("Shown", True)
    assert "First." in stored(journal).body
    ann.of_post("metaWeblog.editPost", post_id, {"post_status": "private"}, True)
    assert stored(journal).state == State.PRIVATE
    ann.of_post("metaWeblog.editPost", post_id, {})
    assert stored(journal).state == State.DRAFT


def test_recent_posts_are_ones_own(journal: Journal, program: Programs, ann: Program) -> None:
    for number in range(3):
        journal.post(f"Post {number}")
    ann.keyed("metaWeblog.deletePost", 1)
    recent = ann.call("metaWeblog.getRecentPosts", 1, ann.name, ann.password, 10)
    assert [post["title"] for post in recent] == ["Post 2", "Post 1"]
    assert len(ann.call("metaWeblog.getRecentPosts", 1, ann.name, ann.password, 1)) == 1
    bo, sue = program("bo"), program("sue", Role.SUBSCRIBER)
    assert bo.call("metaWeblog.getRecentPosts", 1, bo.name, bo.password, 10) == []
    assert sue.fault("metaWeblog.getRecentPosts", 1, sue.name, sue.password, 10) == 401
    assert bo.fault("metaWeblog.getPost", 2, bo.name, bo.password) == 401
    assert bo.fault("metaWeblog.editPost", 2, bo.name, bo.password, {"title": "Mine"}, True) == 401
    assert bo.fault("metaWeblog.deletePost", "key", 2, bo.name, bo.password, True) == 401
    assert ann.fault("metaWeblog.getPost", 99, ann.name, ann.password) == 404


def test_categories_are_told_with_their_addresses(journal: Journal, ann: Program) -> None:
    [notes] = shelve(journal, "Notes")
    with journal.writing() as db:
        Term.make(db, Taxonomy.CATEGORY, "Below", description="About it", parent=db.get(Term, notes))
    told = ann.call("metaWeblog.getCategories", 1, ann.name, ann.password)
    assert told == ann.wp("getCategories")
    assert told[1] == {
        "categoryId": "2",
        "parentId": str(notes),
        "description": "Below",
        "categoryDescription": "About it",
        "categoryName": "Below",
        "htmlUrl": "http://localhost/category/notes/below/",
        "rssUrl": "http://localhost/category/notes/below/feed/",
    }


def test_the_oldest_editors_send_title_and_category_in_the_text(journal: Journal, ann: Program) -> None:
    [notes] = shelve(journal, "Notes")
    content = f"<title>Old</title><category>{notes}</category>The text."
    post_id = ann.keyed("blogger.newPost", 1, content, True)
    told = ann.keyed("blogger.getPost", post_id)
    assert (told["content"], told["postid"], told["userid"]) == (content, post_id, "1")
    assert ann.keyed("blogger.editPost", post_id, "<title>New</title>Other text.", True) is True
    assert [post["content"] for post in ann.keyed("blogger.getRecentPosts", 1, 5)] == [
        f"<title>New</title><category>{notes}</category>Other text."
    ]
    assert ann.keyed("blogger.deletePost", post_id, True) is True
    assert stored(journal).state == State.TRASH
    assert ann.fault("blogger.deletePost", "key", 99, ann.name, ann.password) == 404


def test_programs_learn_whose_they_are_and_of_the_one_blog(ann: Program, ada: Program) -> None:
    told = ann.call("blogger.getUserInfo", "key", ann.name, ann.password)
    assert (told["nickname"], told["userid"]) == ("Ann", "1")
    [blog] = ann.call("blogger.getUsersBlogs", "key", ann.name, ann.password)
    assert (blog["blogid"], blog["url"], blog["isAdmin"]) == ("1", "http://localhost/", False)
    assert blog["xmlrpc"] == "http://localhost/xmlrpc.php"
    assert ann.call("wp.getUsersBlogs", ann.name, ann.password) == [blog]
    assert ada.call("metaWeblog.getUsersBlogs", "key", ada.name, ada.password)[0]["isAdmin"] is True


def test_categories_of_a_post_are_set_by_movable_types_methods(journal: Journal, ann: Program) -> None:
    notes, tides = shelve(journal, "Notes", "Tides")
    journal.post()
    known = ann.call("mt.getCategoryList", 1, ann.name, ann.password)
    assert [one["categoryName"] for one in known] == ["Notes", "Tides"]
    chosen = [{"categoryId": str(tides)}, {"categoryId": notes}]
    assert ann.of_post("mt.setPostCategories", 1, chosen) is True
    told = ann.of_post("mt.getPostCategories", 1)
    assert [(one["categoryId"], one["isPrimary"]) for one in told] == [(str(notes), True), (str(tides), False)]
    assert ann.fault("mt.setPostCategories", 1, ann.name, ann.password, [{"categoryId": 99}]) == 403
    assert ann.fault("mt.setPostCategories", 1, ann.name, ann.password, ["none"]) == -32602
    [title] = ann.call("mt.getRecentPostTitles", 1, ann.name, ann.password, 5)
    assert (title["title"], title["postid"], title["post_status"]) == ("A title", "1", "publish")


def test_a_draft_is_published_and_a_schedule_kept(journal: Journal, ann: Program, program: Programs) -> None:
    at = (now() + timedelta(days=2)).replace(microsecond=0, tzinfo=None)
    journal.post(published=False)
    ann.wp("newPost", {"post_title": "Later", "post_status": "publish", "post_date_gmt": at})
    ann.wp("newPost", {"post_title": "Dated", "post_status": "draft", "post_date_gmt": at})
    for number in (1, 2, 3):
        assert ann.of_post("mt.publishPost", number) is True
    assert [stored(journal, number).status for number in (1, 2, 3)] == ["publish", "future", "future"]
    assert stored(journal, 3).published_at == at.replace(tzinfo=UTC)
    sue = program("sue", Role.CONTRIBUTOR)
    draft = sue.wp("newPost", {"post_title": "Hers"})
    assert sue.fault("mt.publishPost", draft, sue.name, sue.password) == 401


def test_trackbacks_are_told_of_what_readers_see(journal: Journal, ann: Program) -> None:
    journal.post()
    journal.post("Hidden", published=False)
    with journal.writing() as db:
        for approved in (True, False):
            said = {"name": "Theirs", "url": "https://example.com/", "address": "192.0.2.1", "email": ""}
            db.add(Comment(post_id=1, kind="trackback", text="", html="", approved=approved, created_at=now(), **said))
    told = ann.call("mt.getTrackbackPings", 1)
    assert told == [{"pingTitle": "Theirs", "pingURL": "https://example.com/", "pingIP": ""}]
    assert ann.fault("mt.getTrackbackPings", 2) == 404


def test_pages_are_written_listed_and_deleted(journal: Journal, ada: Program, ann: Program) -> None:
    above = ada.wp("newPage", {"title": "About", "description": "Us."}, True)
    below = ada.wp("newPage", {"title": "Team", "wp_page_parent_id": above, "wp_page_order": 2}, True)
    assert journal.visitor().get("/about/team/").status_code == 200
    told = ada.call("wp.getPage", 1, below, ada.name, ada.password)
    assert (told["page_id"], told["wp_page_parent_id"], told["wp_page_parent_title"]) == (below, above, "About")
    assert (told["wp_page_order"], told["page_status"], told["wp_page_template"]) == (2, "publish", "default")
    assert ada.call("wp.editPage", 1, below, ada.name, ada.password, {"title": "Crew", "page_status": "draft"}, True)
    assert (stored(journal, int(below)).title, stored(journal, int(below)).status) == ("Crew", "draft")
    assert [page["title"] for page in ada.wp("getPages", 10)] == ["Crew", "About"]
    assert [(page["page_title"], page["page_parent_id"]) for page in ada.wp("getPageList")] == [
        ("About", "0"),
        ("Crew", above),
    ]
    assert ada.wp("deletePage", below) is True
    assert len(ada.wp("getPages")) == 1
    journal.post()
    assert ada.fault("wp.getPage", 1, 3, ada.name, ada.password) == 404
    assert ada.wp_fault("deletePage", 3) == 404
    for method, more in (
        ("getPages", ()),
        ("newPage", ({"title": "Mine"},)),
        ("getPageList", ()),
        ("deletePage", (1,)),
    ):
        assert ann.wp_fault(method, *more) == 401
    assert ann.fault("wp.editPage", 1, above, ann.name, ann.password, {"title": "Mine"}) == 401


def test_what_a_page_may_be_is_told(ada: Program) -> None:
    assert ada.wp("getPageStatusList") == {"draft": "Draft", "private": "Private", "publish": "Published"}
    assert ada.wp("getPageTemplates") == {"Default": "default"}
