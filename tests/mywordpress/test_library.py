"""The library as a page: looked through, described, emptied; and what the editor asks of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, Visitor, file, notice, over_both
from tests.mywordpress.people import join
from tests.support import samples
from tests.support.drawings import picture

JSON = "application/json"


def put(visitor: Visitor, name: str = "holiday.jpg", data: bytes | None = None, seed: int = 0) -> dict[str, str]:
    """What a program is told of a file that it has just uploaded."""
    answer = visitor.post("/media", accept=JSON, file=file(data or picture("PNG", (9, 9), seed), name))
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.get_json()
    return told


def listed(visitor: Visitor, query: str = "") -> list[str]:
    """The names that the library shows, in their order."""
    page = visitor.get(f"/media{query}")
    assert page.status_code == 200
    return re.findall(r'class="shelf__name">([^<]*)<', page.text)


@pytest.fixture
def ann(journal: Journal) -> Visitor:
    return journal.author()


@pytest.fixture
def shelf(journal: Journal, ann: Visitor) -> Visitor:
    """Ann, with a picture, a document and a recording in the library; the first came in March."""
    put(ann, "Gray sea.png")
    put(ann, "Price list.pdf", samples.pdf())
    put(ann, "Waves.mp3", samples.mp3())
    with journal.writing() as db:
        sea = db.get_one(Attachment, 1)
        sea.created_at, sea.caption, sea.alt = datetime(2026, 3, 31, 23, tzinfo=UTC), "100 % rain", "Grey water"
    return ann


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Waves", "Price list", "Gray sea"]),
        ("?view=list", ["Waves", "Price list", "Gray sea"]),
        ("?q=PRICE", ["Price list"]),
        ("?q=water", ["Gray sea"]),
        ("?q=100+%25+rain", ["Gray sea"]),
        ("?q=%25", ["Gray sea"]),
        ("?q=_", []),
        ("?q=waves.mp3", ["Waves"]),
        ("?kind=image", ["Gray sea"]),
        ("?kind=audio", ["Waves"]),
        ("?kind=document", ["Price list"]),
        ("?kind=nonsense", ["Waves", "Price list", "Gray sea"]),
        ("?month=2026-03", ["Gray sea"]),
        ("?month=2026-13", ["Waves", "Price list", "Gray sea"]),
        ("?month=9999-12", []),
        ("?before=3", ["Price list", "Gray sea"]),
        ("?before=x", ["Waves", "Price list", "Gray sea"]),
    ],
)
@over_both
def test_the_library_is_narrowed_down(shelf: Visitor, query: str, names: list[str]) -> None:
    assert listed(shelf, query) == names


def test_rows_from_before_there_was_more_than_pictures_are_pictures(journal: Journal, shelf: Visitor) -> None:
    with journal.writing() as db:
        old = db.get_one(Attachment, 1)
        old.mime_type, old.title, old.slug = "", "", None
    assert listed(shelf, "?kind=image") == ["Gray sea.png"]
    assert shelf.get("/media/picker?ids=1").get_json()["items"][0]["type"] == "image/png"


def test_the_months_of_the_library_are_offered(shelf: Visitor) -> None:
    assert "<option>2026-03</option>" in shelf.get("/media").text


@over_both
def test_what_no_post_shows_can_be_found(journal: Journal, shelf: Visitor) -> None:
    sea = put(shelf, "Gray sea.png")
    journal.post("With the sea", f"![sea]({sea['url']})")
    with journal.writing() as db:
        db.get_one(Attachment, 2).post_id = 1
    assert listed(shelf, "?unattached=1") == ["Waves"]


def test_the_library_comes_in_pages(ann: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.media.views.PER_PAGE", 2)
    for seed in range(3):
        put(ann, f"{seed}.png", seed=seed)
    assert listed(ann, "?kind=image") == ["2", "1"]
    following = re.search(r'href="([^"]+)" rel="next"', ann.get("/media?kind=image").text)
    assert following is not None
    assert listed(ann, following[1].replace("&amp;", "&").removeprefix("/media")) == ["0"]


def test_a_new_file_has_a_title_and_an_address_of_its_own(journal: Journal, ann: Visitor) -> None:
    put(ann, "Das Meer.PNG", seed=1)
    put(ann, "das meer.png", seed=2)
    with journal.writing() as db:
        found = db.execute(select(Attachment.title, Attachment.slug, Attachment.mime_type).order_by(Attachment.id))
        assert [tuple(row) for row in found] == [
            ("Das Meer", "das-meer", "image/png"),
            ("das meer", "das-meer-2", "image/png"),
        ]


def test_a_file_is_described(journal: Journal, ann: Visitor) -> None:
    told = put(ann)
    form = {"title": "The sea", "alt": "  Grey   water ", "caption": "At <noon>", "description": "Taken\nin March."}
    assert ann.post("/media/1", **form).status_code == 303
    page = ann.get("/media/1").text
    for shown in ('<h1 class="page-title">The sea</h1>', 'value="Grey water"', "At &lt;noon&gt;", "Taken\nin March."):
        assert shown in page
    assert f'value="http://localhost{told["url"]}"' in page
    assert ann.post("/media/1", alt="x" * 301).status_code == 422
    assert ann.post("/media/1", alt="Only this").status_code == 303
    assert "The sea" in ann.get("/media/1").text
    assert ann.post("/media/9", alt="x").status_code == ann.get("/media/9").status_code == 404


def test_authors_change_their_own_files_and_editors_all(journal: Journal, ann: Visitor) -> None:
    put(ann)
    bo, eve = journal.author("bo@example.com"), join(journal, "Eve", Role.EDITOR)
    assert bo.post("/media/1", alt="Mine").status_code == 403
    assert "<form" not in bo.get("/media/1").text.partition("<main")[2].partition("</main>")[0]
    assert bo.post("/media/deletion", ids="1").status_code == 409
    assert eve.post("/media/1", alt="Edited").status_code == 303
    assert eve.post("/media/deletion", ids="1").status_code == 303


@over_both
def test_a_new_caption_shows_in_the_galleries_that_have_it(journal: Journal, ann: Visitor) -> None:
    put(ann)
    journal.work("make_renditions", picture_id=1)
    path = journal.post("Gallery", 'Words.\n\n[gallery ids="1"]\n\nMore.').path
    assert "<figcaption" not in journal.visitor().get(path).text
    ann.post("/media/1", caption="At noon", alt="Grey water")
    journal.work("show_renditions", picture_id=1)
    page = journal.visitor().get(path).text
    assert re.search(r'alt="Grey water".*<figcaption[^>]*>At noon</figcaption>', page, re.S)


@over_both
def test_nothing_goes_that_a_text_shows(journal: Journal, ann: Visitor) -> None:
    sea, paper = put(ann), put(ann, "paper.pdf", samples.pdf())
    journal.post("By the sea", f"![]({sea['url']}) and [the paper]({paper['url']})")
    journal.post("Side by side", '[gallery ids="1"]', published=False)
    page = ann.get("/media/deletion?ids=1&ids=2")
    assert (page.text.count("By the sea"), page.text.count("Side by side")) == (2, 1)
    assert "Delete anyway" not in page.text
    assert "a text would break" in notice(page)
    assert ann.post("/media/deletion", ids=["1", "2"]).status_code == 409
    with journal.writing() as db:
        assert db.query(Attachment).count() == 2


@over_both
def test_what_a_post_can_do_without_goes_once_that_was_told(journal: Journal, ann: Visitor) -> None:
    sea = put(ann)
    post = journal.post("By the sea", f"![]({sea['url']})")
    with journal.writing() as db:
        one = db.get_one(Post, post.id)
        one.revise(db, replace(one.content, body="No sea.", picture_id=1), 1, one.author)
    page = ann.get("/media/deletion?ids=1").text
    for shown in ("as its featured picture", "in an earlier version", "Delete anyway"):
        assert shown in page
    assert ann.post("/media/deletion", ids="1").status_code == 303
    with journal.writing() as db:
        assert db.query(Attachment).count() == 0
        assert db.get_one(Post, post.id).picture_id is None
    assert journal.visitor().get(post.path).status_code == 200


def test_where_a_file_is_used_is_told_without_what_others_keep_to_themselves(journal: Journal, ann: Visitor) -> None:
    sea = put(ann)
    journal.post("Hidden plans", f"![]({sea['url']})", published=False)
    seen = journal.post("By the sea", f"![]({sea['url']})")
    bo = journal.author("bo@example.com")
    for path in ("/media/1", "/media/deletion?ids=1"):
        page = bo.get(path).text
        assert ("Hidden plans" in page, "A post that only others may see" in page) == (False, True)
        assert f'<a href="/posts/{seen.id}">By the sea</a>' in page
        assert f'<a href="/posts/{seen.id}/edit">By the sea</a>' in ann.get(path).text
        assert "Hidden plans" in ann.get(path).text


def test_many_go_at_once_and_their_files_with_the_sweep(journal: Journal, ann: Visitor) -> None:
    told = [put(ann, seed=seed) for seed in range(3)]
    assert ann.post("/media/deletion", ids=["1", "3", "77", "x"]).status_code == 303
    assert listed(ann) == ["holiday"]
    # Somebody may be storing the very same at this moment, so the file stays for a day.
    assert journal.visitor().get(told[0]["url"]).status_code == 200
    assert ann.post("/media/deletion").status_code == 409


def test_the_editor_looks_through_the_library(shelf: Visitor) -> None:
    answer = shelf.get("/media/picker?kind=image&q=water").get_json()
    assert answer["before"] is None
    (sea,) = answer["items"]
    assert {name: sea[name] for name in ("id", "kind", "title", "alt", "caption", "width", "markdown")} == {
        "id": 1,
        "kind": "image",
        "title": "Gray sea",
        "alt": "Grey water",
        "caption": "100 % rain",
        "width": 9,
        "markdown": f"![Grey water]({sea['url']})",
    }
    assert [one["id"] for one in shelf.get("/media/picker?ids=3,1,99,x").get_json()["items"]] == [3, 1]


def test_the_editor_asks_for_page_after_page(ann: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.media.views.PER_PAGE", 2)
    for seed in range(3):
        put(ann, seed=seed)
    first = ann.get("/media/picker").get_json()
    assert ([one["id"] for one in first["items"]], first["before"]) == ([3, 2], 2)
    assert [one["id"] for one in ann.get("/media/picker?before=2").get_json()["items"]] == [1]


def test_what_could_not_be_fetched_is_told_and_not_offered(journal: Journal, ann: Visitor) -> None:
    put(ann)
    with journal.writing() as db:
        one = db.get_one(Attachment, 1)
        one.key, one.source_url = "", "https://old.example/sea.jpg"
    assert ann.get("/media/picker").get_json()["items"] == []
    assert "It was at https://old.example/sea.jpg" in ann.get("/media/1").text
    assert listed(ann) == ["holiday"]
