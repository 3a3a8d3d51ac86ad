"""MyClothes in Chromium, in short: without JavaScript, at a glance, and by its addresses."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.myclothes.seed import DEMO_EMAIL, DEMO_PASSWORD
from tests.functional.buyers import Books
from tests.support.looks import ON_A_PHONE, look
from tests.support.sites import RunningSite
from tests.support.witness import Witness

pytestmark = pytest.mark.browser

ADDRESS = {
    "E-mail": "ida@example.org",
    "Full name": "Ida Rhodes",
    "Street and number": "Linke Wienzeile 6",
    "Postal code": "1060",
    "City": "Vienna",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for the tests that leave nothing to each other, with ten of everything."""
    with RunningSite("myclothes", tmp_path_factory.mktemp("myclothes")) as running:
        books = Books(running)
        books.restock()
        books.close()
        yield running


def test_everything_can_be_bought_without_javascript(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/shelves/accessories")
        page.get_by_label("Colour").select_option("tobacco")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="Half-moon bag").click()
        page.get_by_role("link", name="Ink", exact=True).click()
        expect(page.get_by_role("img", name="Half-moon bag in ink")).to_be_visible()
        page.get_by_role("radio", name="One size").check()
        page.get_by_role("button", name="Add to cart").click()
        change_and_remove(page)
        order(page)
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Pay").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
        expect(page.locator(".state")).to_have_text("Paid")


def change_and_remove(page: Page) -> None:
    page.get_by_label("Quantity of Half-moon bag").select_option("3")
    page.get_by_role("button", name="Update").click()
    expect(page.locator(".sum__total")).to_contain_text("€537.00")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There is nothing in it yet.")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".sum__total")).to_contain_text("€537.00")
    page.get_by_role("link", name="Check out").click()


def order(page: Page) -> None:
    for label, text in ADDRESS.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Country").select_option("AT")
    page.get_by_label("Express").check()
    page.get_by_role("button", name="Show the total").click()
    expect(page.locator(".sum__total")).to_contain_text("€554.90")
    page.get_by_role("button", name="Place order and pay").click()


def test_the_first_pages_of_a_customer_are_accessible_quiet_and_fit(page: Page, site: RunningSite) -> None:
    """In short; `test_shop_looks.py` sees every page."""
    witness = Witness(page, site.url)
    page.goto(site.url)
    look(page, (1280, "light"), *ON_A_PHONE)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail").fill(DEMO_EMAIL)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    look(page, (390, "dark"))
    page.goto(f"{site.url}/products/penny-loafers?colour=ink")
    look(page, (1280, "dark"), (390, "light"))
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Add to cart").click()
    look(page, (390, "light"))
    page.get_by_role("link", name="Check out").click()
    look(page, *ON_A_PHONE)
    witness.check()


def test_the_address_of_a_product_is_shared_with_its_colour(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/products/library-cardigan?colour=forest")
    expect(page).to_have_title(re.compile("Library cardigan in forest"))
