"""Posts in pages of others, as oEmbed describes them."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from tests.mywordpress.conftest import Journal, file, over_both, user
from tests.mywordpress.test_archives import write


def asked(journal: Journal, **query: str) -> "tuple[int, dict[str, object]]":
    answer = journal.visitor().get(f"/oembed?{urlencode(query)}")
    return answer.status_code, json.loads(answer.data) if answer.is_json else {}


@over_both
def test_a_post_and_a_page_tell_how_to_embed_them(journal: Journal) -> None:
    path = journal.post('A "title" 시간').path
    with journal.writing() as db:
        about = Post.draft(db, user(db), Content.of("About", "We."), Kind.PAGE)
        about.publish(db)
        number = about.id
    status, told = asked(journal, url=f"http://localhost{path}")
    assert status == 200
    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", 'A "title" 시간')
    assert (told["width"], told["height"]) == (600, 338)
    assert told["author_name"] == "Ann"
    assert 'title="A &#34;title&#34; 시간"' in str(told["html"])
    assert journal.visitor().get(f"{path}embed/").status_code == 200
    for url in ("http://localhost/about/", f"http://localhost/?page_id={number}", "http://localhost/about"):
        assert asked(journal, url=url)[1].get("title") == "About", url
    answer = journal.visitor().get(f"/wp-json/oembed/1.0/embed?{urlencode({'url': 'http://localhost/about/'})}")
    assert answer.status_code == 200


def test_xml_says_the_same(journal: Journal) -> None:
    post = journal.post("One & two")
    answer = journal.visitor().get(f"/oembed?{urlencode({'url': f'http://localhost{post.path}', 'format': 'xml'})}")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.data)  # noqa: S314
    assert (root.findtext("title"), root.findtext("type")) == ("One & two", "rich")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"url": "http://localhost/nothing/"}, 404),
        ({"url": "http://elsewhere.example/about/"}, 404),
        ({"url": "http://localhost/"}, 404),
        ({"url": "http://localhost/?p=x"}, 404),
        ({"url": "http://[::1"}, 404),
        ({"url": "http://localhost/hidden/"}, 404),
        ({"url": "{post}", "format": "yaml"}, 501),
        ({"url": "{post}", "maxwidth": "x"}, 400),
    ],
)
def test_what_cannot_be_embedded_is_told(journal: Journal, query: dict[str, str], status: int) -> None:
    path = journal.post().path
    with journal.writing() as db:
        write(db, "Hidden", password="open")
    filled = {name: value.replace("{post}", f"http://localhost{path}") for name, value in query.items()}
    assert asked(journal, **filled)[0] == status


def test_sizes_are_kept_within_what_was_asked_for(journal: Journal) -> None:
    url = f"http://localhost{journal.post().path}"
    assert [asked(journal, url=url, maxwidth=width)[1]["width"] for width in ("320", "1", "9999")] == [320, 200, 600]


def test_the_front_page_can_be_embedded_where_it_is_a_page(journal: Journal) -> None:
    with journal.writing() as db:
        about = Post.draft(db, user(db), Content.of("About", "We."), Kind.PAGE)
        about.publish(db)
        Options(front_page_id=about.id).store(db)
    assert asked(journal, url="http://localhost/")[1].get("title") == "About"


def test_what_is_framed_runs_nothing_and_may_be_framed(journal: Journal) -> None:
    journal.author().post("/posts", title="Seen", body="Words.", publish="1", file=file())
    path = journal.visitor().get("/?p=1").location or ""
    answer = journal.visitor().get(f"{path}embed/")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "<script" not in answer.text
    assert 'target="_blank"' in answer.text
    assert "thumbnail_url" in asked(journal, url=f"http://localhost{path}")[1]
