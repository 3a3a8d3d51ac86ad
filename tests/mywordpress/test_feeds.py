"""RSS, Atom and JSON Feed, as a feed reader sees them."""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, file, over_both, user
from tests.mywordpress.test_archives import moment, write

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"


def parsed(journal: Journal, path: str) -> ET.Element:
    return ET.fromstring(journal.visitor().get(path).data)  # noqa: S314


def test_rss_holds_the_posts(journal: Journal) -> None:
    journal.post("First & <foremost>", "Some **words** \x0c here.")
    post = journal.post("시간", "Second.")
    answer = journal.visitor().get("/feed/")
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    items = parsed(journal, "/feed/").findall("channel/item")
    assert [item.findtext("title") for item in items] == ["시간", "First & <foremost>"]
    assert unquote(items[0].findtext("link") or "") == f"http://localhost{post.path}"
    assert items[1].findtext(ENCODED) == "<p>Some <strong>words</strong>  here.</p>\n"
    assert parsedate_to_datetime(items[0].findtext("pubDate") or "").tzinfo is not None


def test_atom_holds_the_posts(journal: Journal) -> None:
    journal.post("First")
    journal.post("Second")
    feed = parsed(journal, "/feed/atom/")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Second", "First"]
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "Ann"
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2


@pytest.mark.parametrize("kind_of_feed", ["", "atom/"])
def test_what_an_author_tells_breaks_no_feed(journal: Journal, kind_of_feed: str) -> None:
    journal.post("First")
    told = {"name": "Ann", "nicename": "ann", "biography": "Me \x0c and you"}
    assert journal.author().post("/account/profile", **told).status_code == 303
    assert "Me  and you" in "".join(parsed(journal, f"/author/ann/feed/{kind_of_feed}").itertext())


def test_a_feed_has_ten_posts_unless_the_owner_wants_others(journal: Journal) -> None:
    for number in range(11):
        journal.post(f"Post {number}")
    items = parsed(journal, "/feed/").findall("channel/item")
    assert [item.findtext("title") for item in items] == [f"Post {number}" for number in range(10, 0, -1)]
    with journal.writing() as db:
        Options(posts_per_feed=2).store(db)
        changed()
    assert len(parsed(journal, "/feed/").findall("channel/item")) == 2


def test_an_item_changes_with_its_post_and_its_terms(journal: Journal) -> None:
    with journal.writing() as db:
        post = write(db, "Old", at=moment(2024, 5))
    assert parsed(journal, "/feed/").findtext("channel/item/title") == "Old"
    with journal.writing() as db:
        post = db.get_one(Post, post.id)
        post.title = "New"
        post.set_terms(db, Taxonomy.TAG, [Term.make(db, Taxonomy.TAG, "Fresh").id])
    item = parsed(journal, "/feed/").find("channel/item")
    assert item is not None
    assert (item.findtext("title"), item.findtext("category")) == ("New", "Fresh")


def test_an_empty_journal_has_feeds_too(journal: Journal) -> None:
    assert parsed(journal, "/feed/").findall("channel/item") == []
    assert parsed(journal, "/feed/atom/").findall(f"{ATOM}entry") == []


