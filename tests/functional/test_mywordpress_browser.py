"""The journal as people see it: in Chromium, from gunicorn, with its worker making the thumbnails."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from tests.support.drawings import picture
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

POST = "/2026/11/the-hour-that-happens-twice/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A journal with its essays, for those who only look."""
    with RunningSite("mywordpress", tmp_path_factory.mktemp("mywordpress")) as running:
        yield running


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "field.jpg"
    path.write_bytes(picture(size=(1800, 1200)))
    return path


def sign_in(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail").fill(DEMO_EMAIL)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Posts")).to_be_visible()


def drop(page: Page, photo: Path) -> None:
    """Drop the file onto the text, as a hand with a mouse does."""
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "field.jpg", {type: "image/jpeg"}));
            return transfer;
        }""",
        list(photo.read_bytes()),
    )
    page.dispatch_event("textarea[name=body]", "drop", {"dataTransfer": transfer})


@pytest.mark.parametrize("services", ["embedded", pytest.param("served", marks=pytest.mark.long)], indirect=True)
def test_a_post_is_written_pictured_published_read_and_discussed(
    page: Page, browser: Browser, run_site: Callable[..., RunningSite], services: dict[str, str], photo: Path
) -> None:
    site = run_site("mywordpress", services, worker=True)
    sign_in(page, site)
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Title").fill("On fields, 들판에서")
    text = page.get_by_label("Text")
    text.fill("It was **green**.\n\n")
    drop(page, photo)
    expect(text).to_have_value(re.compile(r"!\[\]\(/media/[0-9a-f/]+\.jpg\)"))
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On fields, 들판에서")
    address = page.url
    assert "/on-fields-들판에서/" in page.evaluate("decodeURI(location.href)")

    with browser.new_context() as context:
        guest = context.new_page()
        guest.clock.install()
        read_with_thumbnails(guest, address)
        leave_a_comment(guest)
        approve(page, site)
        guest.goto(address)
        expect(guest.get_by_text("I know that field.", exact=True)).to_be_visible()
        expect(guest.get_by_text("guest@example.com")).to_have_count(0)


def read_with_thumbnails(guest: Page, address: str) -> None:
    """The page shows the picture at once, and its renditions as soon as the worker has made them."""
    guest.goto(address)
    image = guest.locator(".prose img")
    wait_until(lambda: is_drawn(image))

    def has_thumbnails() -> bool:
        guest.goto(address)
        return image.get_attribute("srcset") is not None

    wait_until(has_thumbnails, 30)
    widths = re.findall(r" (\d+)w", image.get_attribute("srcset") or "")
    assert widths == ["300", "600", "1200", "1800"]
    wait_until(lambda: is_drawn(image))
    expect(guest.locator(".prose strong")).to_have_text("green")


def is_drawn(image: Locator) -> bool:
    return bool(image.evaluate("image => image.complete && image.naturalWidth > 0"))


def leave_a_comment(guest: Page) -> None:
    # Nobody reads and writes as fast as this test does.
    guest.clock.fast_forward(10_000)
    guest.get_by_role("textbox", name="Comment").fill("I know that field.")
    guest.get_by_label("Name").fill("A guest")
    guest.get_by_label("E-mail").fill("guest@example.com")
    guest.get_by_role("button", name="Send comment").click()
    expect(guest.get_by_role("status")).to_contain_text("once somebody has read and approved it")
    expect(guest.get_by_text("I know that field.", exact=True)).to_have_count(0)


def approve(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/comments")
    held = page.get_by_role("listitem").filter(has_text="I know that field.")
    held.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("1 comment is approved.")


def test_everything_works_without_javascript(browser: Browser, site: RunningSite, photo: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site)
        page.goto(f"{site.url}/posts/new")
        page.get_by_label("Title").fill("Without scripts")
        page.get_by_label("Text").fill("Plain.")
        page.get_by_text("Pictures", exact=True).last.click()
        page.get_by_label("Add a picture").set_input_files(photo)
        page.get_by_label("What the picture shows").fill("A grey field")
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("img", name="A grey field")).to_be_visible()
        page.get_by_role("link", name="Edit this post").click()
        page.get_by_role("button", name="Move to the trash").click()
        expect(page.get_by_role("status")).to_contain_text("It is in the trash.")
        page.get_by_role("link", name="In the trash").click()
        page.get_by_label("Mark Without scripts").check()
        page.get_by_text("Delete what is marked").click()
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_role("status")).to_contain_text("The post is deleted.")


def test_a_file_that_is_no_picture_is_named_in_the_editor(page: Page, site: RunningSite, tmp_path: Path) -> None:
    fake = tmp_path / "fake.jpg"
    fake.write_bytes(b"just words")
    sign_in(page, site)
    page.goto(f"{site.url}/posts/new")
    page.get_by_label("Text").fill("Words that stay.")
    drop(page, fake)
    expect(page.locator("[data-status]")).to_contain_text("not a JPEG, PNG, GIF, WebP or AVIF")
    expect(page.get_by_label("Text")).to_have_value("Words that stay.")


def test_two_tabs_do_not_overwrite_each_other(page: Page, site: RunningSite) -> None:
    sign_in(page, site)
    address = f"{site.url}/posts/1/edit"
    other = page.context.new_page()
    for tab, words in ((page, "Words of the first tab."), (other, "Words of the second tab.")):
        tab.goto(address)
        tab.get_by_label("Text").fill(words)
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("status").first).to_have_text("Saved.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two versions of one post")
    expect(page.get_by_label("Stored text")).to_have_text("Words of the second tab.")
    expect(page.get_by_label("Text", exact=False).last).to_have_value("Words of the first tab.")
