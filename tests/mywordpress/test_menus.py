"""Menus: made at the desk, shown to readers."""

import re
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from apps.chassis.columns import now
from apps.mywordpress.menus.models import MOST_ITEMS, Menu, MenuItem
from apps.mywordpress.menus.showing import Link, links_of
from apps.mywordpress.menus.trees import MOST_LEVELS, ImpossiblePlace, Tree, Where
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both
from tests.mywordpress.test_options import page


@pytest.fixture
def owner(journal: Journal) -> Visitor:
    return journal.author("ada@example.com")


@pytest.fixture
def menu(owner: Visitor, journal: Journal) -> Menu:
    """A menu with three links, that readers see."""
    assert owner.post("/menus", name="Main").location == "/menus/1?done=created"
    for letter in "abc":
        answer = owner.post("/menus/1/items", url=f"/{letter}/", title=letter.upper())
        assert answer.status_code == 303
    assert owner.post("/menus/1/header").status_code == 303
    with journal.writing() as db:
        made: Menu = db.get_one(Menu, 1)
    return made


def order(journal: Journal) -> list[object]:
    """The titles, each with those below it."""

    def titles(links: Sequence[Link]) -> list[object]:
        return [[link.title, titles(link.below)] if link.below else link.title for link in links]

    with journal.writing() as db:
        return titles(links_of(db, 1))


def shown(journal: Journal) -> str:
    """The menu as readers get it, without tags."""
    html = journal.visitor().get("/").text
    found = re.search(r'<nav class="nav".*?</nav>', html, re.S)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


@over_both
def test_an_administrator_makes_a_menu_that_readers_see(journal: Journal, owner: Visitor) -> None:
    about, team = page(journal, "About"), journal.post("A post")
    with journal.writing() as db:
        sea = Term.make(db, Taxonomy.CATEGORY, "Sea")
        deep = Term.make(db, Taxonomy.CATEGORY, "Deep", parent=sea)
    owner.post("/menus", name="Main")
    owner.client.post(
        "/menus/1/items",
        data={"post": [about.id, team.id], "term": [deep.id]},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    owner.post("/menus/1/items", url="https://example.org/", title="Elsewhere")
    assert shown(journal) == "Search"
    owner.post("/menus/1/header")
    assert shown(journal) == "About A post Deep Elsewhere Search"
    home = journal.visitor().get("/").text
    for url in ("/about/", team.path, "/category/sea/deep/", "https://example.org/"):
        assert f'href="{url}"' in home
    assert 'aria-current="page"' in journal.visitor().get("/about/").text
    owner.post("/menus/1/header/removal")
    assert shown(journal) == "Search"


@over_both
def test_items_move_beside_and_below_one_another(journal: Journal, owner: Visitor, menu: Menu) -> None:
    for item, where, other, after in (
        (3, "before", 1, ["C", "A", "B"]),
        (3, "after", 1, ["A", "C", "B"]),
        (3, "below", 1, [["A", ["C"]], "B"]),
        (2, "before", 3, [["A", ["B", "C"]]]),
        (3, "below", 2, [["A", [["B", ["C"]]]]]),
        (2, "after", 1, ["A", ["B", ["C"]]]),
    ):
        answer = owner.post(f"/menus/items/{item}/place", where=where, other=str(other))
        assert answer.location == f"/menus/1#item-{item}"
        assert order(journal) == after
    assert shown(journal) == "A B What is below B C Search"


def test_what_cannot_be_moved_so_stays(journal: Journal, owner: Visitor, menu: Menu) -> None:
    owner.post("/menus/items/2/place", where="below", other="1")
    assert owner.post("/menus/items/1/place", where="below", other="2").status_code == 409
    assert owner.post("/menus/items/1/place", where="below", other="1").status_code == 409
    assert owner.post("/menus/items/1/place", where="below", other="99").status_code == 409
    assert owner.post("/menus/items/1/place", where="aside", other="2").status_code == 400
    assert owner.post("/menus/items/1/place", where="after", other="x").status_code == 400
    assert order(journal) == [["A", ["B"]], "C"]


def test_what_is_taken_out_leaves_its_place_to_what_is_below(journal: Journal, owner: Visitor, menu: Menu) -> None:
    owner.post("/menus/items/3/place", where="below", other="1")
    assert owner.post("/menus/items/1/deletion").status_code == 303
    assert order(journal) == ["C", "B"]
    assert owner.post("/menus/items/1/deletion").status_code == 404


def test_an_item_has_a_text_and_a_hint_of_its_own(journal: Journal, owner: Visitor) -> None:
    about = page(journal, "About")
    owner.post("/menus", name="Main")
    owner.post("/menus/1/items", post=str(about.id))
    owner.post("/menus/1/header")
    assert owner.post("/menus/items/1", title="Who we are", hint="Both of us", opens_window="y").status_code == 303
    home = journal.visitor().get("/").text
    assert 'title="Both of us" target="_blank" rel="noopener">Who we are</a>' in home
    # Without a text of its own it has the title that the page has by then.
    owner.post("/menus/items/1", title="", hint="")
    assert shown(journal) == "About Search"


def test_readers_see_no_link_to_what_is_not_published(journal: Journal, owner: Visitor, menu: Menu) -> None:
    draft = journal.post("Secret", published=False)
    late = journal.post("Tomorrow", published=False)
    with journal.writing() as db:
        db.get_one(Post, late.id).publish(db, now() + timedelta(days=1))
    for post in (draft, late):
        owner.post("/menus/1/items", post=str(post.id))
    owner.post("/menus/items/1/place", where="below", other="4")
    assert shown(journal) == "B C A Search"
    assert owner.get("/menus/1").text.count("Not published, so not shown") == 2


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "elsewhere.example", "java\tscript:x", "//[bad", "", "x" * 1001],
)
def test_a_link_leads_only_where_links_lead(journal: Journal, owner: Visitor, menu: Menu, url: str) -> None:
    answer = owner.post("/menus/1/items", url=url, title="X")
    assert answer.status_code == 422
    assert notice(answer)
    assert owner.post("/menus/items/1", url=url, title="X", hint="").status_code == 422
    assert order(journal) == ["A", "B", "C"]


