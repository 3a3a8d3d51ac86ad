"""One call as its method sees it: who asks, and what of the site it needs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from apps.chassis.identifiers import LARGEST
from apps.mywordpress.accounts.models import User
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import FIRST_YEAR, LAST_YEAR
from apps.mywordpress.posts.editor import zone_of
from apps.mywordpress.rpc.faults import MISSING, WRONG_PARAMETERS, Fault, not_allowed
from apps.mywordpress.rpc.parameters import Sent, number
from apps.mywordpress.rpc.reading import moment

T = TypeVar("T")

# A client that asks for all gets so many at once, and the rest by `offset`.
MOST_LISTED = 500
FARTHEST = 1_000_000


@dataclass
class Asked:
    """A call by this user; `origin` is where links of answers lead."""

    db: Session
    caller: User | None
    origin: str
    address: str
    user_agent: str

    @property
    def user(self) -> User:
        """Who asks, by a method that takes a name and a password."""
        assert self.caller is not None
        return self.caller

    @cached_property
    def options(self) -> Options:
        return Options.read(self.db)

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.options)

    def can(self, capability: str) -> bool:
        return self.user.can(capability)

    def need(self, capability: str, what: str) -> None:
        """Raise Fault unless the role of whoever asks has this capability."""
        if not self.can(capability):
            raise not_allowed(what)

    def url(self, path: str) -> str:
        """The whole address of a path of ours."""
        return self.origin + path if path.startswith("/") else path

    def local(self, at: datetime) -> datetime:
        """A moment on the site's clock, as clients have it: without a zone."""
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def found(self, kind: type[T], number: int, what: str) -> T:
        """The row of this number; raises Fault."""
        row = self.db.get(kind, number) if 0 < number <= LARGEST else None
        if row is None:
            raise Fault(MISSING, f"Invalid {what} ID.")
        return row


def gmt(at: datetime) -> datetime:
    """A moment in GMT, as clients have it: without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def when(value: Any) -> datetime | None:
    """A date, sent as one or in words; raises TypeError that says what it must be."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return moment(value)
    raise TypeError("a date")


def date_sent(asked: Asked, sent: Sent, local: str, in_gmt: str) -> datetime | None:
    """The moment of a pair of members, of which the one in GMT counts more; raises Fault."""
    found = sent.get(in_gmt, when)
    if found is not None:
        # Whatever zone it names, as WordPress has it.
        return bounded(found.replace(tzinfo=UTC))
    found = sent.get(local, when)
    return bounded(found if found.tzinfo else found.replace(tzinfo=asked.zone)) if found else None


def bounded(at: datetime) -> datetime:
    """The moment in UTC; raises Fault for one whose year has no address."""
    moment = at.astimezone(UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Fault(WRONG_PARAMETERS, "There is no such date.")
    return moment


def span(sent: Sent, usual: int) -> tuple[int, int]:
    """How many of a list are wanted, and how many are left out before them."""
    wanted, offset = abs(sent.get("number", number, usual)), abs(sent.get("offset", number, 0))
    return min(wanted or usual, MOST_LISTED), min(offset, FARTHEST)
