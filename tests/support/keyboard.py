"""Somebody who has no mouse, and wants to see at every step where they are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_STEPS = 120
# Where the focus is, and whether it can be seen there: on the element itself, or on what stands for a hidden control.
FOCUS = """wanted => {
    const here = document.activeElement;
    if (!here || here === document.body) return {name: "", shown: false, there: false};
    const outlined = element => {
        const style = element && getComputedStyle(element);
        return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    };
    const box = here.getBoundingClientRect();
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return {
        name: `${here.tagName} ${here.id} ${here.textContent.trim().slice(0, 40)}`,
        shown: inside && (outlined(here) || outlined(here.nextElementSibling)),
        there: here === wanted,
    };
}"""
IN_MAIN = "element => Boolean(element.closest('main'))"


class Keyboard:
    """One page, by its keys alone."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def go(self, target: "Locator") -> None:
        """Press Tab until this has the focus; on the way it must be seen everywhere, and never lost."""
        if target.evaluate(IN_MAIN) and self.is_at_the_beginning():
            self.skip()
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            found = target.evaluate(FOCUS)
            # Behind the last element Chromium leaves the page once before it begins anew.
            assert found["shown"] or not found["name"], f"{found['name']!r} on {self.page.url} does not show its focus"
            if found["there"]:
                return
        raise AssertionError(f"{target} is not to be reached by Tab on {self.page.url}")

    def skip(self) -> None:
        """Leave out what every page begins with."""
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        # The focus follows the jump, which Chromium makes when it comes to it.
        self.page.wait_for_function("document.activeElement.id === 'main'")

    def is_at_the_beginning(self) -> bool:
        """Whether nothing has the focus, as on a page that has just been loaded."""
        return bool(self.page.evaluate("!document.activeElement || document.activeElement === document.body"))

    def keeps_its_place(self) -> None:
        """What was done has not thrown its doer back to the page's beginning."""
        assert not self.is_at_the_beginning(), f"the focus is lost on {self.page.url}"

    def press(self, target: "Locator", key: str = "Enter") -> None:
        """Go there and press it."""
        self.go(target)
        self.page.keyboard.press(key)

    def write(self, target: "Locator", text: str) -> None:
        """Go there and type in place of what is there; in a list that chooses the entry which begins so."""
        self.go(target)
        if target.evaluate("element => element.matches('input')"):
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, radios: "Locator", wanted: "Locator") -> None:
        """Go to a group of radio buttons and on by arrow to the one that is wanted."""
        self.go(radios)
        self.page.keyboard.press("Space")
        for _ in range(MOST_STEPS):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"{wanted} is not to be chosen on {self.page.url}")
