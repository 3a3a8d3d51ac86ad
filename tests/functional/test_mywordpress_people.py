"""People in Chromium: invited, signing in, and what an administrator sees of them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from apps.chassis import passwords
from apps.chassis.app import open_database
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from tests.support.looks import ON_A_PHONE, look
from tests.support.mails import link, mails_in
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
PAGES = [
    "/users",
    "/users/new",
    "/users/1",
    "/users/1/deletion",
    "/account",
    "/comments?status=all",
    "/comments/1/edit",
    "/comments/privacy",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A journal with its essays, its worker, and an administrator."""
    with RunningSite("mywordpress", tmp_path_factory.mktemp("mywordpress"), worker=True) as running:
        settings = Settings.from_environ({**running.plan.environ, "APP": "mywordpress"})
        database = open_database(SITE, settings)
        assert database is not None
        with transaction(database) as db:
            hashed = passwords.hash(PASSWORD)
            User.add(db, email="ada@example.com", name="Ada", password_hash=hashed, role=Role.ADMINISTRATOR)
        database.dispose()
        yield running


def sign_in(page: Page, site: RunningSite, email: str, password: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_is_invited_by_mail_and_comes(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "ada@example.com", PASSWORD)
    page.goto(f"{site.url}/users/new")
    page.get_by_label("Name").fill("Cy Young")
    page.get_by_label("E-mail").fill("cy@example.com")
    page.get_by_label("Role").select_option("contributor")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("listitem").filter(has_text="cy@example.com")).to_contain_text("Invited")
    folder = site.var / "mywordpress" / "mail"
    wait_until(lambda: mails_in(folder) != [], 30)
    page.goto(site.url + link(mails_in(folder)[0]))
    page.get_by_label("New password").fill("a password of my own")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("status")).to_contain_text("Please sign in")
    sign_in(page, site, "cy@example.com", "a password of my own")
    expect(page.get_by_role("heading", name="Posts")).to_be_visible()
    expect(page.get_by_role("link", name="Users")).to_have_count(0)


def test_a_program_gets_a_password_that_is_shown_once(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "ada@example.com", PASSWORD)
    page.goto(f"{site.url}/account")
    page.get_by_label("Name of the program").fill("An editor")
    page.get_by_role("button", name="Make a password").click()
    expect(page.locator(".secret")).to_have_text(re.compile(r"^([A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4}$"))
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("button", name="Revoke An editor").click()
    expect(page.get_by_role("status")).to_contain_text("revoked")


@pytest.mark.long
def test_what_administrators_see_is_accessible_and_fits(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "ada@example.com", PASSWORD)
    for path in PAGES:
        page.goto(site.url + path)
        look(page, *ON_A_PHONE)
