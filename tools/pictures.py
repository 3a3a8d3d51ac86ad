"""Take the documentation's pictures of the three sites that `make run` serves on this machine: `make pictures`."""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SITES = {
    "whatisthetime": ("WHATISTHETIME_PORT", 8001, "/?zone=Asia/Seoul"),
    "myclothes": ("MYCLOTHES_PORT", 8002, "/"),
    "mywordpress": ("MYWORDPRESS_PORT", 8003, "/"),
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
                picture_site(browser, name)
        except Error as error:
            print(f"{name}: {error.message.splitlines()[0]}. Is `make run` running?", file=sys.stderr)
            return 1
    return 0


def picture_site(browser: Browser, name: str) -> None:
    """Four pictures of one site's front page."""
    variable, port, path = SITES[name]
    address = f"http://127.0.0.1:{os.environ.get(variable, port)}{path}"
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.goto(address, wait_until="networkidle")
            keep(page, FOLDER / f"{name}-{size}-{scheme}.webp")
            page.close()


def keep(page: Page, path: Path) -> None:
    """What the window shows, as a small file."""
    Image.open(io.BytesIO(page.screenshot())).save(path, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    sys.exit(main())
