"""Take the documentation's pictures: `make pictures`.

The front pages are those of the sites that `make run` serves on this machine. For its inner pages MyClothes is served
once more, with a month behind it. The lab's summary is pictured where `make lab` has written one.
"""

import io
import os
import sys
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tools.lived_in import lived_in
from tools.month import DEMO, KEEPER, Month, Somebody

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
SUMMARY = ROOT / "var" / "lab" / "index.html"
SITES = {
    "whatisthetime": ("WHATISTHETIME_PORT", 8001, "/?zone=Asia/Seoul"),
    "myclothes": ("MYCLOTHES_PORT", 8002, "/"),
    "mywordpress": ("MYWORDPRESS_PORT", 8003, "/"),
}
# What the time site has besides: the page and its theme.
PAGES = {
    "meet": ("/meet?zones=Europe/London,America/New_York,Asia/Seoul&day=2026-11-23", "dark"),
    "zone": ("/zones/Europe/London?year=2026#year", "light"),
}
# What the journal has besides: the page, its theme, and who signs in.
WRITER = Somebody("author@mywordpress.test", "demo-words-2026")
JOURNAL: dict[str, tuple[str, str, Somebody | None]] = {
    "post": ("/?p=1", "light", None),
    "editor": ("/posts/1/edit", "light", WRITER),
    "library": ("/media", "dark", WRITER),
    "desk": ("/posts", "dark", WRITER),
}
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> int:
    """Picture every site, wide and narrow, in light and in dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            for name in SITES:
                picture_front(browser, name, address(name))
            if SUMMARY.exists():
                picture_front(browser, "lab", SUMMARY.as_uri())
            for name in PAGES:
                picture_page(browser, name)
            for name, (path, scheme, who) in JOURNAL.items():
                shown = address("mywordpress", path)
                picture(browser, shown, "desktop", scheme, FOLDER / f"mywordpress-{name}.webp", who)
            picture_shop(browser)
        except Error as error:
            print(f"{name}: {error.message.splitlines()[0]}. Is `make run` running?", file=sys.stderr)
            return 1
    return 0


def picture_front(browser: Browser, name: str, shown: str) -> None:
    """Four pictures of one address, as those of this name."""
    for size in SIZES:
        for scheme in ("light", "dark"):
            picture(browser, shown, size, scheme, FOLDER / f"{name}-{size}-{scheme}.webp")


def picture_page(browser: Browser, name: str) -> None:
    """One picture of another page."""
    path, scheme = PAGES[name]
    picture(browser, address("whatisthetime", path), "desktop", scheme, FOLDER / f"whatisthetime-{name}.webp")


def picture_shop(browser: Browser) -> None:
    """A product, an order as its customer sees it, and what is behind the counter."""
    with lived_in() as (url, month):
        for name, (path, scheme, who) in inner_pages(month).items():
            picture(browser, url + path, "desktop", scheme, FOLDER / f"myclothes-{name}.webp", who)


def inner_pages(month: Month) -> dict[str, tuple[str, str, Somebody | None]]:
    """Path, theme, and who signs in."""
    return {
        "product": ("/products/crossing-overcoat", "light", None),
        "order": (f"/orders/{month.orders['shipped']}", "dark", DEMO),
        "counter": ("/admin", "light", KEEPER),
        "counter-order": (f"/admin/orders/{month.orders['packed']}", "light", KEEPER),
        "architecture": ("/architecture", "dark", None),
    }


def address(site: str, path: str | None = None) -> str:
    """Where `make run` serves a page of a site; without a path its front page."""
    variable, port, front = SITES[site]
    return f"http://127.0.0.1:{os.environ.get(variable, port)}{path or front}"


def picture(browser: Browser, shown: str, size: str, scheme: str, path: Path, who: Somebody | None = None) -> None:
    """One address in a window of that size and theme, as somebody sees it who has signed in there."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    if who:
        sign_in(page, urljoin(shown, "/sign-in"), who)
    page.goto(shown, wait_until="networkidle")
    keep(page, path)
    page.close()


def sign_in(page: Page, form: str, who: Somebody) -> None:
    page.goto(form)
    page.get_by_label("E-mail").fill(who.email)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()


def keep(page: Page, path: Path) -> None:
    """What the window shows, as a small file."""
    Image.open(io.BytesIO(page.screenshot())).save(path, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    sys.exit(main())
