"""Every page of the shop with everything on it: nothing is serious for axe, nothing complains, nothing overflows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.lived_in import LivedIn
from tests.support.looks import look
from tests.support.witness import Witness
from tools.month import DEMO, KEEPER

pytestmark = [pytest.mark.browser, pytest.mark.long]

VISITORS = (
    "/", "/shelves/knitwear", "/shelves/coats?colour=navy", "/shelves/shoes?price=50&colour=ink",
    "/products/library-cardigan", "/products/penny-loafers?colour=ink", "/search", "/search?q=linen",
    "/search?q=nothingness", "/cart", "/sign-in", "/sign-in?done=everywhere", "/sign-up", "/track", "/password-reset",
    "/password-reset/sent", "/password-reset/edit", "/confirmation", "/confirmation/done", "/email-change",
    "/architecture", "/products/none", "/ko-KR/none",
)  # fmt: skip
ACCOUNT = (
    "/account", "/account?before=1", "/account/profile?done=email", "/account/addresses", "/account/addresses/new",
    "/account/addresses/1/edit", "/account/second-factor", "/account/second-factor/new?needed=1", "/account/data",
)  # fmt: skip
KEPT = (
    "/products", "/products/1", "/products/new", "/products/1/variants/new", "/variants/1", "/stock?state=low",
    "/stock/1", "/import",
)  # fmt: skip
COUNTER = (
    "", "/orders", "/orders?q=nobody", "/coupons", "/coupons/1", "/coupons/new", "/customers", "/customers/1", "/sales",
    "/audits", "/faults",
)  # fmt: skip
UNCHECKED = "document.querySelectorAll('main form').forEach(form => form.noValidate = true)"
BAD_CATALOGUE = "Type,SKU,Name,Regular price,Categories\nsimple,X-1,,twelve,\nfancy,X-2,Y,12,\n"


@pytest.fixture
def guest(page: Page, lived_in: LivedIn) -> Iterator[Page]:
    witness = Witness(page, lived_in.url)
    yield page
    witness.check()


@pytest.fixture
def demo(browser: Browser, lived_in: LivedIn) -> Iterator[Page]:
    with lived_in.signed_in(browser, DEMO) as page:
        witness = Witness(page, lived_in.url)
        yield page
        witness.check()


@pytest.fixture
def keeper(browser: Browser, lived_in: LivedIn) -> Iterator[Page]:
    with lived_in.signed_in(browser, KEEPER) as page:
        witness = Witness(page, lived_in.url)
        yield page
        witness.check()


def see(page: Page) -> None:
    """In both themes, on a phone and on a desk."""
    look(page, (390, "light"), (390, "dark"), (1280, "dark"), (1280, "light"))


def send_wrong(page: Page, button: str) -> None:
    """Send a form as it is, past the browser's own checks, and see what is said about it."""
    page.evaluate(UNCHECKED)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    see(page)


def test_visitors_pages(guest: Page, lived_in: LivedIn) -> None:
    for path in VISITORS:
        guest.goto(lived_in.url + path)
        see(guest)


def test_what_is_said_about_mistakes(guest: Page, lived_in: LivedIn) -> None:
    for path, button in (
        ("/sign-in", "Sign in"),
        ("/sign-up", "Make an account"),
        ("/track", "Find it"),
        ("/password-reset", "Send the link"),
    ):
        guest.goto(lived_in.url + path)
        send_wrong(guest, button)


def test_a_purchase_with_all_that_goes_wrong(guest: Page, lived_in: LivedIn) -> None:
    for product in ("library-cardigan?colour=forest", "crossing-overcoat?colour=camel"):
        guest.goto(f"{lived_in.url}/products/{product}")
        guest.locator(".size__choice:enabled").first.check(force=True)
        guest.get_by_role("button", name="Add to cart").click()
    see(guest)
    guest.get_by_role("link", name="Check out").click()
    see(guest)
    guest.get_by_label("Coupon").fill("NONSENSE")
    send_wrong(guest, "Show the total")
    fill_address(guest)
    guest.get_by_role("button", name="Show the total").click()
    see(guest)
    guest.get_by_role("button", name="Place order and pay").click()
    see(guest)
    guest.get_by_role("radio").nth(1).check()
    guest.get_by_role("button", name="Pay").click()
    expect(guest.get_by_role("alert")).to_be_visible()
    see(guest)
    guest.get_by_role("button", name="Pay").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Thank you.")
    see(guest)


def fill_address(page: Page) -> None:
    for label, text in (
        ("E-mail", "ida@example.org"),
        ("Full name", "Ida Rhodes"),
        ("Street and number", "Linke Wienzeile 6"),
        ("Postal code", "1060"),
        ("City", "Vienna"),
        ("Coupon", "welcome10"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_label("Country").select_option("AT")


def test_pages_of_an_account(demo: Page, lived_in: LivedIn) -> None:
    for path in ACCOUNT:
        demo.goto(lived_in.url + path)
        see(demo)
    demo.goto(f"{lived_in.url}/account/profile")
    send_wrong(demo, "Change the password")
    demo.goto(f"{lived_in.url}/account/addresses/new")
    send_wrong(demo, "Keep the address")
    demo.goto(f"{lived_in.url}/account/data")
    send_wrong(demo, "Erase my account")


def test_orders_and_payments_in_every_state(demo: Page, lived_in: LivedIn) -> None:
    for number in lived_in.month.orders.values():
        demo.goto(f"{lived_in.url}/orders/{number}")
        see(demo)
    for case in ("placed", "declined", "unknown", "late"):
        demo.goto(f"{lived_in.url}/orders/{lived_in.month.orders[case]}/payment")
        see(demo)


@pytest.mark.parametrize("paths", [KEPT, COUNTER], ids=["catalogue", "rest"])
def test_pages_behind_the_counter(keeper: Page, lived_in: LivedIn, paths: tuple[str, ...]) -> None:
    for path in paths:
        keeper.goto(f"{lived_in.url}/admin{path}")
        see(keeper)


def test_orders_behind_the_counter(keeper: Page, lived_in: LivedIn) -> None:
    for case in ("placed", "paid", "packed", "shipped", "returned", "cancelled"):
        keeper.goto(f"{lived_in.url}/admin/orders/{lived_in.month.orders[case]}")
        see(keeper)
    send_wrong_refund(keeper, lived_in)
    keeper.goto(f"{lived_in.url}/admin/orders/{lived_in.month.orders['packed']}/packing-slip")
    see(keeper)


def send_wrong_refund(keeper: Page, lived_in: LivedIn) -> None:
    keeper.goto(f"{lived_in.url}/admin/orders/{lived_in.month.orders['shipped']}")
    keeper.get_by_label("Amount").fill("1000000")
    send_wrong(keeper, "Pay back")


def test_forms_behind_the_counter_with_mistakes(keeper: Page, lived_in: LivedIn, tmp_path: Path) -> None:
    for path, button in (
        ("/products/new", "Create"),
        ("/coupons/new", "Create"),
        ("/products/1/variants/new", "Create"),
    ):
        keeper.goto(f"{lived_in.url}/admin{path}")
        send_wrong(keeper, button)
    file = tmp_path / "catalogue.csv"
    file.write_text(BAD_CATALOGUE)
    keeper.goto(f"{lived_in.url}/admin/import")
    keeper.get_by_label("File").set_input_files(file)
    send_wrong(keeper, "Look what would change")
    expect(keeper.get_by_role("cell", name="twelve")).to_be_visible()
    expect(keeper.get_by_role("alert")).to_contain_text(re.compile("things are wrong"))
