"""What a form changes, told so that it can be audited."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any


def assign(thing: object, values: dict[str, Any]) -> dict[str, str]:
    """Set these attributes and answer those that differ now, each as "before → after"."""
    changed = {}
    for name, value in values.items():
        had = getattr(thing, name)
        if had != value:
            setattr(thing, name, value)
            changed[name] = f"{said(had)} → {said(value)}"
    return changed


def state_of(thing: object, names: Iterable[str]) -> str:
    """These attributes in short: it is another one once somebody has changed any of them."""
    told = repr([(name, getattr(thing, name)) for name in names])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def said(value: object) -> str:
    """A value as the audit tells it; long text is cut."""
    if value is None or value == "":
        return "–"
    text = value.isoformat(timespec="minutes") if isinstance(value, datetime) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
