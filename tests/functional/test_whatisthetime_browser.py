"""The time site as a visitor sees it: in Chromium, from gunicorn."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

PATHS = ["/?zone=Asia/Seoul", "/zones?q=korea", "/zones/Europe/London", "/api", "/?zone=Seul", "/whoami"]
DIAL = ".dial [data-part=seconds]"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for all visitors: it keeps nothing that one could leave to the next."""
    with RunningSite("whatisthetime", tmp_path_factory.mktemp("whatisthetime")) as running:
        yield running


@pytest.fixture
def seoul(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor in Seoul."""
    with browser.new_context(timezone_id="Asia/Seoul") as context:
        yield context


def shown(page: Page) -> str:
    """The time on the dial, read at one instant."""
    return str(
        page.evaluate("[...document.querySelectorAll('.dial [data-part]')].map(part => part.textContent).join(':')")
    )


def true_time(site: RunningSite, zone: str) -> str:
    with urlopen(f"{site.url}/api/timezone/{zone}", timeout=5) as answer:
        return str(json.load(answer)["datetime"])[11:19]


def test_the_seconds_tick_one_by_one(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=Asia/Seoul")
    page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(() => window.seen.push(document.querySelector(".dial [data-part=seconds]").textContent))
            .observe(document.querySelector(".dial"), {subtree: true, childList: true, characterData: true});
    }""")
    wait_until(lambda: len(set(page.evaluate("window.seen"))) >= 4, 8)
    seconds = [int(text) for text in dict.fromkeys(page.evaluate("window.seen"))]
    assert all((later - earlier) % 60 == 1 for earlier, later in pairwise(seconds))


def test_the_dial_follows_the_server_and_not_the_visitors_clock(browser: Browser, site: RunningSite) -> None:
    with browser.new_context() as context:
        # Only what reads the wall clock is set wrong; timers and the monotonic clock stay.
        context.add_init_script("const now = Date.now; Date.now = () => now() - 7200000;")
        page = context.new_page()
        page.goto(f"{site.url}/?zone=Asia/Seoul")
        wait_until(lambda: shown(page) == true_time(site, "Asia/Seoul"))


def test_a_visitor_sees_their_own_zone_first(seoul: BrowserContext, site: RunningSite) -> None:
    page = seoul.new_page()
    page.goto(f"{site.url}/")
    expect(page).to_have_url(f"{site.url}/?zone=Asia/Seoul")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Seoul")
    page.goto(f"{site.url}/?zone=Europe/Lisbon")
    page.get_by_role("link", name="Your zone").click()
    expect(page).to_have_url(f"{site.url}/?zone=Asia/Seoul")


def test_a_zone_is_chosen_with_the_keyboard_alone(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=UTC")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("City or zone")).to_be_focused()
    page.keyboard.type("kathmandu")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/?zone=Asia/Kathmandu")
    expect(page.locator(".face__where")).to_contain_text("UTC+05:45")


def test_without_javascript_the_servers_time_is_shown(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/?zone=UTC")
        expect(page.locator(".face__still")).to_be_visible()
        dial = page.locator(".dial").get_attribute("datetime")
        assert dial is not None
        assert abs((datetime.fromisoformat(dial) - datetime.now(UTC)).total_seconds()) < 5
        page.get_by_label("City or zone").fill("Asia/Seoul")
        page.get_by_role("button", name="Show time").click()
        expect(page.locator(".face__where")).to_contain_text("UTC+09:00")


def test_the_date_turns_and_clocks_change_on_an_open_page(page: Page, site: RunningSite) -> None:
    # The page as it is two seconds before a change that puts clocks one hour forward at midnight.
    change = int(datetime(2027, 3, 28, tzinfo=UTC).timestamp())

    def before_the_change(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'data-now="[^"]*"', f'data-now="{change - 2}"', answer.text())
        body = re.sub(r'data-change-at="[^"]*"', f'data-change-at="{change}"', body)
        body = re.sub(r'data-offset="[^"]*"', 'data-offset="0"', body)
        body = re.sub(r'data-change-offset="[^"]*"', 'data-change-offset="3600"', body)
        route.fulfill(response=answer, body=body)

    page.route("**/?zone=Europe/London", before_the_change)
    page.goto(f"{site.url}/?zone=Europe/London")
    expect(page.locator(".face__date")).to_have_text(re.compile("Sunday 28 March 2027"), timeout=8000)
    assert shown(page).startswith("01:00:")


def test_the_theme_is_kept_from_page_to_page(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=UTC")
    switch = page.get_by_role("button", name=re.compile("Theme"))
    switch.click()
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{site.url}/zones")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name=re.compile("Theme: dark")).click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_the_strip_tells_who_served_the_page(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=UTC")
    strip = page.get_by_role("complementary", name="Architecture")
    expect(strip).to_contain_text("Instance")
    expect(strip).to_contain_text(re.compile(r"\d ms"))
    expect(strip.get_by_text("Database")).to_be_hidden()
    strip.get_by_role("link", name="Who served this?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who served this?")


def test_the_strip_asks_where_the_browser_hides_timings(page: Page, site: RunningSite) -> None:
    def under_another_name(route: Route) -> None:
        parts = urlsplit(route.request.url)
        route.fulfill(response=route.fetch(url=f"{site.url}{parts.path}?{parts.query}"))

    # A name that is not localhost on plain http, as an environment without a certificate has it.
    page.route("http://time.test/**", under_another_name)
    page.goto("http://time.test/?zone=UTC")
    assert page.evaluate("isSecureContext") is False
    strip = page.get_by_role("complementary", name="Architecture")
    expect(strip).to_contain_text("asked after this page")
    expect(strip.locator("[data-timing=instance] dd")).not_to_be_empty()


def test_no_page_asks_another_host_or_complains(page: Page, site: RunningSite) -> None:
    hosts: set[str | None] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("console", lambda message: complaints.append(message.text))
    for path in PATHS:
        page.goto(site.url + path, wait_until="networkidle")
    assert hosts == {"127.0.0.1"}
    # Chromium itself notes the one page that is a 404 on purpose.
    assert [text for text in complaints if "404" not in text] == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off_on_a_phone(
    browser: Browser, site: RunningSite, scheme: str
) -> None:
    serious = []
    with browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    ) as context:
        page = context.new_page()
        for path in PATHS:
            page.goto(site.url + path)
            found = Axe().run(page).response["violations"]
            serious += [(path, each["id"]) for each in found if each["impact"] in ("serious", "critical")]
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious == []


def test_an_open_page_stays_on_time(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=UTC")
    before = page.evaluate("performance.now()")
    # A busy main thread delays ticks; the dial must be right again with the next one.
    page.evaluate("() => { const end = performance.now() + 2500; while (performance.now() < end); }")
    assert page.evaluate("performance.now()") - before >= 2500
    wait_until(lambda: shown(page) == time.strftime("%H:%M:%S", time.gmtime()))
