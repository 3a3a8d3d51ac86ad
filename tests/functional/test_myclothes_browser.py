"""A whole purchase as a visitor makes it: in Chromium, through gunicorn, with the worker's receipt at the end."""

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.functional.buyers import Books
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

PASSWORD = "a password of my own"
GUESTS_PATHS = [
    "/",
    "/shelves/coats?colour=navy",
    "/shelves/shoes?price=50&colour=ink",
    "/products/library-cardigan",
    "/search?q=linen",
    "/search?q=nothingness",
    "/cart",
    "/sign-in",
    "/sign-up",
    "/products/none",
]
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for the tests that leave nothing to each other."""
    with RunningSite("myclothes", tmp_path_factory.mktemp("myclothes")) as running:
        yield running


class Witness:
    """Hears what a page complains about and where it sends requests."""

    def __init__(self, page: Page, host: str) -> None:
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.host = host
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.see)

    def hear(self, message: ConsoleMessage) -> None:
        # Chromium itself reports each answer of 4xx that a test asks for.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.foreign.append(request.url)

    def check(self) -> None:
        assert (self.complaints, self.foreign) == ([], [])


def test_a_guest_finds_chooses_and_orders(
    page: Page, run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    site = run_site("myclothes", services, worker=True)
    books = Books(site)
    books.restock()
    witness = Witness(page, urlsplit(site.url).netloc)
    find_and_choose(page, site)
    change_quantity(page)
    sign_up(page)
    number = order(page)
    look_back(page, number)
    assert receipt(site, number)["To"] == "ida@example.org"
    (placed,) = books.orders()
    assert (placed.number, placed.total_cents) == (number, 2 * 13900)
    books.close()
    witness.check()


def find_and_choose(page: Page, site: RunningSite) -> None:
    page.goto(site.url)
    page.get_by_role("navigation", name="Shelves").get_by_role("link", name="Knitwear").click()
    page.get_by_label("Colour").select_option("Clay")
    expect(page.get_by_role("status")).to_have_text("1 of 6 pieces")
    page.get_by_role("link", name="Library cardigan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library cardigan")
    page.get_by_role("link", name="Forest").click()
    expect(page.get_by_role("img", name="Library cardigan in forest")).to_be_visible()
    expect(page).to_have_url(f"{site.url}/products/library-cardigan?colour=forest")
    expect(page.get_by_role("link", name="Forest")).to_be_focused()
    page.get_by_role("radio", name="L", exact=True).check()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("status")).to_contain_text("Library cardigan in forest, size L, is in your cart.")


def change_quantity(page: Page) -> None:
    page.get_by_label("Quantity of Library cardigan").select_option("2")
    expect(page.get_by_role("link", name="Cart 2 pieces")).to_be_visible()
    expect(page.locator(".sum__total")).to_contain_text("€278.00")
    page.get_by_role("link", name="Check out").click()


def sign_up(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ida Rhodes")
    page.get_by_label("E-mail").fill("ida@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check out")


def order(page: Page) -> str:
    expect(page.get_by_label("Full name")).to_have_value("Ida Rhodes")
    page.get_by_label("Street and number").fill("Linke Wienzeile 6")
    page.get_by_label("Postal code").fill("1060")
    page.get_by_label("City").fill("Vienna")
    page.get_by_label("Country").select_option(label="Austria")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    return page.locator(".order-number").inner_text()


def look_back(page: Page, number: str) -> None:
    page.get_by_role("link", name="All your orders").click()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    expect(page.get_by_role("link", name="Cart", exact=True)).to_be_visible()
    # Going back and sending the form once more leads to the same order.
    page.go_back()
    page.go_back()
    if page.get_by_role("button", name="Place order").is_visible():
        page.get_by_role("button", name="Place order").click()
        expect(page.locator(".order-number")).to_have_text(number)


def receipt(site: RunningSite, number: str) -> "email.message.EmailMessage":
    folder = site.plan.settings.data_dir / "mail"
    (file,) = wait_until(lambda: list(folder.glob("*.eml")), 30)
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == f"Your order {number}"
    return message


def test_everything_can_be_bought_without_javascript(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/products/half-moon-bag?colour=ink")
        page.get_by_role("link", name="Tobacco").click()
        expect(page.get_by_role("img", name="Half-moon bag in tobacco")).to_be_visible()
        books = Books(site)
        books.restock()
        page.reload()
        page.get_by_role("radio", name="One size").check()
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_label("Quantity of Half-moon bag").select_option("3")
        page.get_by_role("button", name="Update").click()
        expect(page.locator(".sum__total")).to_contain_text("€537.00")
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("There is nothing in it yet.")).to_be_visible()
        books.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_guests_pages_are_accessible_quiet_and_fit(
    browser: Browser, site: RunningSite, scheme: Scheme, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        witness = Witness(page, urlsplit(site.url).netloc)
        for path in GUESTS_PATHS:
            page.goto(site.url + path)
            look(page, width)
        witness.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_customers_pages_are_accessible_quiet_and_fit(browser: Browser, site: RunningSite, scheme: Scheme) -> None:
    books = Books(site)
    books.restock()
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme) as context:
        page = context.new_page()
        witness = Witness(page, urlsplit(site.url).netloc)
        page.goto(f"{site.url}/sign-in")
        page.get_by_label("E-mail").fill("demo@myclothes.test")
        page.get_by_label("Password").fill("demo-clothes-2026")
        page.get_by_role("button", name="Sign in").click()
        look(page, 390)
        page.goto(f"{site.url}/products/penny-loafers?colour=ink")
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Add to cart").click()
        look(page, 390)
        page.get_by_role("link", name="Check out").click()
        look(page, 390)
        page.get_by_label("Street and number").fill("High Street 1")
        page.get_by_label("Postal code").fill("D02")
        page.get_by_label("City").fill("Dublin")
        page.get_by_label("Country").select_option(label="Ireland")
        page.get_by_role("button", name="Place order").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
        look(page, 390)
        page.get_by_role("link", name="All your orders").click()
        look(page, 390)
        witness.check()
    books.close()


def look(page: Page, width: int) -> None:
    """Nothing serious for axe, and nothing wider than the window."""
    found = Axe().run(page)
    assert found.response["passes"]
    serious = [
        (each["id"], each["nodes"][0]["html"])
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == [], f"{page.url}: {serious}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_the_address_of_a_product_is_shared_with_its_colour(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/products/library-cardigan?colour=forest")
    expect(page).to_have_title(re.compile("Library cardigan in forest"))
