"""The library in Chromium: many files by drag, with and without scripts; described, copied, deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.test_mywordpress_browser import sign_in
from tests.support import samples
from tests.support.drawings import picture
from tests.support.sites import RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite("mywordpress", tmp_path_factory.mktemp("library")) as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {"dunes.png": picture("PNG", (60, 40), 5), "tides.pdf": samples.pdf(), "fake.jpg": b"<html>"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def drop(page: Page, files: list[Path]) -> None:
    """Drop the files onto the form, as a hand with a mouse does."""
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
            return transfer;
        }""",
        [[file.name, list(file.read_bytes())] for file in files],
    )
    page.dispatch_event("[data-uploads]", "drop", {"dataTransfer": transfer})


def test_files_are_dropped_described_and_deleted(page: Page, site: RunningSite, files: list[Path]) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/media")
    drop(page, files)
    rows = page.locator("[data-list] li")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("link", name="Show them")).to_be_visible()
    expect(rows.nth(0)).to_contain_text("in the library")
    expect(rows.nth(1).locator("progress")).to_have_js_property("value", 1)
    expect(rows.nth(2)).to_contain_text("whatever its name says")

    rows.nth(0).get_by_role("link", name="dunes.png").click()
    page.get_by_label("What it shows").fill("Dunes before the rain")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.get_by_role("button", name="Copy Address").click()
    expect(page.get_by_role("button", name="Copied Address")).to_be_visible()

    page.goto(f"{site.url}/media?q=rain")
    page.get_by_role("checkbox", name="Select dunes").check()
    page.get_by_role("button", name="Delete what is selected").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Deleted.")
    page.goto(f"{site.url}/media?q=rain")
    expect(page.get_by_text("Nothing in the library is like this.")).to_be_visible()


def test_without_scripts_the_form_sends_all_at_once(browser: Browser, site: RunningSite, files: list[Path]) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site)
        page.goto(f"{site.url}/media")
        page.get_by_label("Add files").set_input_files(files[1:])
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_role("alert")).to_contain_text("fake.jpg: This is not a JPEG")
        expect(page.locator(".shelf__name").first).to_have_text("tides")
        assert page.get_by_role("button", name="Copy").count() == 0


def test_a_picture_in_use_names_the_post_and_stays(page: Page, site: RunningSite) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/media/1")
    post = page.get_by_role("region", name="Where it is used").get_by_role("link").first.inner_text()
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("a text would break")
    expect(page.get_by_role("link", name=post)).to_be_visible()
    assert page.get_by_role("button", name="Delete").count() == 0
