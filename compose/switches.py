"""What a person may change about the architecture, read once from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

CHOICES = {
    "sessions": ("redis", "memory", "cookie", "dynamodb"),
    "cache": ("redis", "null"),
    "storage": ("efs", "ebs"),
    "health": ("live", "ready", "none"),
    "zones": ("ab", "a"),
}
RANGES = {
    "instances": (1, 9),
    "workers": (1, 4),
    "port": (1, 65535),
    "statistics_port": (1, 65535),
    "names_port": (1, 65535),
}
SHAPES = {
    "subnet": (re.compile(r"(10|172|192)\.[0-9]{1,3}"), "the first two numbers of private addresses, such as 10.210"),
    "project": (re.compile(r"[a-z][a-z0-9]{0,30}"), "lower-case letters and digits"),
}


class WrongSwitch(ValueError):
    """A variable has a wrong value; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Each field is a variable of the same name in capitals; the defaults are the architecture as one would run it."""

    instances: int = 2
    workers: int = 1
    zones: str = "ab"
    sticky: bool = False
    health: str = "live"
    sessions: str = "redis"
    replicas: bool = True
    cache: str = "redis"
    storage: str = "efs"
    faults: bool = False
    port: int = 8080
    statistics_port: int = 8404
    names_port: int = 8053
    subnet: str = "10.210"
    project: str = "classic"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Switches":
        """Raises WrongSwitch at the first value that cannot be meant."""
        given = {field.name: environ.get(field.name.upper(), "").strip() for field in fields(cls)}
        return cls(**{name: _read(name, value) for name, value in given.items() if value})

    def changed(self) -> dict[str, str]:
        """The variables that differ from the defaults."""
        plain = Switches()
        names = [field.name for field in fields(self) if getattr(self, field.name) != getattr(plain, field.name)]
        return {name.upper(): _written(getattr(self, name)) for name in names}


def _read(name: str, value: str) -> Any:
    if name in CHOICES:
        return _checked(name, value, value in CHOICES[name], " or ".join(CHOICES[name]))
    if name in RANGES:
        least, most = RANGES[name]
        fits = value.isascii() and value.isdigit() and least <= int(value) <= most
        return int(_checked(name, value, fits, f"a whole number from {least} to {most}"))
    if name in SHAPES:
        shape, takes = SHAPES[name]
        return _checked(name, value, shape.fullmatch(value) is not None, takes)
    return _checked(name, value, value in ("0", "1"), "1 or 0") == "1"


def _checked(name: str, value: str, fits: bool, takes: str) -> str:
    if not fits:
        raise WrongSwitch(f"{name.upper()}: got {value!r}, takes {takes}")
    return value


def _written(value: int | bool | str) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
