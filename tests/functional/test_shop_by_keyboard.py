"""A whole purchase by keyboard alone: in Chromium, through gunicorn, with the worker's receipt at the end."""

import email
import email.policy
import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.functional.buyers import Books
from tests.functional.lived_in import LivedIn
from tests.support.keyboard import Keyboard
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until
from tests.support.witness import Witness
from tools.month import DEMO

pytestmark = pytest.mark.browser


@pytest.mark.long
def test_a_guest_buys_by_keyboard_alone_and_finds_the_order_again(
    page: Page, run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    site = run_site("myclothes", services, worker=True)
    books = Books(site)
    books.restock()
    books.print_coupon("WELCOME10", percent=10)
    witness, keys = Witness(page, site.url), Keyboard(page)
    page.goto(site.url)
    find_a_cardigan(keys)
    choose_and_add(keys, site)
    change_quantity(keys)
    number = order_as_guest(keys)
    pay(keys, number)
    track(keys, number)
    assert receipt(site, number)["To"] == "ida@example.org"
    (placed,) = books.orders()
    assert (placed.number, placed.discount_cents, placed.total_cents) == (number, 2780, 2 * 13900 - 2780)
    books.close()
    witness.check()


def find_a_cardigan(keys: Keyboard) -> None:
    page = keys.page
    keys.press(page.get_by_role("navigation", name="Shelves").get_by_role("link", name="Knitwear"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Knitwear")
    keys.write(page.get_by_label("Colour"), "Clay")
    keys.press(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("status")).to_have_text("1 of 6 pieces")
    keys.press(page.get_by_role("link", name="Library cardigan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Library cardigan")


def choose_and_add(keys: Keyboard, site: RunningSite) -> None:
    page = keys.page
    keys.press(page.get_by_role("link", name="Forest"))
    expect(page.get_by_role("img", name="Library cardigan in forest")).to_be_visible()
    expect(page).to_have_url(f"{site.url}/products/library-cardigan?colour=forest")
    # The link itself was replaced by its like.
    expect(page.get_by_role("link", name="Forest")).to_be_focused()
    keys.choose(page.locator(".size__choice:enabled").first, page.get_by_role("radio", name="L", exact=True))
    keys.press(page.get_by_role("button", name="Add to cart"))
    expect(page.get_by_role("status")).to_contain_text("Library cardigan in forest, size L, is in your cart.")
    keys.keeps_its_place()


def change_quantity(keys: Keyboard) -> None:
    page = keys.page
    keys.write(page.get_by_label("Quantity of Library cardigan"), "2")
    keys.press(page.get_by_role("button", name="Update"))
    expect(page.get_by_role("link", name="Cart 2 pieces")).to_be_visible()
    expect(page.locator(".sum__total")).to_contain_text("€278.00")
    keys.keeps_its_place()
    keys.press(page.get_by_role("link", name="Check out"))


def order_as_guest(keys: Keyboard) -> str:
    """The total is shown first, with what the coupon takes off, and only then is there something to order."""
    page = keys.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Check out")
    for label, text in (
        ("E-mail", "ida@example.org"),
        ("Full name", "Ida Rhodes"),
        ("Street and number", "Linke Wienzeile 6"),
        ("Postal code", "1060"),
        ("City", "Vienna"),
        ("Country", "Austria"),
        ("Coupon", "welcome10"),
    ):
        keys.write(page.get_by_label(label), text)
    keys.press(page.get_by_role("button", name="Show the total"))
    expect(page.locator(".sum__total")).to_contain_text("€250.20")
    return place(keys)


def place(keys: Keyboard) -> str:
    keys.press(keys.page.get_by_role("button", name="Place order and pay"))
    expect(keys.page).to_have_url(re.compile("/payment"))
    return keys.page.locator(".order-number").first.inner_text()


def pay(keys: Keyboard, number: str) -> None:
    """With the first of the test cards, which pays."""
    page = keys.page
    keys.choose(page.get_by_role("radio").first, page.get_by_role("radio").first)
    keys.press(page.get_by_role("button", name="Pay"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    expect(page.locator(".order-number")).to_have_text(number)


def track(keys: Keyboard, number: str) -> None:
    """In another browser, with nothing but what the receipt says."""
    page = keys.page
    expect(page.get_by_role("link", name="Cart", exact=True)).to_be_visible()
    page.context.clear_cookies()
    keys.press(page.get_by_role("link", name="Find your order"))
    keys.write(page.get_by_label("Order number"), number.lower())
    keys.write(page.get_by_label("E-mail"), "ida@example.org")
    page.keyboard.press("Enter")
    expect(page.locator(".order-number")).to_have_text(number)
    expect(page.locator(".state")).to_have_text("Paid")


def receipt(site: RunningSite, number: str) -> EmailMessage:
    folder = site.plan.settings.data_dir / "mail"
    (file,) = wait_until(lambda: list(folder.glob("*.eml")), 30)
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == f"Your order {number}"
    return message


@pytest.mark.long
def test_a_customer_buys_by_keyboard_alone_and_sends_it_to_another_address(page: Page, lived_in: LivedIn) -> None:
    witness, keys = Witness(page, lived_in.url), Keyboard(page)
    page.goto(lived_in.url)
    keys.press(page.get_by_role("link", name="Sign in"))
    keys.write(page.get_by_label("E-mail"), DEMO.email)
    keys.write(page.get_by_label("Password"), DEMO.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dana Demo")
    keys.press(page.get_by_role("navigation", name="Shelves").get_by_role("link", name="Shoes"))
    keys.press(page.get_by_role("link", name="Penny loafers"))
    sizes = page.locator(".size__choice:enabled")
    keys.choose(sizes.first, sizes.last)
    keys.press(page.get_by_role("button", name="Add to cart"))
    keys.press(page.get_by_role("link", name="Check out"))
    keys.press(page.get_by_text("Use another address of yours"))
    keys.press(page.get_by_role("link", name="Torstraße"))
    expect(page.get_by_label("City")).to_have_value("Berlin")
    number = place(keys)
    pay(keys, number)
    keys.press(page.get_by_role("link", name="All your orders"))
    keys.press(page.get_by_role("link", name=number))
    expect(page.get_by_text("Torstraße 140")).to_be_visible()
    witness.check()
