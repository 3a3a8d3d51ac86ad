"""WordPress's own test data for themes, taken over whole and shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from apps.chassis.settings import Settings
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import MenuItem
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Term
from tests.mywordpress.conftest import Journal
from tests.mywordpress.wxr.files import THEME, counts, imported, needs_theme
from tests.mywordpress.wxr.test_export import another, exported, rows, steady, taken_over

pytestmark = needs_theme

WP = "{https://wordpress.org/export/1.2/}"


class Item:
    """An item as the file has it, read in another way than the importer does."""

    def __init__(self, element: ElementTree.Element) -> None:
        self.element = element
        self.kind, self.status = self("post_type"), self("status")

    def __call__(self, name: str) -> str:
        return (self.element.findtext(WP + name) or "").strip()

    @property
    def comments(self) -> list["Item"]:
        return [Item(one) for one in self.element.findall(f"{WP}comment")]


def items(*kinds: str) -> Mapping[int, Item]:
    found = [Item(one) for one in ElementTree.parse(THEME).iter("item")]  # noqa: S314  # the file is known
    return {int(item("post_id")): item for item in found if item.kind in kinds}


def of_file() -> Counter[str]:
    """How many things of each type the file has."""
    channel = ElementTree.parse(THEME).getroot()[0]  # noqa: S314
    found: Counter[str] = Counter(item.findtext(f"{WP}post_type") or "" for item in channel.iter("item"))
    found["comment"] = len(list(channel.iter(f"{WP}comment")))
    for tag, kind in (("author", "author"), ("category", "category"), ("tag", "post_tag")):
        found[kind] = len(channel.findall(WP + tag))
    found.update(term.findtext(f"{WP}term_taxonomy") or "" for term in channel.findall(f"{WP}term"))
    return found


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A site that took it over, for tests that only look."""
    folder = tmp_path_factory.mktemp("theme")
    site = Journal(Settings.from_environ({"APP": "mywordpress", "VAR_DIR": str(folder), "SHOW_ARCHITECTURE": "0"}))
    imported(site, THEME, keep_ids=True)
    yield site
    site.close()


def test_it_is_taken_over_whole_and_once(theme: Journal) -> None:
    found = counts(theme, 1)
    assert {kind: sum(outcomes.values()) for kind, outcomes in found.items()} == of_file()
    assert {kind for kind, outcomes in found.items() if set(outcomes) != {"made"}} == {"category"}
    # One category stands in the file twice.
    assert found["category"] == {"made": 68, "known": 1}
    again = counts(theme, imported(theme, THEME))
    assert {outcome for outcomes in again.values() for outcome in outcomes} == {"known"}


@pytest.mark.parametrize("kind", ["mysql"])
def test_it_is_taken_over_whole_by_a_server_too(journal: Journal) -> None:
    found = counts(journal, imported(journal, THEME, keep_ids=True))
    assert {kind: sum(outcomes.values()) for kind, outcomes in found.items()} == of_file()
    assert sum(outcomes["made"] for outcomes in found.values()) == of_file().total() - 1


def test_statuses_dates_passwords_places_and_flags_are_those_of_the_file(theme: Journal) -> None:
    with theme.writing() as db:
        posts = {post.id: post for post in db.scalars(select(Post))}
    expected = items("post", "page")
    assert set(posts) == set(expected)
    for number, item in expected.items():
        post = posts[number]
        assert (post.kind, post.status) == (item.kind, item.status)
        assert f"{post.published_at:%Y-%m-%d %H:%M:%S}" == item("post_date_gmt")
        assert (post.password, post.sticky) == (item("post_password"), item("is_sticky") == "1")
        assert (post.parent_id or 0, post.position) == (int(item("post_parent") or 0), int(item("menu_order") or 0))
        assert (post.comments_open, post.pings_open) == (
            item("comment_status") == "open",
            item("ping_status") == "open",
        )
    kept = Counter(post.status for post in posts.values()), sum(post.sticky for post in posts.values())
    assert kept == (Counter(publish=77, future=1, draft=1), 1)


def test_comments_answer_what_they_answered(theme: Journal) -> None:
    with theme.writing() as db:
        comments = {comment.id: comment for comment in db.scalars(select(Comment))}
    expected = {
        int(one("comment_id")): (one, number) for number, item in items("post", "page").items() for one in item.comments
    }
    assert set(comments) == set(expected)
    for number, (one, post) in expected.items():
        comment = comments[number]
        assert (comment.parent_id or 0, comment.post_id) == (int(one("comment_parent")), post)
        assert (comment.approved, comment.kind) == (
            one("comment_approved") == "1",
            one("comment_type") or "comment",
        )
        assert f"{comment.created_at:%Y-%m-%d %H:%M:%S}" == one("comment_date_gmt")


def test_terms_pictures_and_menus_are_those_of_the_file(theme: Journal) -> None:
    with theme.writing() as db:
        filed = {post.slug: {term.slug for term in post.terms} for post in db.scalars(select(Post))}
        parents = {term.slug: term.parent_id for term in db.scalars(select(Term).where(Term.taxonomy == "category"))}
        attached = {one.id: (one.source_url, one.post_id or 0) for one in db.scalars(select(Attachment))}
        menu = [(item.menu_id, item.position) for item in db.scalars(select(MenuItem))]
        numbers = {term.slug: term.id for term in db.scalars(select(Term).where(Term.taxonomy == "category"))}
    for item in items("post", "page").values():
        named = {one.get("nicename") for one in item.element.findall("category")}
        if item("post_name").isascii() and "%" not in item("post_name") and item("post_name"):
            assert filed[item("post_name")] == named
    assert attached == {
        number: (item("attachment_url"), int(item("post_parent"))) for number, item in items("attachment").items()
    }
    assert len(menu) == len(set(menu)) == 70
    channel = ElementTree.parse(THEME).getroot()[0]  # noqa: S314
    listed = {one.findtext(f"{WP}category_nicename"): one.findtext(f"{WP}category_parent") for one in channel}
    above = {slug: parent for slug, parent in listed.items() if slug and parent}
    assert {slug: numbers[parent] for slug, parent in above.items()} == {
        slug: parent for slug, parent in parents.items() if parent
    }


class Scripts(HTMLParser):
    """What a page would load from elsewhere, or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            loads = name in ("src", "srcset", "poster", "data") and "//" in (value or "")
            if loads or name.startswith("on") or name == "style" or tag in ("iframe", "object", "embed"):
                self.found.append(f"{tag} {name}={value}")


def test_every_post_and_page_is_shown_and_loads_nothing_from_elsewhere(theme: Journal) -> None:
    with theme.writing() as db:
        paths = [(post.path, len(post.parts)) for post in db.scalars(select(Post)) if post.published]
    reader = theme.visitor()
    assert len(paths) == 77
    for path, parts in paths:
        for part in range(1, parts + 1):
            answer = reader.get(path if part == 1 else f"{path}{part}/")
            assert (path, answer.status_code) == (path, 200)
            scripts = Scripts()
            scripts.feed(answer.text)
            assert scripts.found == []


def test_exported_and_taken_over_by_another_site_it_is_equal(theme: Journal, tmp_path: Path) -> None:
    first = exported(theme)
    with another(tmp_path, theme) as second:
        taken_over(first, second, tmp_path)
        assert steady(exported(second)) == steady(first)
        found = rows(second)
        assert found == rows(theme)
    assert (len(found["posts"]), len(found["pictures"]), len(found["comments"])) == (79, 37, 33)
