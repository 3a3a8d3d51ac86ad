"""Outlines are written for one half: x counts from the garment's centre line, y from the top of the sheet."""

import re

CENTRE = 200.0
Segment = tuple[str, list[tuple[float, float]]]


def at(path: str) -> str:
    """The path as written, moved onto the sheet."""
    return _text(_segments(path))


def flip(path: str) -> str:
    """The path mirrored in the centre line."""
    return _text(_mirrored(_segments(path)))


def both(path: str) -> str:
    return at(path) + flip(path)


def whole(path: str) -> str:
    """One closed outline from its right half, which begins and ends on the centre line."""
    half = _segments(path)
    return _text(half) + _text(_mirrored(_reversed(half)), start=False) + "Z"


def _segments(path: str) -> list[Segment]:
    found: list[Segment] = []
    for command, numbers in re.findall(r"([MLQCZ])([^MLQCZ]*)", path):
        values = [float(number) for number in re.findall(r"-?\d+\.?\d*", numbers)]
        found.append((command, list(zip(values[::2], values[1::2], strict=True))))
    return found


def _mirrored(segments: list[Segment]) -> list[Segment]:
    return [(command, [(-x, y) for x, y in points]) for command, points in segments]


def _reversed(segments: list[Segment]) -> list[Segment]:
    ends = [points[-1] for _, points in segments]
    turned: list[Segment] = [("M", [ends[-1]])]
    for index in range(len(segments) - 1, 0, -1):
        command, points = segments[index]
        turned.append((command, [*points[:-1][::-1], ends[index - 1]]))
    return turned


def _text(segments: list[Segment], *, start: bool = True) -> str:
    kept = segments if start else segments[1:]
    return "".join(
        command + " ".join(f"{_short(x + CENTRE)} {_short(y)}" for x, y in points) for command, points in kept
    )


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
