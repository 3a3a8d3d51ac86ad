"""What libc's `zdump` says of the tzdata package's files: an independent reader of the same data."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apps.whatisthetime import zones

MOMENT = r"(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+)"
LINE = re.compile(rf"(.+?)  +{MOMENT} UTC? = {MOMENT} (\S+) isdst=([01])(?: gmtoff=(-?\d+))?")
PRESENT = re.compile(rf"(.+?)  +{MOMENT} (\S+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """What clocks show at a moment (Unix seconds)."""

    unix: int
    local: datetime
    abbreviation: str
    dst: bool

    @property
    def offset(self) -> int:
        """Seconds east of UTC."""
        return (self.local - at(self.unix)) // timedelta(seconds=1)


def at(unix: int) -> datetime:
    """The wall time of UTC."""
    return datetime(1970, 1, 1) + timedelta(seconds=unix)  # noqa: DTZ001


def around_changes(program: str, names: Iterable[str], first: int, last: int) -> dict[str, list[Shown]]:
    """Of each zone: the last second before each change from year `first` to the end of `last`, and its first after."""
    files = {file_of(name): name for name in names}
    found: dict[str, list[Shown]] = {name: [] for name in files.values()}
    for line in told(program, ["-v", "-c", f"{first},{last + 1}"], files):
        parts = LINE.fullmatch(line)
        if parts:
            found[files[parts[1]]].append(read(parts))
        else:
            # The first and the last moments that a number can hold lie in no year, and are told as such.
            assert line.endswith(("= NULL", "(localtime failed)", "(gmtime failed)")), line
    return found


def at_present(program: str, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What each zone shows now: its offset, such as `+05:45`, and its abbreviation."""
    files = {file_of(name): name for name in names}
    found = {}
    for line in told(program, [], files):
        parts = PRESENT.fullmatch(line)
        assert parts, line
        # It tells the wall time to the second, and the minute is what an offset is made of.
        ahead = moment(parts[2]) - datetime.now(UTC).replace(tzinfo=None)
        found[files[parts[1]]] = (written(round(ahead / timedelta(minutes=1)) * 60), parts[3])
    return found


def written(offset: int) -> str:
    """An offset as ISO 8601 writes it, with seconds only where there are some."""
    size = abs(offset)
    seconds = f":{size % 60:02}" if size % 60 else ""
    return f"{'-' if offset < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}{seconds}"


def file_of(name: str) -> str:
    """Where the package keeps a zone."""
    return str(zones.DATA.joinpath("zoneinfo", *name.split("/")))


def told(program: str, options: list[str], files: Iterable[str]) -> Iterator[str]:
    ran = subprocess.run(
        [program, *options, *files], capture_output=True, text=True, check=True, env={"LC_ALL": "C", "TZ": "UTC"}
    )
    yield from ran.stdout.splitlines()


def read(parts: re.Match[str]) -> Shown:
    unix = int(moment(parts[2]).replace(tzinfo=UTC).timestamp())
    shown = Shown(unix, moment(parts[3]), parts[4], parts[5] == "1")
    assert parts[6] is None or shown.offset == int(parts[6]), parts[0]
    return shown


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007
