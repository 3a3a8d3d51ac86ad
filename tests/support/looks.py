"""How a page looks to those who need more than a picture of it, in several widths and themes."""

from typing import TYPE_CHECKING, Literal

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
# Only what a test asks about leaves the browser: the whole of axe's answer takes longer than its work.
# A new theme fades in, and a colour half way would be judged as if it stayed.
FIND = """async () => {
    const fading = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < Infinity);
    fading.forEach(each => each.finish());
    const found = await axe.run(document, {resultTypes: ["violations"]});
    const serious = found.violations.filter(each => ["serious", "critical"].includes(each.impact));
    return {
        passed: found.passes.length,
        serious: serious.map(each => `${each.id}: ${each.nodes[0].html}`),
        width: document.documentElement.scrollWidth,
    };
}"""
HEIGHT = 844
ON_A_PHONE: tuple[tuple[int, Scheme], ...] = ((390, "light"), (390, "dark"))


def look(page: "Page", *looks: tuple[int, Scheme]) -> None:
    """Nothing is serious for axe and nothing wider than the window, at each width in its theme; loads nothing again."""
    page.evaluate(Axe().axe_script)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(FIND)
        where = f"{page.url} {width} {scheme}"
        assert found["passed"], where
        assert found["serious"] == [], where
        assert found["width"] <= width, where