def test_texts_are_shown_as_texts(journal: Journal, owner: Visitor, menu: Menu) -> None:
    owner.post("/menus/1/items", url="/x/?a=1&b=2", title='<b>"Bold"</b>')
    home = journal.visitor().get("/").text
    assert 'href="/x/?a=1&amp;b=2">&lt;b&gt;&#34;Bold&#34;&lt;/b&gt;</a>' in home
    assert "<b>&lt;b&gt;" in owner.get("/menus/1").text


def test_a_menu_is_not_longer_than_anybody_can_keep(journal: Journal, owner: Visitor, menu: Menu) -> None:
    with journal.writing() as db:
        fresh = db.get_one(Menu, 1)
        fresh.append(db, [MenuItem.to_address("/", str(number)) for number in range(MOST_ITEMS - 3)])
    answer = owner.post("/menus/1/items", url="/one-more/", title="One more")
    assert (answer.status_code, notice(answer)) == (422, "A menu has at most 200 items.")


def test_a_menu_is_renamed_and_deleted(journal: Journal, owner: Visitor, menu: Menu) -> None:
    assert owner.post("/menus/1", name=" ").status_code == 422
    assert owner.post("/menus/1", name="Head").status_code == 303
    assert ">Head</a>" in owner.get("/menus").text
    assert owner.post("/menus/1/deletion").location == "/menus?done=deleted"
    with journal.writing() as db:
        assert db.scalars(select(MenuItem)).all() == []
        assert Options.read(db).primary_menu_id is None
    assert shown(journal) == "Search"


def test_menus_of_one_name_have_addresses_of_their_own(journal: Journal, owner: Visitor) -> None:
    for _ in range(2):
        owner.post("/menus", name="메뉴")
    with journal.writing() as db:
        assert {menu.slug for menu in db.scalars(select(Menu))} == {"메뉴", "메뉴-2"}


@pytest.mark.parametrize("kind", ["mysql"])
def test_a_menu_that_is_sent_many_times_at_once_is_no_error(journal: Journal, owner: Visitor) -> None:
    answers: list[int] = []
    start = threading.Barrier(4)

    def send() -> None:
        visitor = journal.visitor()
        visitor.client.set_cookie("mywordpress-session", session)
        start.wait()
        answers.append(visitor.post("/menus", name="Twice").status_code)

    cookie = owner.client.get_cookie("mywordpress-session")
    assert cookie is not None
    session = cookie.value
    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == [303] * 4


def test_only_administrators_keep_menus(journal: Journal, menu: Menu) -> None:
    author, guest = journal.author(), journal.visitor()
    for path in ("/menus", "/menus/1"):
        assert author.get(path).status_code == 403
        assert guest.get(path).status_code == 303
    for path in ("/menus", "/menus/1", "/menus/1/items", "/menus/1/header", "/menus/1/header/removal",
                 "/menus/1/deletion", "/menus/items/1", "/menus/items/1/place", "/menus/items/1/deletion"):  # fmt: skip
        assert author.post(path, name="X").status_code == 403
        assert guest.post(path, name="X").status_code == 401


def items(*parents: int | None) -> list[MenuItem]:
    """Items numbered from 1, each below that one."""
    made = [MenuItem.to_address("/", str(number)) for number, _ in enumerate(parents, start=1)]
    for number, (item, parent) in enumerate(zip(made, parents, strict=True), start=1):
        item.id, item.parent_id = number, parent
    return made


def walked(tree: Tree) -> list[tuple[int, int | None]]:
    return [(item.id, above.id if above else None) for item, above in tree.walk()]


def test_a_circle_is_cut_and_nothing_is_lost() -> None:
    assert walked(Tree(items(2, 1, 3, 99))) == [(4, None), (1, None), (2, 1), (3, None)]


def test_depth_ends_somewhere() -> None:
    deep = Tree(items(None, *range(1, 3000)))
    assert len(walked(deep)) == 3000
    level = Tree(items(None, *range(1, MOST_LEVELS), None))
    with pytest.raises(ImpossiblePlace):
        level.place(MOST_LEVELS + 1, Where.BELOW, MOST_LEVELS)
    with pytest.raises(ImpossiblePlace):
        level.place(1, Where.BELOW, MOST_LEVELS + 1)
