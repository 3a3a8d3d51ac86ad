"""Every page of the journal, in English and Korean: nothing is serious for axe, nothing complains or overflows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.chassis import passwords
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Content, Post
from tests.functional.writers import Writer
from tests.mywordpress.wxr.files import SMALL
from tests.support.korean import korean
from tests.support.looks import look
from tests.support.sites import RunningSite
from tests.support.witness import Witness

pytestmark = [pytest.mark.browser, pytest.mark.long]

OWNER, PASSWORD = "owner@example.com", "words of an owner"
READERS = (
    "/", "/page/2/", "/2026/11/the-hour-that-happens-twice/", "/2026/09/bread-slowly/?reply=1", "/about/", "/2026/",
    "/2026/10/", "/category/time/", "/tag/sea/", "/author/june-hartley/", "/search", "/search?q=hour",
    "/search?q=nothingness", "/sign-in", "/sign-in?done=everywhere", "/register",
    "/password-reset", "/password-reset/sent", "/password-reset/edit?token=none", "/nowhere", "/architecture",
)  # fmt: skip
REFUSED = ("/password-reset/edit?token=none", "/nowhere")
WRITING = (
    "/posts", "/posts?status=draft", "/posts?q=nothingness", "/posts?done=trashed&undo=7", "/pages", "/posts/new",
    "/posts/new?kind=page", "/posts/7/edit", "/posts/12/edit", "/posts/7/revisions", "/posts/{edited}/edit",
    "/posts/{edited}/revisions", "/posts/{edited}", "/media", "/media?view=list&kind=image", "/media/7",
    "/media/deletion?ids=7", "/comments", "/comments?status=approved", "/comments?status=spam", "/comments/3/edit",
    "/comments/privacy", "/terms", "/terms?taxonomy=post_tag", "/terms/1/edit",
)  # fmt: skip
OWNING = (
    "/users", "/users?q=nobody", "/users/new", "/users/1", "/users/1/deletion", "/menus", "/menus/1", "/options",
    "/options/reading?done=saved", "/options/comments", "/imports", "/imports/1", "/imports/2", "/exports", "/account",
    "/account?done=profile",
)  # fmt: skip
# Forms that are sent as they are, past the browser's own checks, and whose mistakes are then told.
MISTAKEN = ("/sign-in", "/register", "/password-reset")
MISTAKEN_AT_THE_DESK = ("/posts/new", "/terms", "/users/new", "/menus", "/imports", "/comments/privacy")
SEND = """() => {
    const form = document.querySelector("main form[method=post]:not(#selection)");
    form.noValidate = true;
    form.requestSubmit(form.querySelector("[type=submit]"));
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A journal with its essays."""
    with RunningSite("mywordpress", tmp_path_factory.mktemp("mywordpress")) as running:
        yield running


@pytest.fixture(scope="module")
def locked(site: RunningSite) -> str:
    """The path of a post behind a password. It is of the owner, who is added with it."""
    database = Database(site.plan.settings.database_url)
    with transaction(database) as db:
        hashed = passwords.hash(PASSWORD)
        owner = User.add(db, email=OWNER, name="Olga Owner", password_hash=hashed, role=Role.ADMINISTRATOR)
        post = Post.draft(db, owner, Content.of("Behind a password", "A secret."))
        post.publish(db)
        post.password = "open"
        Options.decide(db, registration_open=True)
        path = post.path
    database.dispose()
    return path


@pytest.fixture(scope="module")
def edited(site: RunningSite) -> int:
    """A draft that has been saved three times; its number."""
    writer = Writer(site)
    writer.sign_in()
    number = writer.draft("A draft")
    for version in (1, 2):
        assert writer.edit(number, f"Words of version {version}.", version) == 201
    return number


@pytest.fixture
def desk(browser: Browser, site: RunningSite, locked: str) -> Iterator[Page]:
    """The owner, who has just signed in."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}/sign-in")
        page.get_by_label("E-mail").fill(OWNER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Posts")).to_be_visible()
        witness = Witness(page, site.url)
        yield page
        witness.check()


def see(page: Page, address: str) -> None:
    """In English and in Korean, each on a phone and on a desk, and there in the other theme."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok != address.endswith(REFUSED), address
    look(page, (390, "light"), (1280, "dark"))
    page.goto(korean(address))
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    look(page, (390, "dark"), (1280, "light"))


def send_wrong(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(SEND)
    expect(page.locator("[role=alert]").first).to_be_visible()
    look(page, (390, "light"), (1280, "dark"))


def test_readers_pages(page: Page, site: RunningSite, locked: str) -> None:
    witness = Witness(page, site.url)
    for path in (*READERS, locked):
        see(page, site.url + path)
    for path in MISTAKEN:
        send_wrong(page, site.url + path)
    assert page.context.cookies() == []
    witness.check()


def test_pages_of_writing(desk: Page, site: RunningSite, edited: int) -> None:
    for path in WRITING:
        see(desk, site.url + path.format(edited=edited))


def test_pages_of_owning(desk: Page, site: RunningSite) -> None:
    for _ in range(2):
        hand_in(desk, site)
    desk.get_by_role("button", name="Import", exact=True).click()
    for path in OWNING:
        see(desk, site.url + path)
    for path in MISTAKEN_AT_THE_DESK:
        send_wrong(desk, site.url + path)


def test_what_is_seen_once(desk: Page, site: RunningSite, edited: int) -> None:
    desk.goto(f"{site.url}/account")
    desk.get_by_label("Name of the program").fill("An editor")
    desk.get_by_role("button", name="Make a password").click()
    expect(desk.get_by_text("It is shown this once")).to_be_visible()
    look(desk, (390, "light"), (1280, "dark"))
    desk.goto(f"{site.url}/posts/{edited}/edit")
    desk.evaluate("document.querySelector('[name=version]').value = 1")
    desk.get_by_label("Text").fill("Words that know nothing of the others.")
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Two versions of one post")
    look(desk, (390, "light"), (1280, "dark"))


def hand_in(page: Page, site: RunningSite) -> None:
    """Look at an export of another site."""
    page.goto(f"{site.url}/imports")
    page.get_by_label("An export file").set_input_files(Path(SMALL))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
