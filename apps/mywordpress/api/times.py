"""Moments as WordPress writes them: without an offset, once by the site's clock and once by UTC's."""

from datetime import UTC, datetime

from apps.mywordpress.api.asked import Asked
from apps.mywordpress.api.errors import invalid_parameter
from apps.mywordpress.posts.columns import FIRST_YEAR, LAST_YEAR
from apps.mywordpress.posts.editor import zone_of

FORMAT = "%Y-%m-%dT%H:%M:%S"


def local(asked: Asked, moment: datetime) -> str:
    """By the site's clock."""
    return moment.astimezone(zone_of(asked.options)).strftime(FORMAT)


def gmt(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(FORMAT)


def read(asked: Asked, name: str, *, is_gmt: bool = False) -> datetime | None:
    """The moment of a parameter, in UTC; one without an offset is of the site's clock, or of UTC. Raises ApiError."""
    value = asked[name]
    if not value:
        return None
    wrong = invalid_parameter(name, "Invalid date.", "rest_invalid_date")
    try:
        moment = datetime.fromisoformat(value.replace(" ", "T").upper().replace("Z", "+00:00"))
        zone = moment.tzinfo or (UTC if is_gmt else zone_of(asked.options))
        moment = moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise wrong
    return moment


def given(asked: Asked) -> datetime | None:
    """The moment that `date` or else `date_gmt` tells."""
    return read(asked, "date") or read(asked, "date_gmt", is_gmt=True)
