"""Where things are. A bundle's paths, such as /var/app/current, lie below a folder here, and its ports are others.

Its texts are rewritten instead of its processes being put into a container: that works without root and wherever it is
tried. What only a program knows is not found, such as a path that it puts together.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template

ROOTS = "efs|etc|home|mnt|opt|run|srv|var"
# The beginning of an absolute path, in a URL such as file:///mnt too.
BEGINNING = r"(?:(?<![\w.~/)}-])|(?<=[a-z]://)|(?<=[a-z]:///))"
PATH = rf"{BEGINNING}/(?:{ROOTS})(?=[/\s\"'`:;,)|&<>\]]|$)"
# What asks the instance itself asks nginx.
URL = r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::80)?(?=[/?\"'\s]|$)"
BIND = re.compile(r"(?:--bind|-b)[ =](\S+)")
PLATFORMS_PORT = "8000"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens: `host:port`, or `unix:PATH`."""

    text: str

    @property
    def socket_path(self) -> str | None:
        return self.text.removeprefix("unix:") if self.text.startswith("unix:") else None

    @property
    def port(self) -> str:
        return self.text.rpartition(":")[2]

    @property
    def mentions(self) -> str:
        """The pattern of what means this address in a text."""
        if self.socket_path:
            return rf"{re.escape(self.socket_path)}(?![\w.-])"
        return rf"(?<![\w.\]])(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1?\])?:{self.port}\b"

    def accepts(self) -> bool:
        """Whether somebody listens there now."""
        family = socket.AF_UNIX if self.socket_path else socket.AF_INET
        with socket.socket(family) as probe:
            probe.settimeout(1)
            return probe.connect_ex(self.socket_path or ("127.0.0.1", int(self.port))) == 0


def address_in(properties: Mapping[str, str], command: str) -> Address:
    """Where the app of a bundle would listen: as BIND says, or its command, or else on the platform's port."""
    port = properties.get("PORT", PLATFORMS_PORT)
    bound = BIND.search(command)
    said = properties.get("BIND") or (bound.group(1) if bound else f"127.0.0.1:{port}")
    return Address(Template(said).safe_substitute({"PORT": port, **properties}))


@dataclass(frozen=True)
class Places:
    """One version's own: `root` for /, `own` for where it would listen, `port` for nginx's 80.

    `run` is for /run, which all versions of an instance share: nginx refuses to reload a cache that has moved.
    """

    root: Path
    run: Path
    meant: Address
    own: Address
    port: int

    def path(self, absolute: str) -> Path:
        """Where an absolute path of the instance lies."""
        outermost, _, rest = absolute.lstrip("/").partition("/")
        return self.run / rest if outermost == "run" else self.root / absolute.lstrip("/")

    def mapped(self, text: str) -> str:
        """A text of the bundle with all paths and addresses replaced. Not to be done twice to one text."""
        return self._pattern.sub(self._replaced, text)

    def map_files(self, folder: Path) -> None:
        """Rewrite every text below a folder."""
        _rewrite(folder, self.mapped)

    def map_address(self, folder: Path) -> None:
        """Rewrite where the app listens, and nothing else."""
        address = re.compile(self.meant.mentions)
        _rewrite(folder, lambda text: address.sub(self._replaced_address, text))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?P<address>{self.meant.mentions})|(?P<url>{URL})|(?P<path>{PATH})")

    def _replaced_address(self, _match: re.Match[str]) -> str:
        return self.own.socket_path or self.own.text

    def _replaced(self, match: re.Match[str]) -> str:
        if match["address"]:
            return self._replaced_address(match)
        return f"http://127.0.0.1:{self.port}" if match["url"] else str(self.path(match["path"]))


def _rewrite(folder: Path, mapped: Callable[[str], str]) -> None:
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        with suppress(UnicodeDecodeError):
            text = path.read_bytes().decode()
            if mapped(text) != text:
                path.write_bytes(mapped(text).encode())
