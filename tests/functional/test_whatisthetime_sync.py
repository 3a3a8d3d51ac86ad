"""How the pages of the time site find true time, in Chromium, from gunicorn."""

import re
import time
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

TICKS = """() => {
    window.ticks = [];
    const part = document.querySelector(".dial [data-part=seconds]");
    new MutationObserver(() => window.ticks.push([performance.now(), Number(part.textContent)]))
        .observe(part, {childList: true, characterData: true, subtree: true});
}"""
SECONDS_OPEN = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for all visitors: it keeps nothing that one could leave to the next."""
    with RunningSite("whatisthetime", tmp_path_factory.mktemp("whatisthetime")) as running:
        yield running


def visitor(browser: Browser, ahead_seconds: float) -> BrowserContext:
    """Somebody whose device's clock is set wrong. Timers and the monotonic clock go on as they are."""
    context = browser.new_context(locale="en")
    context.add_init_script(f"const now = Date.now; Date.now = () => now() + {ahead_seconds * 1000};")
    return context


def monotonic_of(page: Page) -> float:
    """The Unix time at which the page's performance.now() was 0: by our own clock, which is the server's too."""
    found: list[tuple[float, float]] = []
    for _ in range(9):
        before = time.time()
        reading = page.evaluate("performance.now()")
        after = time.time()
        found.append((after - before, (before + after) / 2 - reading / 1000))
    return min(found)[1]


def wait_for_ticks(page: Page, count: int) -> None:
    wait_until(lambda: page.evaluate("window.ticks.length") >= count, count + 10)


def lateness(page: Page) -> list[float]:
    """How many seconds after the true beginning of its second each tick came; negative if it came before."""
    zero = monotonic_of(page)
    ticks: list[list[float]] = page.evaluate("window.ticks")
    return [_apart(zero + at / 1000, shown) for at, shown in ticks]


def _apart(unix: float, shown: float) -> float:
    """How far a moment lies behind the nearest one whose second is `shown`."""
    return (unix - shown + 30) % 60 - 30


def synced(page: Page) -> None:
    expect(page.locator("[data-sync-text]")).to_have_text(re.compile("Your clock is"))


def count_of(page: Page) -> list[str]:
    """The addresses of the samples that this page has asked for, kept up to date."""
    asked: list[str] = []

    def hear(request: Request) -> None:
        if request.url.endswith("/api/sync"):
            asked.append(request.url)

    page.on("request", hear)
    return asked


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.3, r"Your clock is 0\.[23]\d* s ahead \(± 0\.\d+ s\)\."),
        (-3600, r"^Your clock is 1 h behind\.$"),
        (3 * 3600 + 61, r"^Your clock is 3 h 1 min ahead\.$"),
        (64, r"^Your clock is 1 min 4 s ahead\.$"),
        (0, r"Your clock is (exact within 0\.\d+ s|0\.0\d* s (ahead|behind) \(± 0\.\d+ s\))\."),
    ],
)
def test_a_visitor_is_told_how_wrong_their_clock_is(
    browser: Browser, site: RunningSite, ahead: float, said: str
) -> None:
    with visitor(browser, ahead) as context:
        page = context.new_page()
        page.goto(f"{site.url}/?zone=Asia/Seoul")
        expect(page.locator("[data-sync-text]")).to_have_text(re.compile(said))


def test_the_ticks_come_on_time_whatever_the_visitors_clock_says(browser: Browser, site: RunningSite) -> None:
    with visitor(browser, 3600.4) as context:
        page = context.new_page()
        page.goto(f"{site.url}/?zone=UTC")
        synced(page)
        page.evaluate(TICKS)
        wait_for_ticks(page, 4)
        # The first ticks belong to the correction. A busy machine delays ticks, so the promptest tells.
        assert -0.05 < min(lateness(page)[2:]) < 0.05


@pytest.mark.long
def test_a_page_left_open_for_a_minute_is_right_to_50_ms(browser: Browser, site: RunningSite) -> None:
    with visitor(browser, -5400.7) as context:
        page = context.new_page()
        asked = count_of(page)
        page.goto(f"{site.url}/?zone=UTC")
        page.evaluate(TICKS)
        wait_for_ticks(page, SECONDS_OPEN)
        # The first ticks are those of the page's own moment, before anything was measured.
        late = lateness(page)[3:]
        shown = [int(second) for _, second in page.evaluate("window.ticks")]
        assert all((after - before) % 60 == 1 for before, after in pairwise(shown))
        assert min(late) > -0.05
        assert sorted(late)[int(len(late) * 0.9)] < 0.05
        assert abs(median(late[-10:])) < 0.05
        assert 1 <= len(asked) <= 8


def test_a_tab_asks_at_most_eight_times_a_minute_however_often_it_reloads(page: Page, site: RunningSite) -> None:
    asked = count_of(page)
    page.goto(f"{site.url}/?zone=UTC")
    synced(page)
    first = len(asked)
    assert 1 <= first <= 7
    for path in ("/?zone=Asia/Seoul", "/zones/Europe/London", "/?zone=UTC"):
        page.goto(site.url + path, wait_until="networkidle")
        synced(page)
        assert len(asked) == first
    # What a device's clock does when it wakes up or is set, more often than anybody's would.
    for hour in range(1, 13):
        page.evaluate(f"{{ const now = Date.now; Date.now = () => now() + {hour} * 3600000; }}")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.evaluate("fetch('/health/live')")
    assert len(asked) <= 8


def test_a_correction_skips_no_second_and_shows_none_twice(page: Page, site: RunningSite) -> None:
    page.route("**/api/sync", lambda route: route.abort())
    page.goto(f"{site.url}/?zone=UTC")
    page.evaluate(TICKS)
    for error in (1500, -1500):
        page.evaluate(f"window.clock.correct(window.clock.now() - performance.now() + {error})")
        known: int = page.evaluate("window.ticks.length")
        wait_for_ticks(page, known + 4)
    seconds = [int(second) for _, second in page.evaluate("window.ticks")]
    assert all((after - before) % 60 == 1 for before, after in pairwise(seconds))


def test_a_large_error_is_cured_at_once(page: Page, site: RunningSite) -> None:
    page.route("**/api/sync", lambda route: route.abort())
    page.goto(f"{site.url}/?zone=UTC")
    page.evaluate("window.clock.correct(Date.UTC(2030, 0, 1, 12, 30) - performance.now())")
    expect(page.locator(".dial [data-part=minutes]")).to_have_text("30")
    expect(page.locator(".face__date")).to_have_text("Tuesday 1 January 2030")


@pytest.mark.parametrize("answer", [{"status": 503, "body": "busy"}, {"status": 200, "body": "no time"}])
def test_without_an_answer_the_servers_time_goes_on(page: Page, site: RunningSite, answer: dict[str, Any]) -> None:
    asked = count_of(page)
    page.route("**/api/sync", lambda route: route.fulfill(**answer))
    page.goto(f"{site.url}/?zone=UTC")
    page.evaluate(TICKS)
    wait_for_ticks(page, 2)
    assert all(abs(each) < 0.5 for each in lateness(page))
    expect(page.locator("[data-sync]")).to_be_hidden()
    assert len(asked) == 1


def test_in_korean_the_visitors_clock_is_told_in_korean(browser: Browser, site: RunningSite) -> None:
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{site.url}/?zone=Asia/Seoul")
        expect(page.locator("[data-sync-text]")).to_have_text(re.compile(r"초"))
        expect(page.locator(".face__date")).to_have_text(re.compile(r"^\d{4}년 \d+월 \d+일 .요일$"))
