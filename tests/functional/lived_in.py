"""A shop that somebody has bought in for weeks: one for all tests that only look, with its people and its orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from apps.chassis.database import Database
from tests.support.sites import RunningSite
from tools.month import Month, Somebody, live

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass(frozen=True)
class LivedIn:
    """Where the shop is, and what happened in it."""

    url: str
    month: Month

    @contextmanager
    def signed_in(self, browser: "Browser", who: Somebody) -> "Iterator[Page]":
        """A page of somebody who has just signed in."""
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{self.url}/sign-in")
            page.get_by_label("E-mail").fill(who.email)
            page.get_by_label("Password").fill(who.password)
            page.get_by_role("button", name="Sign in").click()
            yield page


@contextmanager
def running(var: Path) -> Iterator[LivedIn]:
    """Serve one, with the lessons in faults switched on."""
    with RunningSite("myclothes", var, {"FAULTS": "1"}) as site:
        database = Database(site.plan.settings.database_url)
        month = live(database, days=8)
        database.dispose()
        yield LivedIn(site.url, month)
