"""Figures of a run, kept as JSON with the machine and the day they were measured on."""

import json
import os
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).parent / "figures"
NUMBERS = re.compile(r"\[(?:\s*(?:-?[\d.e+-]+|null),?)+\s*\]")


def table(rows: Sequence[tuple[str, Sequence[float], str]]) -> None:
    """Print each row's median and range."""
    for name, values, unit in rows:
        print(f"  {name:<44} {median(values):8.1f} {unit:<4} ({min(values):.1f} to {max(values):.1f})")


def rounded(value: object) -> object:
    """Figures as they are worth keeping: a tenth is more than any of them repeats to."""
    if isinstance(value, Mapping):
        return {key: rounded(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(found) for found in value]
    return round(value, 1) if isinstance(value, float) and value > 10 else value


def about() -> dict[str, str]:
    """When and where something was measured."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors",
    }


def keep(name: str, figures: Mapping[str, object]) -> None:
    """Write the figures of this run over those of the last one."""
    file = FOLDER / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write(file, figures if "about" in figures else {**about(), **figures})


def write(file: Path, figures: Mapping[str, object]) -> None:
    """Write figures as JSON, each list of numbers in a line of its own."""
    text = json.dumps(rounded(figures), indent=1, ensure_ascii=False)
    file.write_text(NUMBERS.sub(lambda found: re.sub(r"\s+", " ", found[0]), text) + "\n", "utf-8")


def verdict(claims: Sequence[tuple[str, float, float]]) -> int:
    """Print each claim with its ratio and limit; the exit code is 1 if any does not hold."""
    for claim, ratio, limit in claims:
        print(f"{'holds' if ratio <= limit else 'FAILS'}: {claim}: {ratio:.2f} (at most {limit})")
    sys.stdout.flush()
    return int(any(ratio > limit for _, ratio, limit in claims))
