"""Each site in Chromium, through the balancer, with everything behind it that production has."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from compose.control import Control
from tests.compose.people import instances_that_serve, site, stock
from tests.functional.test_myclothes_browser import ADDRESS
from tests.functional.test_mywordpress_browser import drop, is_drawn
from tests.support.drawings import picture
from tests.support.waiting import wait_until
from tests.support.witness import Witness

pytestmark = [pytest.mark.compose, pytest.mark.browser]


def mails(control: Control, recipient: str) -> list[dict[str, object]]:
    """What the local SES was given for somebody."""
    accounts = json.loads(control.execute("cloud", "/opt/cloud/mail"))["messages"]
    return [mail for sent in accounts.values() for mail in sent if recipient in str(mail["To"])]


def test_the_time_is_told_by_an_instance_of_either_zone(page: Page, architecture: Control) -> None:
    url = architecture.plan.url("whatisthetime")
    witness = Witness(page, url)
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-timing=instance] dd")).to_have_text(re.compile("whatisthetime-[12]"))
    witness.check()
    assert instances_that_serve(site(architecture, "whatisthetime"), "/") == {"whatisthetime-1", "whatisthetime-2"}


def test_what_was_bought_is_confirmed_and_its_receipt_comes_by_the_queue(page: Page, architecture: Control) -> None:
    stock(architecture, 1000, 10)
    url = architecture.plan.url("myclothes")
    witness = Witness(page, url)
    page.goto(f"{url}/products/half-moon-bag?colour=ink")
    page.get_by_role("radio", name="One size").check()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    for label, text in ADDRESS.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Country").select_option("AT")
    page.get_by_role("button", name="Show the total").click()
    page.get_by_role("button", name="Place order and pay").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    expect(page.locator(".state")).to_have_text("Paid")
    witness.check()
    wait_until(lambda: mails(architecture, ADDRESS["E-mail"]), 90)


def test_a_post_and_its_picture_are_seen_on_every_instance(page: Page, architecture: Control, tmp_path: Path) -> None:
    url, journal = architecture.plan.url("mywordpress"), site(architecture, "mywordpress")
    photo = tmp_path / "field.jpg"
    photo.write_bytes(picture(size=(1800, 1200)))
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(DEMO_EMAIL)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Title").fill("On fields between two zones")
    page.get_by_label("Text").fill("It was **green**.\n\n")
    drop(page, photo)
    expect(page.get_by_label("Text")).to_have_value(re.compile(r"!\[\]\(/media/[0-9a-f/]+\.jpg\)"))
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On fields between two zones")
    image = page.locator(".prose img")
    wait_until(lambda: is_drawn(image))
    source = image.get_attribute("src") or ""
    assert instances_that_serve(journal, source) == {"mywordpress-1", "mywordpress-2"}
    address = page.url.removeprefix(url)
    assert instances_that_serve(journal, address) == {"mywordpress-1", "mywordpress-2"}

    def has_renditions() -> bool:
        page.goto(f"{url}{address}")
        return image.get_attribute("srcset") is not None

    wait_until(has_renditions, 60)
