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
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support.looks import Scheme, look
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

PATHS = [
    "/?zone=Asia/Seoul",
    "/world",
    "/zones",
    "/zones/Europe/London",
    "/zones/Seul",
    "/search?q=IST",
    "/convert",
    "/meet",
    "/api",
    "/whoami",
]
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
    page.route("**/api/sync", lambda route: route.abort())
    page.goto(f"{site.url}/?zone=Europe/London")
    expect(page.locator(".face__date")).to_have_text(re.compile("Sunday 28 March 2027"), timeout=8000)
    assert shown(page).startswith("01:00:")


def test_a_city_is_suggested_added_moved_and_removed(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/world?zones=Europe/Lisbon")
    field = page.get_by_label("Add a city or zone")
    field.press_sequentially("seou")
    expect(page.locator("datalist option[value='Asia/Seoul']")).to_have_text("Seoul, South Korea")
    field.fill("Asia/Seoul")
    field.press("Enter")
    expect(page).to_have_url(f"{site.url}/world?zones=Europe/Lisbon,Asia/Seoul#Asia/Seoul")
    page.get_by_role("link", name="Move Seoul up").click()
    expect(page).to_have_url(f"{site.url}/world?zones=Asia/Seoul,Europe/Lisbon#Asia/Seoul")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Seoul", exact=True)).to_be_focused()
    page.get_by_role("link", name="Remove Lisbon").click()
    expect(page.locator(".city__name")).to_have_text(["Seoul"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Seoul", exact=True)).to_be_focused()


def test_the_world_clock_needs_no_javascript(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/world?zones=Europe/Lisbon&lang=en")
        page.get_by_label("Add a city or zone").fill("seoul")
        page.get_by_role("button", name="Add").click()
        page.get_by_role("link", name="Remove Lisbon").click()
        expect(page.locator(".city__name")).to_have_text(["Seoul"])
        expect(page.get_by_role("link", name="Look again")).to_be_visible()


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
    # What the page still asks for must not fail with it.
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize(
    ("scheme", "locale"), [("light", "ko-KR"), pytest.param("dark", "en-GB", marks=pytest.mark.long)]
)
def test_all_pages_are_accessible_quiet_and_fit_a_phone(
    browser: Browser, site: RunningSite, scheme: Scheme, locale: str
) -> None:
    hosts: set[str | None] = set()
    complaints: list[str] = []
    with browser.new_context(color_scheme=scheme, locale=locale) as context:
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in PATHS:
            page.goto(site.url + path)
            # 598 rows are alike, and axe takes a while for each.
            page.evaluate("document.querySelectorAll('.area__zones li:nth-child(n+4)').forEach((row) => row.remove())")
            look(page, (390, scheme))
            # What a page asks for later, it asks for before it rests.
            page.wait_for_load_state("networkidle")
        assert context.cookies() == []
    assert hosts == {"127.0.0.1"}
    # Chromium itself notes the one page that is a 404 on purpose.
    assert [text for text in complaints if "404" not in text] == []


def test_an_open_page_stays_on_time(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/?zone=UTC")
    before = page.evaluate("performance.now()")
    # A busy main thread delays ticks; the dial must be right again with the next one.
    page.evaluate("() => { const end = performance.now() + 2500; while (performance.now() < end); }")
    assert page.evaluate("performance.now()") - before >= 2500
    wait_until(lambda: shown(page) == time.strftime("%H:%M:%S", time.gmtime()))
