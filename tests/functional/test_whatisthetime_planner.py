"""Searching, converting and planning a meeting, as a visitor does in Chromium."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.sites import RunningSite

pytestmark = pytest.mark.browser

MEET = "/meet?zones=Europe/London,Asia/Seoul&day=2026-01-15"
PATHS = [
    "/search?q=IST",
    "/convert?from=Europe/London&to=Asia/Seoul&time=2026-10-25T01:30",
    "/convert?from=brazil",
    "/meet?zones=Europe/London,Asia/Kathmandu,America/Los_Angeles&day=2026-10-25&lang=ko",
    # Whatever somebody pastes is said again.
    *(f"{path}={64 * 'W'}" for path in ("/search?q", "/convert?from", "/meet?add", "/world?add")),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for all visitors: it keeps nothing that one could leave to the next."""
    with RunningSite("whatisthetime", tmp_path_factory.mktemp("whatisthetime")) as running:
        yield running


def shown(page: Page) -> list[str]:
    """The times at the needle, in the order of the people."""
    return page.locator("[data-shown-time]").all_text_contents()


def test_a_meeting_is_moved_with_the_keyboard_alone(page: Page, site: RunningSite) -> None:
    page.goto(site.url + MEET)
    # The first hours in which both are awake: from seven in London, four in the afternoon in Seoul.
    assert shown(page) == ["07:00", "16:00"]
    page.get_by_label("Time of the meeting").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert shown(page) == ["08:15", "17:15"]
    expect(page.locator("#slider")).to_have_attribute("aria-valuetext", "London 08:15, Seoul 17:15")
    expect(page).to_have_url(f"{site.url}{MEET}&at=2026-01-15T08:15Z")
    expect(page.locator("#share")).to_have_value(f"{site.url}{MEET}&at=2026-01-15T08:15Z")
    page.reload()
    assert shown(page) == ["08:15", "17:15"]


def test_a_band_shows_the_time_below_the_pointer_and_keeps_the_one_clicked(page: Page, site: RunningSite) -> None:
    page.goto(site.url + MEET)
    band = page.locator(".person .band").first
    box = band.bounding_box()
    assert box
    band.hover(position={"x": box["width"] * 0.752, "y": 20})
    assert shown(page) == ["18:00", "03:00"]
    expect(page.locator("[data-shown-part]").nth(1)).to_have_text("asleep")
    expect(page.locator("[data-shown-date]").nth(1)).to_contain_text("16")
    page.get_by_role("heading", level=1).hover()
    assert shown(page) == ["07:00", "16:00"]
    band.click(position={"x": box["width"] * 0.502, "y": 20})
    page.get_by_role("heading", level=1).hover()
    assert shown(page) == ["12:00", "21:00"]
    expect(page).to_have_url(f"{site.url}{MEET}&at=2026-01-15T12:00Z")


def test_days_turn_again_and_again_with_one_key(page: Page, site: RunningSite) -> None:
    page.goto(site.url + MEET)
    page.get_by_role("link", name="The day after").press("Enter")
    for day in (17, 18):
        expect(page.locator(".days__day time")).to_have_attribute("datetime", f"2026-01-{day - 1}")
        page.keyboard.press("Enter")
        expect(page.locator(".days__day time")).to_have_attribute("datetime", f"2026-01-{day}")
    assert page.evaluate("scrollY") == 0


def test_a_day_of_25_hours_shows_its_hour_twice(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/meet?zones=Europe/London&day=2026-10-25&at=2026-10-25T00:45Z")
    assert shown(page) == ["01:45"]
    page.get_by_label("Time of the meeting").press("ArrowRight")
    assert shown(page) == ["01:00"]


def test_all_of_it_goes_without_javascript(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/meet?zones=Europe/London")
        page.get_by_label("Add a city or zone").fill("부산")
        page.locator("#day").fill("2026-01-15")
        page.get_by_role("button", name="Plan").click()
        expect(page.locator(".person__city")).to_have_text(["London", "Seoul"])
        page.get_by_label("Time in London").select_option("08:30")
        page.get_by_role("button", name="Show").click()
        assert shown(page) == ["08:30", "17:30"]
        page.get_by_role("link", name="Put Seoul first").click()
        assert shown(page) == ["17:30", "08:30"]
        page.get_by_role("link", name="Remove London").click()
        expect(page.locator(".person__city")).to_have_text(["Seoul"])
        page.goto(f"{site.url}/convert?from=Asia/Seoul&to=Europe/Paris&time=2026-01-15T09:00")
        page.get_by_role("link", name="Convert from Paris").click()
        expect(page.locator(".line__time")).to_have_text(["01:00", "09:00"])


def test_a_visitors_own_zone_comes_first(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(timezone_id="Asia/Seoul") as context:
        page = context.new_page()
        page.goto(f"{site.url}/meet?lang=ko")
        expect(page.locator(".person__city")).to_have_text(["서울", "런던", "뉴욕"])
        page.goto(f"{site.url}/convert")
        expect(page.get_by_label("In", exact=True)).to_have_value("Asia/Seoul")


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser: Browser, site: RunningSite, scheme: str, width: int) -> None:
    found = []
    with browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    ) as context:
        page = context.new_page()
        for path in PATHS:
            page.goto(site.url + path)
            found += [(path, each["id"]) for each in Axe().run(page).response["violations"]]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
