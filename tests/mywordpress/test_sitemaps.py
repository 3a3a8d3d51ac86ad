"""The list of pages for search engines, in WordPress's shape."""

from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, over_both, user
from tests.mywordpress.test_archives import moment, write

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LASTMOD = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"


def places(journal: Journal, path: str) -> list[str]:
    answer = journal.visitor().get(path)
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = ET.fromstring(answer.data).iter(LOC)  # noqa: S314
    return [unquote(one.text or "").removeprefix("http://localhost") for one in found]


@over_both
def test_the_index_leads_to_parts_and_these_to_all_that_everybody_may_read(journal: Journal) -> None:
    with journal.writing() as db:
        top = Term.make(db, Taxonomy.CATEGORY, "Top")
        leaf, tag = Term.make(db, Taxonomy.CATEGORY, "Leaf", parent=top), Term.make(db, Taxonomy.TAG, "서울")
        Term.make(db, Taxonomy.TAG, "Unused")
        write(db, "Shown", at=moment(2024, 5), terms=[leaf, tag])
        write(db, "Hidden", at=moment(2024, 5), password="open")
        Post.draft(db, user(db), Content.of("Draft", ""))
        about = Post.draft(db, user(db), Content.of("About", ""), Kind.PAGE)
        about.publish(db)
        Post.draft(db, user(db), Content.of("Team", "", parent_id=about.id), Kind.PAGE).publish(db)
        name = user(db).nicename
    parts = places(journal, "/wp-sitemap.xml")
    assert parts == [
        "/wp-sitemap-posts-post-1.xml",
        "/wp-sitemap-posts-page-1.xml",
        "/wp-sitemap-taxonomies-category-1.xml",
        "/wp-sitemap-taxonomies-post_tag-1.xml",
        "/wp-sitemap-users-1.xml",
    ]
    listed = [place for part in parts for place in places(journal, part)]
    assert listed == [
        "/2024/05/shown/",
        "/",
        "/about/",
        "/about/team/",
        "/category/top/leaf/",
        "/tag/서울/",
        f"/author/{name}/",
    ]
    assert [journal.visitor().get(place).status_code for place in listed] == [200] * len(listed)
    assert f"<lastmod>{'20'}" in journal.visitor().get(parts[0]).text


def test_long_lists_have_several_parts(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.feeds.sitemaps.MOST_IN_PART", 2)
    for number in range(3):
        journal.post(f"Post {number}")
    assert "/wp-sitemap-posts-post-2.xml" in places(journal, "/wp-sitemap.xml")
    assert len(places(journal, "/wp-sitemap-posts-post-2.xml")) == 1
    for part in ("posts-post-3", "posts-post-0", "posts-x-1", "users-2"):
        assert journal.visitor().get(f"/wp-sitemap-{part}.xml").status_code == 404, part


def test_robots_are_told_where_it_is(journal: Journal) -> None:
    assert "Sitemap: http://localhost/wp-sitemap.xml" in journal.visitor().get("/robots.txt").text
