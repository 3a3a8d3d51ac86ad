"""The colours of the day bands: night, awake and work are told apart at a glance, and from the page."""

import re
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from apps.whatisthetime import SITE

STATIC = Path(__file__).parents[3] / SITE.package.replace(".", "/") / "static"
# So far apart in OKLab that nobody needs to look twice; what is beside white is seen sooner than what is beside black.
FAR = {"light": 0.05, "dark": 0.1}


def colours(theme: str) -> dict[str, str]:
    """All that the stylesheets define for a theme, by name."""
    text = (STATIC / "site.css").read_text() + (STATIC / "bands.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: light if theme == "light" else dark for name, light, dark in pairs}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def contrast(one: str, other: str) -> float:
    """As WCAG has it."""
    low, high = sorted(sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), linear(each))) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_parts_of_a_day_are_told_apart_at_a_glance(theme: str) -> None:
    found = colours(theme)
    near = {
        (one, other)
        for one, other in combinations(("paper", "night", "free", "work"), 2)
        if dist(oklab(found[one]), oklab(found[other])) < FAR[theme]
    }
    assert near == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hours_can_be_read_on_every_part_of_a_day(theme: str) -> None:
    found = colours(theme)
    assert min(contrast(found["band-ink"], found[part]) for part in ("night", "free", "work")) > 4.5
