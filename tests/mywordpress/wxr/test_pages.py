"""The pages of imports and exports: hand in, look, begin, follow, take away."""

import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.wxr.models import Import, ImportPart
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both, user
from tests.mywordpress.wxr.files import SMALL, counts

JSON = "application/json"


@pytest.fixture
def ada(journal: Journal) -> Visitor:
    return journal.author("ada@example.com")


def hand_in(visitor: Visitor, data: bytes | None = None, name: str = "old.xml", **form: Any) -> TestResponse:
    stream = BytesIO(SMALL.read_bytes() if data is None else data)
    return visitor.post("/imports", file=FileStorage(stream, name), **form)


def sent(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the site asks its worker to do, as it happens."""
    asked: list[str] = []
    monkeypatch.setattr(journal.app.queue, "send", asked.append)
    return asked


@over_both
def test_an_administrator_imports_a_file(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, asked = journal.author("ada@example.com"), sent(journal, monkeypatch)
    page = hand_in(ada).location
    assert page == "/imports/1"
    look = ada.get(page).text
    assert "An export of The Old Journal" in look
    assert re.search(r'<th scope="row">Comments</th><td class="number">5</td><td class="number">1</td>', look)
    assert '<option value="1" selected>Ann (ann@example.com)</option>' in look
    with journal.writing() as db:
        assert db.scalar(select(func.count()).select_from(Post)) == 0
    assert ada.post("/imports/1/start", keep_ids="1", title="1").status_code == 303
    assert [body for body in asked if "run_import" in body] != []
    going = ada.get("/imports/1", Accept=JSON).get_json()
    assert (going["finished"], going["done"], going["total"]) == (False, 3, 27)
    assert "Going on" in ada.get(page).text
    journal.work("run_import", import_id=1)
    done = ada.get("/imports/1", Accept=JSON).get_json()
    assert (done["finished"], done["done"], done["counts"]["post"]) == (True, 27, {"made": 7})
    report = ada.get(page).text
    assert "There is no place here for what is of the type product." in report
    assert "old.xml" in ada.get("/imports").text
    with journal.writing() as db:
        assert (Options.read(db).title, Options.read(db).tagline) == ("The Old Journal", "Words from before")
        assert db.get_one(Post, 110).title == "A walk & a hill"


def test_authors_are_who_the_form_says(journal: Journal, ada: Visitor) -> None:
    hand_in(ada)
    with journal.writing() as db:
        parts = {part.source: part.id for part in db.get_one(Import, 1).of_kind(db, "author")}
        bo = user(db, "bo").id
    assert ada.post("/imports/1/start", **{f"author-{parts['ines']}": "999"}).status_code == 422
    assert ada.post("/imports/1/start", **{f"author-{parts['ines']}": str(bo)}).status_code == 303
    journal.work("run_import", import_id=1)
    with journal.writing() as db:
        assert db.scalars(select(Post).where(Post.title == "Team")).one().author_id == bo
    assert counts(journal, 1)["author"] == {"known": 2}


def test_only_administrators_import_and_export(journal: Journal) -> None:
    ann, guest = journal.author(), journal.visitor()
    assert [ann.get(path).status_code for path in ("/imports", "/exports", "/exports/wxr", "/imports/1")] == [403] * 4
    assert hand_in(ann).status_code == 403
    assert hand_in(guest).status_code == 401
    assert guest.get("/exports/wxr").status_code == 303
    with journal.writing() as db:
        assert db.scalar(select(func.count()).select_from(Import)) == 0


def broken(text: bytes) -> bytes:
    head, _, rest = SMALL.read_bytes().partition(b"<channel>")
    return head + b"<channel>" + text + rest


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<rss version="2.0"><channel><title>&c;</title></channel></rss>"""
OUTSIDE = b"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&secret;</title></channel></rss>"""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The file ends in line 1"),
        (b"words", "no well-formed XML"),
        (b"<html><body>x</body></html>", "line 1 should be a part of one"),
        (b'<rss version="2.0"><channel><title>A feed</title></channel></rss>', "This is no export of WordPress"),
        (b'<rss version="2.0"><channel><item><title>A feed</title></item></channel></rss>', "no export of WordPress"),
        (BOMB, "Line 2 declares a document type or entities"),
        (OUTSIDE, "Line 2 declares a document type or entities"),
        (broken(b"\n\n<title>a</titel>"), "mismatched tag in line 9"),
        (broken(b"\n<title>&nbsp;</title>"), "undefined entity in line 8"),
        (SMALL.read_bytes()[:3000], "before the export does"),
        (SMALL.read_bytes().replace(b"One line", b"\x00\xff"), "no well-formed XML"),
        (broken(b"<wp:author>" + b"<a>" * 20), "too deeply nested"),
        (broken(b"<title>" + b"a" * 5_000_000 + b"</title>"), "is too long"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(journal: Journal, ada: Visitor, data: bytes, told: str) -> None:
    answer = hand_in(ada, data)
    assert answer.status_code == 422
    assert told in notice(answer)
    with journal.writing() as db:
        assert db.scalar(select(func.count()).select_from(Import)) == 0
        assert db.scalar(select(func.count()).select_from(ImportPart)) == 0


def test_a_file_is_needed_and_may_not_be_too_large(ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "choose a file" in notice(ada.post("/imports"))
    monkeypatch.setattr("apps.mywordpress.wxr.views.MOST_BYTES", 1000)
    monkeypatch.setattr("apps.mywordpress.wxr.views.FORM_BYTES", 1000)
    answer = hand_in(ada)
    assert (answer.status_code, "up to 64 MB" in answer.text) == (413, True)


def test_an_import_begins_once_and_is_deleted_before_or_after_but_not_meanwhile(journal: Journal, ada: Visitor) -> None:
    hand_in(ada), hand_in(ada)
    assert ada.post("/imports/2/deletion").status_code == 303
    assert ada.get("/imports/2").status_code == 404
    assert ada.post("/imports/1/start").status_code == 303
    assert ada.post("/imports/1/start").status_code == 409
    assert ada.post("/imports/1/deletion").status_code == 409
    journal.work("run_import", import_id=1)
    assert ada.post("/imports/1/deletion").status_code == 303
    with journal.writing() as db:
        assert db.scalar(select(func.count()).select_from(Post)) == 9
        assert db.scalar(select(func.count()).select_from(ImportPart)) == 0


def test_a_long_report_has_several_pages(journal: Journal, ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(ada)
    ada.post("/imports/1/start")
    journal.work("run_import", import_id=1)
    monkeypatch.setattr("apps.mywordpress.wxr.looks.NOTES_PER_PAGE", 3)
    seen, path = 0, "/imports/1"
    while path:
        text = ada.get(path).text
        seen += text.count('class="import-note"')
        following = re.search(r'href="([^"]+)" rel="next"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    with journal.writing() as db:
        noted = select(func.count()).select_from(ImportPart).where(ImportPart.note != "")
        assert seen == db.scalar(noted)


class TestOnDisksOfTheirOwn:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"STORAGE_SHARED": "0"}

    def test_no_files_are_fetched_that_others_would_not_see(self, journal: Journal) -> None:
        ada = journal.author("ada@example.com")
        hand_in(ada)
        assert "own disk" in ada.get("/imports/1").text
        ada.post("/imports/1/start", fetch="1")
        with journal.writing() as db:
            assert db.get_one(Import, 1).wanted["fetch"] is False


def test_an_export_is_downloaded(journal: Journal, ada: Visitor) -> None:
    journal.post("Found in the export")
    assert '<option value="page">Pages</option>' in ada.get("/exports").text
    answer = ada.get("/exports/wxr?type=post")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=mywordpress.post.")
    assert answer.headers["Cache-Control"] == "private, no-store"
    tree = ElementTree.fromstring(answer.data)  # noqa: S314  # our own
    assert [item.findtext("title") for item in tree.iter("item")] == ["Found in the export"]
    assert ada.get("/exports/wxr?type=film").status_code == 404
