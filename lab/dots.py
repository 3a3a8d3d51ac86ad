"""Figures that are far apart as dots on a logarithmic axis: a small SVG, legible on light and dark pages."""

import math
from collections.abc import Mapping
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT, ROW, LINE = 760, 80, 40, 38, 20
# Told by their shapes as well.
MARKS = (("●", "#c2453a"), ("◆", "#d98e04"), ("■", "#2f7dd1"), ("▲", "#8a8f98"), ("★", "#3a9a5b"))
STYLE = """text { font: 13px system-ui, sans-serif; fill: #1d2127 }
.mark { font-size: 17px; text-anchor: middle }
.tick { text-anchor: middle }
path { stroke: #8a8f98; stroke-opacity: .4 }
@media (prefers-color-scheme: dark) { text { fill: #e6e8eb } }"""


def draw(file: Path, title: str, rows: Mapping[str, Mapping[str, float]], unit: str) -> None:
    """A row of dots for each name; each of them is named once above all."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    top, values = len(names) * LINE + 16, [value for row in rows.values() for value in row.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    bottom = top + len(rows) * ROW
    places = {10**power: LEFT + (WIDTH - LEFT - RIGHT) * (power - low) / (high - low) for power in range(low, high + 1)}
    shapes = [*_legend(names), *_grid(places, top, bottom, unit)]
    for number, (name, row) in enumerate(rows.items()):
        y = top + number * ROW + ROW / 2
        shapes.append(f'<text x="0" y="{y + 5:g}">{escape(name)}</text>')
        for told, value in row.items():
            x = LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(value) - low) / (high - low)
            shapes.append(_mark(names.index(told), x, y + 6, f"{told}: {value:,.0f} {unit}"))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 30}" role="img">'
    file.write_text(
        "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *shapes, "</svg>\n"])
    )


def _legend(names: list[str]) -> list[str]:
    shapes = []
    for number, name in enumerate(names):
        y = 15 + number * LINE
        shapes += [_mark(number, 8, y + 1, name), f'<text x="24" y="{y}">{escape(name)}</text>']
    return shapes


def _grid(places: Mapping[int, float], top: int, bottom: int, unit: str) -> list[str]:
    shapes = [f'<text x="0" y="{bottom + 18}">{escape(unit)}</text>']
    for value, x in places.items():
        shapes.append(f'<path d="M{x:.1f} {top}V{bottom}"/>')
        shapes.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 18}">{value:,}</text>')
    return shapes


def _mark(number: int, x: float, y: float, told: str) -> str:
    shape, colour = MARKS[number]
    place = f'x="{x:.1f}" y="{y:.1f}" style="fill: {colour}"'
    return f'<text class="mark" {place}>{shape}<title>{escape(told)}</title></text>'
