"""Every kind of page that readers get is HTML without errors for the Nu checker, and has nothing serious for axe."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.mywordpress.accounts.models import User
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Format
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.seed import DEMO_EMAIL
from tests.functional.browsers import Browser
from tests.services.html_checker import HtmlChecker
from tests.support.looks import look
from tests.support.sites import RunningSite
from tests.support.witness import Witness

pytestmark = [pytest.mark.browser, pytest.mark.long]

LISTS = [
    "/", "/page/2/", "/2026/", "/2026/10/", "/category/time/", "/category/time/tides/", "/category/한국어/",
    "/tag/patience/", "/tag/서울/", "/author/haein/", "/search", "/search?q=서울", "/search?q=nothingness",
]  # fmt: skip
POSTS = [
    "/2026/11/the-hour-that-happens-twice/", "/2026/11/a-visible-mend/", "/2026/11/a-visible-mend/?reply=4",
    "/2026/11/서울의-시계/", "/2026/10/seven-drawings-and-what-went-wrong-with-them/", "/2026/08/where-to-begin/",
    "/2026/09/bread-slowly/", "/about/", "/about/colophon/", "/about/house-rules/",
    "/2026/10/손으로-쓰는-한글/embed/",
]  # fmt: skip
OTHERS = ["/sign-in", "/sign-in?done=everywhere", "/register", "/password-reset", "/nowhere", "/ko-KR/nowhere/"]
IMPORTED = """<h1>First</h1><p><img class="alignleft" alt="x" src="/media/nothing.png">Beside <a href="https://example.org">it
</a></p><!--more Go on--><table><caption>Sums</caption><tr><th>a<td>b<tr><td colspan=2>c</table><ul><li>one<ul><li>two
</ul><p>three</ul><blockquote><p>Said<cite>Who</cite></blockquote><pre>code  \n  &lt;b&gt;</pre><dl><dt>d<dd>e</dl><hr>
<center><font color=red>Old</font></center><p align=center>x<div>y</div></p><h3></h3><address>Here</address>
<object><param name=a></object><details><summary>More</summary>Less</details><p>H<sub>2</sub>O <q>q</q> <abbr>a</abbr>
<ins datetime="2020">i</ins><del>d</del><!--nextpage-->Second part."""
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite("mywordpress", tmp_path_factory.mktemp("valid"), {"SHOW_ARCHITECTURE": "1"}) as running:
        yield running


@pytest.fixture(scope="module")
def more(site: RunningSite) -> list[str]:
    """Where there is what the essays lack: imported HTML in parts, a password, no title, a long word, an odd menu."""
    database = Database(site.plan.settings.database_url)
    with transaction(database) as db:
        author = User.with_email(db, DEMO_EMAIL)
        assert author is not None
        contents = [
            Content("Imported", IMPORTED, format=Format.HTML, sticky=True),
            Content("Behind a password", "Words.", password="open"),
            Content("", "A post without a title."),
            Content(LONG, f"# {LONG}\n\n`{LONG}`\n\n> {LONG}\n\n| {LONG} | b |\n|---|---|\n| c | d |"),
        ]
        posts = [Post.draft(db, author, content) for content in contents]
        for post in posts:
            post.publish(db)
        menu = db.get_one(Menu, 1)
        menu.append(db, [MenuItem.to_address("https://example.org/?a=1&b=2", 'A "quoted" & <odd> text')])
        Options.decide(db, registration_open=True, title="Ebb & <Flow>")
    database.dispose()
    return [*(post.path for post in posts), f"{posts[0].path}2/"]


def test_no_page_has_an_error(site: RunningSite, more: list[str], html_checker: HtmlChecker, tmp_path: Path) -> None:
    guest = Browser(site.url)
    pages = {path: guest.get(quoted(path))[1] for path in [*LISTS, *POSTS, *OTHERS, *more]}
    assert all("<!doctype html>" in page for page in pages.values())
    assert html_checker.errors(pages, tmp_path) == []


def test_no_page_is_too_wide_or_keeps_anybody_out(site: RunningSite, more: list[str], page: Page) -> None:
    witness = Witness(page, site.url)
    for path in [*LISTS, *POSTS, *more]:
        page.goto(site.url + path)
        look(page, (320, "light"), (1440, "dark"))
    witness.check()


def quoted(path: str) -> str:
    return quote(path, safe="/?=&%")
