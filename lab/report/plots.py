"""Plots as inline SVG: legible on light and dark pages, told in words, wide and narrow."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from lab.report import bars
from lab.report.scales import Size, decades, latency, ticks, told
from lab.report.tones import tone
from lab.running.record import Mark, Plot

TOP, BOTTOM, RIGHT = 26, 30, 14
SMALLEST = 0.1
DIGIT = 12


WIDE, NARROW = Size("wide", 960, 290, 52, 12), Size("narrow", 400, 270, 56, 5)
SIZES = (WIDE, NARROW)
SMALL = Size("small", 480, 96, 0, 0)


@dataclass(frozen=True)
class Frame:
    """Where the values of one drawing come to lie."""

    size: Size
    seconds: float

    @property
    def bottom(self) -> float:
        return self.size.height - (BOTTOM if self.size.left else 0)

    @property
    def top(self) -> float:
        return TOP if self.size.left else 0

    @property
    def right(self) -> float:
        return self.size.width - (RIGHT if self.size.left else 0)

    def x(self, second: float) -> float:
        return self.size.left + (self.right - self.size.left) * min(second, self.seconds) / self.seconds

    def y(self, part: float) -> float:
        """From 0 at the bottom to 1 at the top."""
        return self.bottom - (self.bottom - self.top) * part


def drawn(plot: Plot, marks: Sequence[Mark], size: Size, name: str, title: str, told_in_words: str) -> Markup:
    """One drawing; `name` tells it from all others on the page."""
    if plot.kind == "bars":
        size, shapes = bars.barred(plot, size)
    else:
        frame = Frame(size, max(len(series.values) for series in plot.series) * plot.step)
        shapes = [*_faults(frame, marks), *(_stacked if plot.kind == "stack" else _lined)(frame, plot)]
    head = Markup(
        '<svg class="plot plot--{0}" viewBox="0 0 {1} {2}" role="img" aria-labelledby="{3}-t {3}-d">'
        '<title id="{3}-t">{4}</title><desc id="{3}-d">{5}</desc>'
    ).format(size.name, size.width, size.height, name, title, told_in_words)
    return head + Markup("").join(shapes) + Markup("</svg>")


def _faults(frame: Frame, marks: Sequence[Mark]) -> Iterable[Markup]:
    free = 0.0
    for number, mark in enumerate(marks, 1):
        left, right = frame.x(max(0.0, mark.since)), frame.x(mark.since if mark.until is None else mark.until)
        yield Markup('<rect class="fault" x="{:.1f}" y="{}" width="{:.1f}" height="{:.1f}"/>').format(
            left, frame.top, max(right - left, 1.5), frame.bottom - frame.top
        )
        place, wide = max(left, free), DIGIT * len(str(number))
        # Where there are many, some numbers have no room.
        if frame.size.left and place <= right + wide:
            yield Markup('<text class="fault-number" x="{:.1f}" y="17">{}</text>').format(place, number)
            free = place + wide


def _stacked(frame: Frame, plot: Plot) -> Iterable[Markup]:
    columns = [sum(value or 0 for value in slot) for slot in zip(*(each.values for each in plot.series), strict=True)]
    scale = ticks(max(columns, default=1))
    yield from _axes(frame, [(tick / scale[-1], told(tick)) for tick in scale])
    base = [0.0] * len(columns)
    for place, series in enumerate(plot.series):
        path = []
        for slot, value in enumerate(series.values):
            if value:
                path.append(_column(frame, plot.step, slot, base[slot] / scale[-1], value / scale[-1]))
                base[slot] += value
        yield Markup('<path class="{}" d="{}"/>').format(tone(plot.series, place), "".join(path))
        # So that failures are told by more than their colour.
        if series.failed:
            yield Markup('<path fill="url(#hatch)" d="{}"/>').format("".join(path))
    yield from _hints(frame, plot, told)


def _column(frame: Frame, step: float, slot: int, base: float, part: float) -> str:
    left, right = frame.x(slot * step), frame.x((slot + 1) * step)
    low, high = frame.y(base), frame.y(base + part)
    return f"M{left + 0.5:.1f} {low:.1f}V{high:.1f}H{right - 0.5:.1f}V{low:.1f}z"


def _lined(frame: Frame, plot: Plot) -> Iterable[Markup]:
    values = [max(value, SMALLEST) for series in plot.series for value in series.values if value is not None]
    scale = decades(values)
    low, high = math.log10(scale[0]), math.log10(scale[-1])
    unit = latency if plot.unit == "ms" else told
    yield from _axes(frame, [((math.log10(tick) - low) / (high - low), unit(tick)) for tick in scale])
    for place, series in enumerate(plot.series):
        path, pen_up = [], True
        for slot, value in enumerate(series.values):
            if value is not None:
                part = (math.log10(max(value, SMALLEST)) - low) / (high - low)
                path.append(f"{'M' if pen_up else 'L'}{frame.x((slot + 0.5) * plot.step):.1f} {frame.y(part):.1f}")
            pen_up = value is None
        yield Markup('<path class="line line-{}" d="{}"/>').format(place + 1, "".join(path))
    yield from _hints(frame, plot, lambda value: f"{told(value)} {plot.unit}")


def _axes(frame: Frame, rows: Iterable[tuple[float, str]]) -> Iterable[Markup]:
    """Lines across, with their figures, and the seconds below."""
    if not frame.size.left:
        return
    for part, text in rows:
        y = frame.y(part)
        yield Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(frame.size.left, y, frame.right)
        yield Markup('<text class="tick tick--y" x="{}" y="{:.1f}">{}</text>').format(frame.size.left - 8, y + 4, text)
    for second in ticks(frame.seconds, frame.size.most_ticks):
        if second <= frame.seconds:
            yield Markup('<text class="tick tick--x" x="{:.1f}" y="{:.1f}">{} s</text>').format(
                frame.x(second), frame.bottom + 19, told(second)
            )


def _hints(frame: Frame, plot: Plot, unit: Callable[[float], str]) -> Iterable[Markup]:
    """What a pointer that rests on a moment is told."""
    for slot in range(len(plot.series[0].values) if frame.size.left else 0):
        found = [(each.name, each.values[slot]) for each in plot.series]
        lines = [f"{slot * plot.step:g} s", *(f"{name}: {unit(value)}" for name, value in found if value)]
        left, right = frame.x(slot * plot.step), frame.x((slot + 1) * plot.step)
        yield Markup(
            '<rect class="hint" x="{:.1f}" y="{}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
        ).format(left, frame.top, right - left, frame.bottom - frame.top, escape("\n".join(lines)))
