"""Comments in Chromium: answered in place, or by a link without scripts, and moderated in bulk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.test_mywordpress_browser import POST, sign_in
from tests.support.sites import RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite("mywordpress", tmp_path_factory.mktemp("mywordpress")) as running:
        yield running


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Comment").fill(text)
    page.get_by_label("Name").fill("Kim")
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("status")).to_contain_text("once somebody has read and approved it")


def approve_all(page: Page, site: RunningSite) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/comments")
    page.get_by_label("Mark all").check()
    page.get_by_role("button", name="Approve what is marked").click()
    expect(page.get_by_role("status")).to_contain_text("approved")


def test_a_comment_is_answered_where_it_stands(page: Page, site: RunningSite) -> None:
    page.clock.install()
    page.goto(site.url + POST)
    page.clock.fast_forward(10_000)
    page.get_by_role("link", name="Answer Ines").click()
    assert page.url == site.url + POST
    expect(page.get_by_role("heading", name="Answer to Ines")).to_be_visible()
    expect(page.locator(".comment", has_text="two clocks").locator("form")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    page.get_by_role("link", name="Say something about the post instead").click()
    expect(page.locator(".comment form")).to_have_count(0)
    page.get_by_role("link", name="Answer Ines").press("Enter")
    write(page, "By whose time was she late?")
    approve_all(page, site)
    page.goto(site.url + POST)
    answers = page.locator(".comment", has_text="two clocks").locator(".comments__replies")
    expect(answers).to_contain_text("By whose time was she late?")


def test_a_comment_is_answered_without_scripts(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + POST)
        page.get_by_role("link", name="Answer T. Okafor").click()
        expect(page.get_by_role("heading", name="Answer to T. Okafor")).to_be_visible()
        write(page, "Which zone is longest?")
        sign_in(page, site)
        page.goto(f"{site.url}/comments")
        page.get_by_role("button", name="Approve the comment by Kim").click()
        page.goto(site.url + POST)
        answers = page.locator(".comment", has_text="For promises").locator(".comments__replies")
        expect(answers).to_contain_text("Which zone is longest?")
