"""Figures of a run, kept as JSON with the machine and the day they were measured on."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).parent / "figures"


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


def keep(name: str, figures: Mapping[str, object]) -> None:
    """Write the figures of this run over those of the last one."""
    FOLDER.mkdir(exist_ok=True)
    about = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors",
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(rounded({**about, **figures}), indent=1) + "\n")


def verdict(claims: Sequence[tuple[str, float, float]]) -> int:
    """Print each claim with its ratio and limit; the exit code is 1 if any does not hold."""
    for claim, ratio, limit in claims:
        print(f"{'holds' if ratio <= limit else 'FAILS'}: {claim}: {ratio:.2f} (at most {limit})")
    sys.stdout.flush()
    return int(any(ratio > limit for _, ratio, limit in claims))
