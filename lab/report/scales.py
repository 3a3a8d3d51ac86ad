"""Axes: where the ticks stand, and how a figure is told."""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Size(NamedTuple):
    """Of a drawing, in its own units; `left` is kept for figures, and 0 where there is no room for any."""

    name: str
    width: int
    height: int
    left: int
    most_ticks: int


STEPS = (1, 2, 5, 10)
SECOND = 1000.0


def ticks(most: float, count: int = 4) -> list[float]:
    """Round numbers from 0 up, the last of which is not below `most`."""
    if most <= 0:
        return [0.0, 1.0]
    size = 10 ** math.floor(math.log10(most / count))
    step = next(size * each for each in STEPS if size * each * count >= most)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def decades(values: Sequence[float]) -> list[float]:
    """Powers of ten around all of these, which are above 0."""
    low = math.floor(math.log10(min(values, default=1.0)))
    high = max(low + 1, math.ceil(math.log10(max(values, default=10.0))))
    return [10.0**power for power in range(low, high + 1)]


def told(figure: float | None) -> str:
    """A figure with as many digits as are worth reading; what is none is a dash."""
    if figure is None or math.isnan(figure):
        return "–"
    if float(figure).is_integer():
        return f"{figure:,.0f}"
    return f"{figure:.2f}" if abs(figure) < 10 else f"{figure:,.1f}"


def latency(milliseconds: float) -> str:
    """A tick of a logarithmic axis."""
    return f"{milliseconds / SECOND:g} s" if milliseconds >= SECOND else f"{milliseconds:g} ms"
