"""The meeting planner: a day in several zones side by side, the hours that suit all, and one of them to share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from apps.chassis.formats import city_name, format_date
from apps.chassis.languages import gettext as _
from apps.whatisthetime import answers, clock, meetings, zones
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.meetings import Agreement, Day, Hours, Row, Stretch
from apps.whatisthetime.pages import chosen
from apps.whatisthetime.pages.chosen import Typed

MOST_ZONES = 10
USUAL = ("Europe/London", "America/New_York", "Asia/Seoul")
YEARS = (1970, 2199)
DAY = timedelta(days=1)

blueprint = Blueprint("meeting", __name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the address asks for. `at` is the moment that somebody picked."""

    zones: Sequence[Typed]
    added: Typed
    day: date | None
    at: datetime | None
    hours: Hours
    mistake: str

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(chosen.names([*self.zones, self.added])))

    @property
    def unknown(self) -> list[Typed]:
        return chosen.unknown([*self.zones, self.added])

    @property
    def failed(self) -> bool:
        return bool(self.mistake or self.unknown)

    def address(self, goes_on_at: str | None = None, **changed: Any) -> str:
        """The address of this plan with something changed, and of the place in it at which keyboards go on."""
        default = Hours()
        kept: dict[str, Any] = {
            "zones": ",".join(self.names),
            "day": self.day,
            "begin": None if self.hours == default else self.hours.begin,
            "end": None if self.hours == default else self.hours.end,
        }
        return url_for("meeting.show", _anchor=goes_on_at, **{**kept, **changed})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a zone: their day, what their clocks show at the picked moment, and addresses that move them."""

    row: Row
    reading: Reading
    part: str
    first: str | None
    without: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Hours that suit, as each of the people sees them, and the address that picks their beginning."""

    stretch: Stretch
    times: Sequence[tuple[datetime, datetime]]
    address: str


@blueprint.get("/meet")
def show() -> BaseResponse:
    """The day in all zones. Cities that somebody typed become zones in the address, so that it can be shared."""
    plan = _plan()
    listed = request.args.get("zones")
    if not plan.failed and (plan.added.text or (listed is not None and listed != ",".join(plan.names))):
        return redirect(plan.address(plan.added.zone, at=request.args.get("at"), day=request.args.get("day")))
    found = _day(plan)
    rows = [meetings.row(zones.load(name), found, plan.hours) for name in plan.names] if found.minutes else []
    agreement = meetings.agree(rows) if rows else None
    at = _picked(plan, found, agreement)
    people = [_person(plan, row, at) for row in rows]
    offers = [_offer(plan, rows, stretch) for stretch in agreement.stretches] if agreement else []
    if answers.wants_text(request):
        return _as_text(plan, found, people, offers)
    page = render_template(
        "whatisthetime/meet.html", people=people, offers=offers, at=at, **_shown(plan, found, agreement, at)
    )
    return _kept(plan, make_response(page, 400 if plan.mistake else 404 if plan.unknown else 200))


def _shown(plan: Plan, day: Day, agreement: Agreement | None, at: datetime) -> dict[str, object]:
    """What the page shows besides the people and what it offers them."""
    return {
        "plan": plan,
        "day": day,
        "agreement": agreement,
        "questions": chosen.questions(
            plan.unknown, lambda name: plan.address(name, zones=",".join([*plan.names, name]))
        ),
        "most": MOST_ZONES,
        "years": YEARS,
        "before": _beside(plan, "before", day.date - DAY),
        "after": _beside(plan, "after", day.date + DAY),
        "share": plan.address(day=day.date, at=utc(at), _external=True),
        "short_date": chosen.short_date,
    }


def _beside(plan: Plan, side: str, day: date) -> str | None:
    """The address of a day beside the one that is shown; None beyond the first and the last."""
    return plan.address(side, day=day) if _is_planned(day) else None


