"""Writing in Chromium: with pictures from the clipboard, a preview beside the text, and a network that goes away."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from tests.support.drawings import picture
from tests.support.looks import ON_A_PHONE, look
from tests.support.sites import RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite("mywordpress", tmp_path_factory.mktemp("writing")) as running:
        yield running


@pytest.fixture
def desk(page: Page, site: RunningSite) -> Page:
    """A wide window of the demo author's."""
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail").fill(DEMO_EMAIL)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/posts")
    return page


def paste(page: Page, data: bytes) -> None:
    """Paste a picture into the text, as from a screenshot."""
    page.evaluate(
        """(bytes) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
            const text = document.querySelector("textarea[name=body]");
            text.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        list(data),
    )


def test_a_post_is_written_from_its_first_word_to_its_schedule(desk: Page, site: RunningSite) -> None:
    page = desk
    page.goto(f"{site.url}/posts/new")
    text, preview = page.get_by_label("Text"), page.frame_locator("iframe")
    page.get_by_label("Title").fill("Salt, 소금")
    text.fill("It was **white**.\n\n")
    expect(preview.locator("strong")).to_have_text("white")
    paste(page, picture(size=(600, 400)))
    expect(text).to_have_value(re.compile(r"!\[\]\(/media/[0-9a-f/]+\.\w+\)"))
    expect(preview.locator("figure img")).to_be_visible()
    # Two seconds later it is a draft, under an address of its own.
    expect(page).to_have_url(re.compile(r"/posts/\d+/edit$"), timeout=10_000)
    expect(page.locator("[data-kept]")).to_contain_text("Kept")
    address = page.url

    text.press("Control+End")
    page.get_by_role("button", name="End of what lists show").click()
    text.press_sequentially("More to come, <script>alert(1)</script>still not saved.")
    expect(preview.get_by_text("still not saved")).to_be_visible()
    with page.expect_response(re.compile("/autosave$")):
        pass
    leave(page, f"{site.url}/posts")
    page.goto(address)
    expect(page.locator("[data-autosaved]")).to_contain_text("You wrote more than is saved here")
    page.get_by_role("link", name="Bring it back").click()
    expect(page.get_by_label("Text")).to_have_value(re.compile("still not saved"))
    page.get_by_label("Tags").fill("sea, kitchen")
    page.get_by_label("Tags").press("Enter")
    expect(page.get_by_role("button", name="Remove the tag sea")).to_be_visible()
    page.get_by_label("Date").fill(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("status").first).to_have_text("It is scheduled.")
    expect(page.locator(".editor__state .tag")).to_have_text("Scheduled")
    expect(page.locator("input[name=tags]")).to_have_value("kitchen, sea")

    page.get_by_role("link", name="Revisions").click()
    expect(page.locator("ins").last).to_contain_text("still not saved")
    look(page, *ON_A_PHONE)
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.get_by_role("status").first).to_have_text("The earlier text is back.")
    expect(page.get_by_label("Text")).not_to_have_value(re.compile("still not saved"))


def leave(page: Page, address: str) -> None:
    """Go away from a page that asks whether to."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)


def test_words_that_the_network_swallowed_wait_in_the_browser(desk: Page, site: RunningSite) -> None:
    page = desk
    page.goto(f"{site.url}/posts/2/edit")
    page.context.set_offline(True)
    page.get_by_label("Text").press("Control+End")
    page.get_by_label("Text").press_sequentially("Written on a train.")
    expect(page.locator("[data-status]")).to_contain_text("No connection", timeout=10_000)
    # Back on the network it would be sent at once; a browser that was closed before sends nothing.
    page.route("**/autosave", lambda route: route.abort())
    page.context.set_offline(False)
    leave(page, f"{site.url}/posts")
    page.unroute("**/autosave")
    page.goto(f"{site.url}/posts/2/edit")
    expect(page.get_by_text("never reached us")).to_be_visible()
    page.get_by_role("button", name="Bring them back").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    expect(page.get_by_label("Text")).to_have_value(re.compile(r"Written on a train\."))
    expect(page.locator("[data-local]")).to_be_hidden()


def test_two_writers_see_each_other_and_marks_are_made_by_keys(desk: Page, site: RunningSite) -> None:
    page = desk
    page.goto(f"{site.url}/posts/3/edit")
    text = page.get_by_label("Text")
    text.fill("word")
    text.press("Control+a")
    text.press("Control+b")
    expect(text).to_have_value("**word**")
    page.get_by_text("Excerpt and address").click()
    page.get_by_label("Written in").select_option("html")
    text.press("Control+i")
    expect(text).to_have_value("**<em>word</em>**")
    bo = colleague(site)
    assert bo is not None
    with page.expect_response(re.compile("/presence$")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.reload()
    expect(page.locator("[data-others]")).to_contain_text("Bo has this open too")
    for width in (390, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def colleague(site: RunningSite) -> int | None:
    """Somebody else who has the third post open."""
    file = next(site.var.glob("**/database.sqlite3"))
    with sqlite3.connect(file) as database:
        columns = "email, name, password_hash, role, sessions_valid_from, created_at"
        then = "2026-01-01 00:00:00.000000"
        bo = database.execute(
            f"INSERT INTO users ({columns}) VALUES ('bo@example.com', 'Bo', '', 'editor', '{then}', '{then}')"  # noqa: S608
        ).lastrowid
        moment = f"{datetime.now(UTC) + timedelta(minutes=1):%Y-%m-%d %H:%M:%S.%f}"
        database.execute("INSERT INTO edit_locks (post_id, user_id, seen_at) VALUES (3, ?, ?)", (bo, moment))
    return bo
