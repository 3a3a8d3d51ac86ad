"""RSS and Atom, as a feed reader sees them."""

from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from tests.mywordpress.conftest import Journal, file

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
    assert items[0].findtext("link") == f"http://localhost{post.path}"
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
