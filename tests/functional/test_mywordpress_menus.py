"""Menus and options in Chromium: used by readers with and without scripts, kept by an administrator."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apps.chassis import passwords
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from tests.functional.test_mywordpress_people import PASSWORD, sign_in
from tests.support.looks import ON_A_PHONE, look
from tests.support.sites import RunningSite
from tests.support.witness import Witness

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A journal with its essays and an administrator."""
    with RunningSite("mywordpress", tmp_path_factory.mktemp("mywordpress")) as running:
        database = Database(running.plan.settings.database_url)
        with transaction(database) as db:
            hashed = passwords.hash(PASSWORD)
            User.add(db, email="ada@example.com", name="Ada", password_hash=hashed, role=Role.ADMINISTRATOR)
        database.dispose()
        yield running


def more(page: Page, name: str) -> Locator:
    """What opens what is below that item."""
    return page.locator(".menu__item").filter(has=page.get_by_role("link", name=name, exact=True)).locator("summary")


def test_a_submenu_opens_and_closes_by_keyboard(page: Page, site: RunningSite) -> None:
    page.goto(site.url)
    witness = Witness(page, site.url)
    link = page.get_by_role("link", name="Colophon", exact=True)
    expect(link).to_be_hidden()
    more(page, "About").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    look(page, *ON_A_PHONE, (1280, "light"))
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(more(page, "About")).to_be_focused()
    page.keyboard.press("Enter")
    # Whoever goes on leaves nothing open behind.
    more(page, "Time").click()
    expect(link).to_be_hidden()
    page.get_by_role("link", name="Tides", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tides")
    witness.check()


def test_a_submenu_opens_without_scripts(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url)
        more(page, "About").click()
        page.get_by_role("link", name="Colophon", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Colophon")


def test_an_administrator_orders_a_menu_by_keys_and_by_hand(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "ada@example.com", PASSWORD)
    witness = Witness(page, site.url)
    page.goto(f"{site.url}/menus")
    look(page, (1280, "light"))
    page.get_by_label("Name").fill("Short")
    page.get_by_role("button", name="Make it").click()
    page.locator("summary", has_text="A link of your own").click()
    page.get_by_label("Address").fill("nowhere")
    page.get_by_label("Text of the link").fill("Feed")
    page.locator("details[open]").get_by_role("button", name="Add").click()
    expect(page.locator(".field__error")).to_be_visible()
    page.get_by_label("Address").fill("/feed/")
    page.locator("details[open]").get_by_role("button", name="Add").click()
    page.locator("summary", has_text="Pages").click()
    for title in ("About", "Colophon"):
        page.get_by_role("checkbox", name=title, exact=True).check()
    page.locator("details[open]").get_by_role("button", name="Add").click()
    expect(page.locator(".menu-item__name b")).to_have_text(["Feed", "About", "Colophon"])
    page.get_by_role("button", name="Below the one before: Colophon").press("Enter")
    expect(page.locator(".menu-items .menu-items b")).to_have_text(["Colophon"])
    lines = page.locator("[data-line]")
    lines.nth(1).drag_to(lines.nth(0), target_position={"x": 120, "y": 3})
    expect(page.locator(".menu-item__name b")).to_have_text(["About", "Colophon", "Feed"])
    look(page, *ON_A_PHONE, (1280, "light"))
    page.get_by_role("button", name="Show it in the header").click()
    page.goto(site.url)
    expect(page.locator(".menu > li > a")).to_have_text(["About", "Feed"])
    witness.check()


def test_options_are_understood_by_everybody(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "ada@example.com", PASSWORD)
    witness = Witness(page, site.url)
    for part in ("", "/reading", "/comments"):
        page.goto(f"{site.url}/options{part}")
        look(page, *ON_A_PHONE, (1280, "light"))
    page.get_by_label("Most links in a comment").fill("0")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. Readers see it within a second.")
    witness.check()