def test_pictures_and_links_lead_back_here(journal: Journal) -> None:
    journal.author().post("/posts", title="A", body="[home](/) [x](//other.example/y)", publish="1", file=file())
    journal.work("make_renditions", picture_id=1)
    journal.work("show_renditions", picture_id=1)
    html = parsed(journal, "/feed/").findtext(f"channel/item/{ENCODED}") or ""
    assert '<a href="http://localhost/"' in html
    assert '<a href="//other.example/y"' in html
    assert '<img src="http://localhost/media/' in html
    assert "srcset" not in html


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/"])
def test_who_has_this_state_gets_304_until_it_changes(journal: Journal, path: str) -> None:
    post, reader = journal.post("Old"), journal.visitor()
    tag = reader.get(path).headers["ETag"]
    again = reader.get(path, **{"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    journal.author().post(f"/posts/{post.id}", title="New", body="x", version="1")
    fresh = reader.get(path, **{"If-None-Match": tag})
    assert fresh.status_code == 200
    assert b"New" in fresh.data


def test_drafts_are_in_no_feed(journal: Journal) -> None:
    journal.post("Secret", published=False)
    assert b"Secret" not in journal.visitor().get("/feed/").data


def told(journal: Journal, path: str) -> list[str | None]:
    """The titles in a JSON feed, in their order."""
    answer = journal.visitor().get(path)
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    return [item.get("title") for item in json.loads(answer.data)["items"]]


def test_json_feed_holds_the_posts(journal: Journal) -> None:
    post = journal.post("First & <foremost>", "[here](/)")
    feed = json.loads(journal.visitor().get("/feed/json/").data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost/feed/json/"
    (item,) = feed["items"]
    assert (item["title"], item["url"]) == ("First & <foremost>", f"http://localhost{post.path}")
    assert item["content_html"] == '<p><a href="http://localhost/" rel="noopener">here</a></p>\n'
    assert item["authors"] == [{"name": "Ann"}]
    assert item["date_published"].endswith("Z")


@over_both
def test_each_category_tag_and_author_has_feeds(journal: Journal) -> None:
    with journal.writing() as db:
        top = Term.make(db, Taxonomy.CATEGORY, "Top")
        leaf = Term.make(db, Taxonomy.CATEGORY, "Leaf", parent=top)
        tag = Term.make(db, Taxonomy.TAG, "서울")
        write(db, "Filed", terms=[leaf, tag])
        write(db, "Loose")
        name = user(db).nicename
    for path in ("/category/top/leaf/", "/category/top/", "/tag/서울/"):
        assert told(journal, f"{path}feed/json/") == ["Filed"], path
        assert f'href="{path}feed/"' in journal.visitor().get(path).text
    assert told(journal, f"/author/{name}/feed/json/") == ["Loose", "Filed"]
    for path in ("/category/x/", "/tag/x/", "/author/bo/"):
        assert journal.visitor().get(f"{path}feed/").status_code == 404, path
    rss = parsed(journal, "/category/top/leaf/feed/")
    assert rss.findtext("channel/title") == "Leaf · MyWordPress"
    assert [one.text for one in rss.findall("channel/item/category")] == ["Leaf", "서울"]


@over_both
def test_comments_have_feeds_for_all_and_for_one_post(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}") for number in range(3)]
    with journal.writing() as db:
        said = [say(db, post.id, f"On {post.title}") for post in posts]
        said[2].approved = False
        db.get_one(Post, posts[1].id).password = "open"
    assert told(journal, "/comments/feed/json/") == ["Robin on “Post 0”"]
    assert told(journal, f"{posts[0].path}feed/json/") == ["Robin on “Post 0”"]
    item = parsed(journal, f"{posts[0].path}feed/").find("channel/item")
    assert item is not None
    assert item.findtext("link") == f"http://localhost{posts[0].path}#comment-{said[0].id}"
    assert told(journal, f"{posts[2].path}feed/json/") == []
    assert journal.visitor().get(f"{posts[1].path}feed/").status_code == 404
    assert journal.visitor().get("/1999/01/post-0/feed/").status_code == 404


def say(db: Session, post_id: int, text: str) -> Comment:
    said = Said(text, "Robin", "r@example.com")
    return Comment.leave(db, db.get_one(Post, post_id), said, status="approved")[0]


def test_the_owner_decides_whether_feeds_hold_all_of_a_post(journal: Journal) -> None:
    journal.post("Long", "Before.\n\n<!--more-->\n\nAfter.\n\n<!--nextpage-->\n\nMore.")
    html = parsed(journal, "/feed/").findtext(f"channel/item/{ENCODED}") or ""
    assert ("After." in html, "More." in html, "<!--" in html) == (True, True, False)
    with journal.writing() as db:
        Options(feed_excerpts=True).store(db)
        changed()
    html = parsed(journal, "/feed/").findtext(f"channel/item/{ENCODED}") or ""
    assert ("Before." in html, "After." in html) == (True, False)


def test_sound_that_is_attached_is_enclosed(journal: Journal) -> None:
    with journal.writing() as db:
        post = write(db, "Heard")
        facts = {"user_id": post.author_id, "post_id": post.id, "name": "a", "alt": "", "created_at": post.created_at}
        sizes = {"width": 0, "height": 0, "size": 4321, "animated": False}
        for kind, key in (("audio/mpeg", "ab/cd/x.mp3"), ("audio/ogg", ""), ("image/png", "ab/cd/x.png")):
            db.add(Attachment(mime_type=kind, key=key, **facts, **sizes))
    enclosure = parsed(journal, "/feed/").find("channel/item/enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {"url": "http://localhost/media/ab/cd/x.mp3", "length": "4321", "type": "audio/mpeg"}
    links = parsed(journal, "/feed/atom/").findall(f"{ATOM}entry/{ATOM}link[@rel='enclosure']")
    assert [link.get("length") for link in links] == ["4321"]
    (item,) = json.loads(journal.visitor().get("/feed/json/").data)["items"]
    assert [each["size_in_bytes"] for each in item["attachments"]] == [4321]


def test_dates_are_those_of_publication_and_of_the_last_change(journal: Journal) -> None:
    with journal.writing() as db:
        post = write(db, "Old", at=moment(2020, 5, 17))
        db.flush()
        post.created_at = post.updated_at = moment(2019, 1)
        new = write(db, "New", at=moment(2020, 6))
        new.updated_at = moment(2021, 1) + timedelta(microseconds=900_000)
    dates = [one.text for one in parsed(journal, "/feed/").findall("channel/item/pubDate")]
    assert dates == ["Mon, 01 Jun 2020 00:00:00 GMT", "Sun, 17 May 2020 00:00:00 GMT"]
    entries = parsed(journal, "/feed/atom/").findall(f"{ATOM}entry/{ATOM}updated")
    assert [one.text for one in entries] == ["2021-01-01T00:00:00Z", "2020-05-17T00:00:00Z"]
    answer = journal.visitor().get("/feed/")
    assert answer.headers["Last-Modified"] == "Fri, 01 Jan 2021 00:00:00 GMT"
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert journal.visitor().get("/feed/", **since).status_code == 304
    assert journal.visitor().get("/feed/", **{"If-Modified-Since": "Thu, 31 Dec 2020 00:00:00 GMT"}).status_code == 200


def test_a_post_that_came_from_elsewhere_stays_the_same_for_who_has_read_it(journal: Journal) -> None:
    with journal.writing() as db:
        write(db, "Moved").guid = "https://old.example/?p=7"
    assert parsed(journal, "/feed/").findtext("channel/item/guid") == "https://old.example/?p=7"
    assert parsed(journal, "/feed/atom/").findtext(f"{ATOM}entry/{ATOM}id") == "https://old.example/?p=7"


def test_readers_find_the_feeds(journal: Journal) -> None:
    post = journal.post()
    page = journal.visitor().get(post.path).text
    for kind, path in (
        ("rss+xml", "/feed/"),
        ("atom+xml", "/feed/atom/"),
        ("feed+json", "/feed/json/"),
        ("rss+xml", f"{post.path}feed/"),
    ):
        assert re.search(
            rf'<link rel="alternate" type="application/{re.escape(kind)}" title="[^"]+" href="{path}">', page
        )
    assert journal.visitor().get("/feed/rss2/").status_code == 200
    assert [journal.visitor().get(f"/{path}").status_code for path in ("feed/rdf/", "nothing/feed/")] == [404, 404]
    assert journal.visitor().get("/feed").status_code == 308
