"""The journal in Korean, from its first page to its desk and mails: no English but names and what is stored."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Content, Post
from tests.mywordpress.conftest import Journal, Visitor, file, user
from tests.mywordpress.people import delivered, join
from tests.support.korean import english, korean, shown
from tests.support.mails import content

# What is stored, names of things, and what programs call them.
STORED = (
    "Ann", "Bo", "Ada", "Lee", "MyWordPress", "Notes on time, tides and making things", "English", "RSS", "Atom",
    "JSON", "Markdown", "HTML", "JPEG", "PNG", "GIF", "WebP", "AVIF", "XML", "WXR", "UTC", "Europe/", "Asia/",
    "Vienna", "Seoul", "image/", "jpg", "/feed/", "http", "holiday", "RSD", "WordPress", "Uncategorized", "bold",
    "mailto", "feed",
)  # fmt: skip
GUESTS_PAGES = (
    "/", "/2026/", "/2026/03/", "/author/ann/", "/category/yeohaeng/", "/tag/bom/", "/search?q=바다", "/search?q=없다",
    "/nowhere", "/bada/", "/sign-in", "/password-reset", "/password-reset/sent", "/register", "/register/sent",
    "/password-reset/edit?token=x", "/email-change?token=x", "/comments/replies?token=x",
)  # fmt: skip
DESK_PAGES = (
    "/posts", "/posts?status=trash", "/posts?status=draft", "/posts?q=없다", "/pages", "/posts/new",
    "/posts/new?kind=page", "/media", "/media?view=list", "/media?month=2001-01", "/media/1", "/media/deletion?ids=1",
    "/media/deletion", "/comments", "/comments?status=approved", "/comments?status=spam", "/comments?status=trash",
    "/comments/1/edit", "/comments/privacy", "/terms", "/terms?taxonomy=post_tag", "/terms/2/edit", "/users",
    "/users?q=없다", "/users/new", "/users/1", "/users/1/deletion", "/menus", "/menus/1", "/options",
    "/options/reading", "/options/comments", "/imports", "/exports", "/account", "/nowhere",
)  # fmt: skip
# Each lacks what it needs, or holds what cannot be.
WRONG_FORMS: dict[str, dict[str, str]] = {
    "/posts": {"settings": "1", "date": "x", "visibility": "password"}, "/posts/selection": {}, "/media": {},
    "/terms": {}, "/users": {}, "/users/1": {"url": "x", "nicename": "?"}, "/users/1/role": {},
    "/users/1/email": {"email": "x"}, "/users/1/deletion": {}, "/account/profile": {"url": "x"}, "/account/email": {},
    "/account/password": {}, "/account/programs": {}, "/menus": {}, "/menus/1": {}, "/menus/1/items": {"url": "x"},
    "/options": {"timezone": "x"}, "/options/reading": {"posts_per_page": "0"},
    "/options/comments": {"comments_per_page": "x"}, "/imports": {}, "/comments/1": {}, "/comments/moderation": {},
    "/comments/privacy/export": {}, "/terms/2": {}, "/terms/2/merger": {"into": "없다"}, "/posts/1/comments": {},
}  # fmt: skip
GUESTS_WRONG_FORMS: dict[str, dict[str, str]] = {
    "/sign-in": {"email": "a@example.com", "password": "x"}, "/password-reset": {"email": "x"}, "/register": {},
    "/posts/1/comments": {}, "/password-reset/edit": {"token": "x"}, "/comments/replies/deletion": {"token": "x"},
    "/posts/3/opening": {"password": "x"},
}  # fmt: skip


@pytest.fixture
def ada(journal: Journal) -> Visitor:
    """The owner of a journal that is written in Korean and has something of everything."""
    owner = journal.author("ada@example.com")
    for form in ({"name": "여행", "slug": "yeohaeng"}, {"name": "봄", "slug": "bom", "taxonomy": "post_tag"}):
        assert owner.post("/terms", **form).status_code == 303
    write(journal)
    made: dict[str, dict[str, Any]] = {
        "/posts": {"settings": "1", "title": "산", "body": "산에서.", "categories": "2", "tags": "봄", "publish": "1"},
        "/posts/4": {
            "settings": "1",
            "version": "1",
            "title": "산",
            "body": "다시 산에서.",
            "categories": "2",
            "tags": "봄",
        },
        "/media": {"file": file()},
        "/menus": {"name": "차례"},
        "/menus/1/items": {"post": "1"},
        "/menus/1/header": {},
        "/options": {
            "title": "MyWordPress",
            "timezone": "Asia/Seoul",
            "default_category_id": "1",
            "registration_open": "y",
        },
    }
    for path, form in made.items():
        assert owner.post(path, **form).status_code == 303, path
    return owner


def write(journal: Journal) -> None:
    """Three posts on the sea: one with comments, a draft, and one behind a password."""
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    with journal.writing() as db:
        ann = user(db)
        for title in ("바다", "강", "호수"):
            Post.draft(db, ann, Content.of(title, "바다에서 쓴 글."))
        db.flush()
        sea = db.get_one(Post, 1)
        sea.publish(db)
        sea.published_at, sea.slug = at, "bada"
        lake = db.get_one(Post, 3)
        lake.publish(db)
        lake.published_at, lake.slug, lake.password = at, "hosu", "비밀"
        sayings: tuple[dict[str, Any], ...] = (
            {"approved": True},
            {"approved": False},
            {"approved": True, "parent_id": 1},
        )
        for number, words in enumerate(sayings):
            whole: dict[str, Any] = {
                "name": "Lee",
                "email": "lee@example.com",
                "text": "좋다",
                "html": "<p>좋다</p>",
                **words,
            }
            db.add(Comment(post_id=1, created_at=at + timedelta(hours=number), **whole))
            db.flush()


class Reader:
    """A visitor who reads all that the journal says in Korean."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.left: dict[str, list[str]] = {}

    def get(self, path: str) -> str:
        answer = self.visitor.get(korean(path), Accept="text/html")
        return self.read(path, answer)

    def post(self, path: str, **form: Any) -> str:
        """Send the form and read what follows."""
        answer = self.visitor.post(korean(path), **form)
        if answer.status_code != 303:
            return self.read(path, answer)
        assert "lang=ko" in answer.location, f"{path} leads to {answer.location}"
        return self.read(answer.location, self.visitor.get(answer.location))

    def read(self, path: str, answer: TestResponse) -> str:
        assert '<html lang="ko"' in answer.text, path
        left = english(shown(answer.text), STORED)
        if left:
            self.left[path] = left
        return answer.text


