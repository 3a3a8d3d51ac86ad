"""Bars of parts as a small SVG, legible on light and dark pages."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 760, 190, 60, 22, 14, 46
COLOURS = ("#8a8f98", "#c2453a", "#d98e04", "#2f7dd1", "#3a9a5b", "#8a5cc2", "#4a4f57")
STYLE = """text { font: 13px system-ui, sans-serif; fill: #1d2127 }
@media (prefers-color-scheme: dark) { text { fill: #e6e8eb } }"""


def draw(file: Path, title: str, bars: Mapping[str, Mapping[str, float]], unit: str) -> None:
    """One bar for each name, cut into its parts; all parts are named once above them."""
    parts = list(dict.fromkeys(part for bar in bars.values() for part in bar))
    scale = (WIDTH - LEFT - RIGHT) / max(sum(bar.values()) for bar in bars.values())
    height = TOP + len(bars) * (BAR + GAP)
    shapes = [*_legend(parts)]
    for row, (name, bar) in enumerate(bars.items()):
        shapes += _bar(name, bar, TOP + row * (BAR + GAP), scale, parts, unit)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    file.write_text(
        "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *shapes, "</svg>\n"])
    )


def _legend(parts: list[str]) -> list[str]:
    shapes, x = [], 0
    for part, colour in zip(parts, COLOURS, strict=False):
        shapes.append(f'<rect x="{x}" y="4" width="12" height="12" fill="{colour}"/>')
        shapes.append(f'<text x="{x + 18}" y="15">{escape(part)}</text>')
        x += 40 + 8 * len(part)
    return shapes


def _bar(name: str, bar: Mapping[str, float], y: int, scale: float, parts: list[str], unit: str) -> list[str]:
    shapes, x = [f'<text x="0" y="{y + 16}">{escape(name)}</text>'], float(LEFT)
    for part, value in bar.items():
        told = f"{escape(part)}: {value:.1f} {unit}"
        place = f'x="{x:.1f}" y="{y}" width="{value * scale:.1f}" height="{BAR}"'
        shapes.append(f'<rect {place} fill="{COLOURS[parts.index(part)]}"><title>{told}</title></rect>')
        x += value * scale
    return [*shapes, f'<text x="{x + 6:.1f}" y="{y + 16}">{sum(bar.values()):.1f} {unit}</text>']
