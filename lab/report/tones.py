"""Which colour a layer, a line or a part of a bar has, as a class of the style sheet."""

from collections.abc import Sequence

from lab.running.record import Series

TONES = 6


def tone(all_series: Sequence[Series], place: int) -> str:
    """Those that failed have colours of their own."""
    kind = "failed" if all_series[place].failed else "served"
    earlier = sum(series.failed == all_series[place].failed for series in all_series[:place])
    return f"{kind}-{earlier % TONES + 1}"