def test_guests_read_korean(journal: Journal, ada: Visitor) -> None:
    reader = Reader(journal.visitor())
    for path in (*GUESTS_PAGES, "/2026/03/bada/", "/2026/03/bada/?reply=1", "/2026/03/hosu/"):
        reader.get(path)
    for path, form in GUESTS_WRONG_FORMS.items():
        reader.post(path, **form)
    assert reader.left == {}
    reader.post("/posts/1/comments", name="Lee", email="lee@example.com", text="좋다", spent="20")
    page = reader.get("/2026/03/bada/")
    assert "2026년 3월 1일" in page
    assert "댓글 2개" in page


def test_the_desk_is_told_in_korean(journal: Journal, ada: Visitor) -> None:
    reader = Reader(ada)
    for path in (*DESK_PAGES, *(f"/posts/{number}/{page}" for number in (1, 4) for page in ("edit", "revisions"))):
        reader.get(path)
    for path, form in WRONG_FORMS.items():
        reader.post(path, **form)
    assert reader.left == {}


def test_what_is_done_at_the_desk_is_told_in_korean(ada: Visitor) -> None:
    reader = Reader(ada)
    for status in ("trash", "trash/deletion", "review", "publication", "publication/deletion"):
        reader.post(f"/posts/2/{status}")
    reader.post("/posts/2", settings="1", version="1", title="강", body="다른 강.")
    for verb in ("approve", "hold", "spam", "trash", "restore"):
        reader.post("/comments/moderation", one=f"{verb}:2")
    reader.post("/comments/1/replies", text="그렇다")
    reader.post("/account/programs", name="편집기")
    reader.post("/users", name="Bo", email="bo2@example.com", role="author")
    reader.post("/users/4/role", role="editor")
    reader.post("/users/4/sessions/deletion")
    reader.post("/media/1", title="들", alt="들판")
    reader.post("/posts/preview", title="제목", body="본문", kind="post")
    assert reader.left == {}


def test_an_import_is_told_in_korean(journal: Journal, ada: Visitor) -> None:
    reader = Reader(ada)
    exported = ada.get("/exports/wxr?type=all").data
    reader.post("/imports", file=FileStorage(BytesIO(exported), "글.xml"))
    reader.post("/imports/1/start")
    journal.work("run_import", import_id=1)
    assert "완료" in reader.get("/imports/1")
    assert reader.left == {}


def test_mails_are_in_the_language_that_their_readers_chose(journal: Journal, ada: Visitor) -> None:
    with journal.writing() as db:
        for name in ("ann", "ada"):
            user(db, name).language = "ko"
    journal.visitor().post(korean("/posts/1/comments"), name="Lee", email="lee@example.com", text="또 좋다", spent="20")
    journal.visitor().post(korean("/password-reset"), email="bo@example.com")
    journal.visitor().post(korean("/register"), name="Lee", email="lee@example.com")
    for kind in ("comment-waiting", "password-reset", "registration"):
        mail = delivered(journal, kind)
        said = f"{mail['Subject']}\n{content(mail)}\n{shown(content(mail, 'html'))}"
        assert english(said, STORED) == [], kind
    assert join(journal, "Eve").get("/account").text.count('<html lang="en"') == 1


@pytest.mark.parametrize(
    "path", ["/feed/", "/2026/03/bada/feed/", "/author/ann/feed/atom/", "/comments/feed/json/", "/wp-json/", "/oembed"]
)
def test_programs_are_answered_in_english(journal: Journal, ada: Visitor, path: str) -> None:
    answer = journal.visitor().get(path, **{"Accept-Language": "ko", "Accept": "*/*"})
    assert not re.search(r"댓글|님의|형식", answer.text)
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_the_same_address_is_kept_in_both_languages(journal: Journal, ada: Visitor) -> None:
    visitor = journal.visitor()
    for _ in range(2):
        for language, words in (("ko", "댓글 2개"), ("en", "2 comments")):
            page = visitor.get("/2026/03/bada/", **{"Accept-Language": language}).text
            assert f'<html lang="{language}"' in page
            assert words in page