@blueprint.app_template_global("utc_minute")
def utc(moment: datetime) -> str:
    """A moment as the address of this page has it: `2026-11-23T14:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _kept(plan: Plan, response: Response) -> Response:
    """A plan for a day that the address names is the same tomorrow."""
    response.vary.add("Accept")
    return answers.by_edition(response) if plan.day and not plan.failed else answers.fleeting(response)


def _plan() -> Plan:
    listed = chosen.several("zones", MOST_ZONES, USUAL)
    plan = Plan(listed, chosen.zone("add"), _date(), _moment(), *_hours())
    if len(plan.names) > MOST_ZONES:
        abort(400, _("At most %(most)d zones can be compared.", most=MOST_ZONES))
    return plan


def _date() -> date | None:
    text = chosen.text("day")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    return _planned(day) if day else None


def _planned(day: date) -> date:
    """The day; 400 beyond the years that are planned."""
    if not _is_planned(day):
        abort(400, _("A day is written such as 2026-03-29, from %(first)d to %(last)d.", first=YEARS[0], last=YEARS[1]))
    return day


def _is_planned(day: date) -> bool:
    return YEARS[0] <= day.year <= YEARS[1]


def _moment() -> datetime | None:
    text = chosen.text("at")
    try:
        moment = datetime.fromisoformat(text) if text else None
        # The first and the last day of some zones reach into the years beside.
        if moment and (moment.tzinfo is None or not YEARS[0] - 1 <= moment.year <= YEARS[1] + 1):
            raise ValueError
    except ValueError:
        abort(400, _("A moment is written such as 2026-03-29T14:00Z."))
    return moment.astimezone(UTC) if moment else None


def _hours() -> tuple[Hours, str]:
    """The working hours asked for; or else the usual ones, and what is wrong."""
    begin, end = (chosen.text(name) for name in ("begin", "end"))
    usual = Hours()
    try:
        hours = Hours(int(begin or usual.begin), int(end or usual.end))
    except ValueError:
        hours = Hours(0, 0)
    if not 0 <= hours.begin < hours.end <= 24:
        return usual, _("Work begins at an hour from 0 on and ends at a later one, up to 24.")
    return hours, ""


def _day(plan: Plan) -> Day:
    """The day of the first zone that the address names, or that of the picked moment, or today."""
    zone = zones.load(plan.names[0] if plan.names else "UTC")
    return meetings.day_of(zone, plan.day or _planned(clock.read(zone, plan.at or datetime.now(UTC)).local.date()))


def _picked(plan: Plan, day: Day, agreement: Agreement | None) -> datetime:
    """The moment picked, if it lies in the day; or else the first that suits longest."""
    if plan.at and day.start <= plan.at < day.end:
        return plan.at
    stretches = agreement.stretches if agreement else ()
    return max(stretches, key=lambda each: each.end - each.start).start if stretches else day.start


def _person(plan: Plan, row: Row, at: datetime) -> Person:
    name, names = row.zone.name, plan.names
    others = [each for each in names if each != name]
    reading = clock.read(row.zone, at)
    return Person(
        row,
        reading,
        plan.hours.part(reading.local).value,
        _first(plan, [name, *others], reading) if name != names[0] else None,
        plan.address(chosen.after_removal(names, name), zones=",".join(others)),
    )


def _first(plan: Plan, names: Sequence[str], reading: Reading) -> str:
    """The address with somebody first: of their own day that has the picked moment, if the address names a day."""
    own = reading.local.date()
    day = own if plan.day and _is_planned(own) else plan.day
    return plan.address(names[0], zones=",".join(names), day=day, at=utc(reading.utc))


def _offer(plan: Plan, rows: Sequence[Row], stretch: Stretch) -> Offer:
    times = [(clock.read(row.zone, stretch.start).local, clock.read(row.zone, stretch.end).local) for row in rows]
    return Offer(stretch, times, plan.address(day=rows[0].day.date, at=utc(stretch.start)))


def _as_text(plan: Plan, day: Day, people: Sequence[Person], offers: Sequence[Offer]) -> Response:
    if plan.mistake:
        return answers.failed(plan.mistake, 400)
    if plan.unknown:
        return answers.failed(_("No zone is called “%(name)s”.", name=plan.unknown[0].text), 404)
    return _kept(plan, answers.listed(_lines(people, offers) if people else [_nobody(plan, day)]))


def _nobody(plan: Plan, day: Day) -> str:
    """Why there is nothing to plan."""
    if not plan.names:
        return _("No city is chosen.")
    city, date = city_name(day.zone.name), format_date(day.date, "full")
    return _("%(city)s had no %(day)s: its calendar left that day out.", city=city, day=date)


def _lines(people: Sequence[Person], offers: Sequence[Offer]) -> Iterator[str]:
    """For terminals: each stretch that suits, and below it when that is for everybody."""
    for offer in offers:
        yield f"{utc(offer.stretch.start)} - {utc(offer.stretch.end)}"
        for person, (start, end) in zip(people, offer.times, strict=True):
            yield f"  {start:%a %Y-%m-%d %H:%M} - {end:%H:%M} {person.row.zone.name}"
