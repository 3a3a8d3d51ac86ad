"""Dots on a logarithmic axis."""

import re
from pathlib import Path

from lab import dots


def test_ten_times_as_much_stands_as_far_to_the_right_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "speed.svg"
    dots.draw(file, "Speed", {"home": {"slow": 10, "quick": 100}, "post": {"slow": 20, "quick": 2000}}, "pages/s")
    found = re.findall(r'class="mark" x="([0-9.]+)"[^>]*>.<title>(\w+): ([0-9,]+) pages/s', file.read_text())
    at = {int(value.replace(",", "")): float(x) for x, _, value in found}
    assert list(at) == [10, 100, 20, 2000]
    assert abs((at[100] - at[10]) * 2 - (at[2000] - at[20])) < 0.3


def test_names_are_escaped(tmp_path: Path) -> None:
    file = tmp_path / "speed.svg"
    dots.draw(file, "a < b", {"<script>": {"&": 3}}, "1/s")
    assert "<script>" not in file.read_text()
    assert "a &lt; b" in file.read_text()
