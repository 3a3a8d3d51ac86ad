"""One bar for each row, cut into its parts."""

from collections.abc import Sequence

from markupsafe import Markup

from lab.report.scales import Size, told
from lab.report.tones import tone
from lab.running.record import Plot

HIGH, GAP, ROOM = 24, 40, 74


def barred(plot: Plot, size: Size) -> tuple[Size, Sequence[Markup]]:
    """The shapes, and the size that all rows take together. A name stands above its bar, and the sum behind it."""
    most = max(sum(series.values[row] or 0 for series in plot.series) for row in range(len(plot.rows)))
    scale = (size.width - ROOM) / (most or 1)
    shapes = [shape for row in range(len(plot.rows)) for shape in _bar(plot, row, row * (HIGH + GAP), scale)]
    return size._replace(height=len(plot.rows) * (HIGH + GAP)), shapes


def _bar(plot: Plot, row: int, top: int, scale: float) -> list[Markup]:
    shapes = [Markup('<text class="row-name" x="0" y="{}">{}</text>').format(top + 14, plot.rows[row])]
    left = 0.0
    for place, series in enumerate(plot.series):
        value = series.values[row] or 0
        shapes.append(
            Markup(
                '<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"><title>{}: {} {}</title></rect>'
            ).format(tone(plot.series, place), left, top + 22, value * scale, HIGH, series.name, told(value), plot.unit)
        )
        left += value * scale
    end = Markup('<text x="{:.1f}" y="{}">{} {}</text>').format(left + 6, top + 39, told(left / scale), plot.unit)
    return [*shapes, end]
