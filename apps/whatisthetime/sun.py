"""When the sun stands above the horizon: the sunrise equation, good to a few minutes between the polar circles."""

from dataclasses import dataclass
from datetime import date
from math import acos, asin, cos, degrees, radians, sin, tau

DAY = 86_400
J2000_ORDINAL = 730_120
J2000_NOON_UNIX = 946_728_000
OBLIQUITY = radians(23.4397)
PERIHELION = radians(102.9372)
# The upper limb is seen at the horizon while the sun's centre is still below it, for air bends its light.
HORIZON = radians(-0.833)


@dataclass(frozen=True, slots=True)
class Daylight:
    """Sunrise and sunset as seconds of the local day. The sun may set after midnight; then `sets` is the smaller."""

    rises: int
    sets: int

    def spans(self) -> list[tuple[int, int]]:
        """The lit parts of the day as (start, length) in seconds."""
        if self.rises <= self.sets:
            return [(self.rises, self.sets - self.rises)]
        return [(0, self.sets), (self.rises, DAY - self.rises)]


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, positive to the north and to the east."""

    latitude: float
    longitude: float


def daylight(place: Place, day: date, offset: int) -> Daylight | None:
    """The day's light where clocks are `offset` seconds ahead of UTC; None while the sun does not rise or not set."""
    solar_noon = day.toordinal() - J2000_ORDINAL - place.longitude / 360
    anomaly = radians(357.5291 + 0.98560028 * solar_noon) % tau
    centre = radians(1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly))
    longitude = anomaly + centre + PERIHELION + tau / 2
    transit = solar_noon + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    half = _half_day(radians(place.latitude), asin(sin(longitude) * sin(OBLIQUITY)))
    if half is None:
        return None
    noon = J2000_NOON_UNIX + transit * DAY + offset
    return Daylight(round(noon - half) % DAY, round(noon + half) % DAY)


def _half_day(latitude: float, declination: float) -> float | None:
    """Seconds between sunrise and noon."""
    height = (sin(HORIZON) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination))
    return degrees(acos(height)) / 360 * DAY if -1 < height < 1 else None
