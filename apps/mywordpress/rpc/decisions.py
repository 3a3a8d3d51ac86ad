"""`wp.getOptions` and `wp.setOptions`: the site's decisions, and what editors want to know of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from apps.chassis.columns import now
from apps.mywordpress.api.settings import is_zone
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.models import Options
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import FORBIDDEN, WRONG_PARAMETERS, Fault
from apps.mywordpress.rpc.parameters import Sent, flag, text

# What clients ask for to know which methods there are.
VERSION = "6.8"
LONGEST_LINE = 200
LONGEST_OFFSET = 14

Read = Callable[[Asked], Any]
Write = Callable[[Options, Sent, str], Options]


@dataclass(frozen=True, slots=True)
class Decision:
    """One of them: what it is, and how it is written unless it is as it is."""

    about: str
    read: Read
    write: Write | None = None


def _line(column: str) -> Write:
    def write(options: Options, sent: Sent, name: str) -> Options:
        line = " ".join(sent.get(name, text).split())
        if len(line) > LONGEST_LINE:
            raise Fault(WRONG_PARAMETERS, f"The {name} is too long: it may have {LONGEST_LINE} characters.")
        return _decided(options, column, line)

    return write


def _yes(column: str) -> Write:
    def write(options: Options, sent: Sent, name: str) -> Options:
        value = sent.get(name, text)
        return _decided(options, column, value == "open" if value in ("open", "closed") else flag(value))

    return write


def _decided(options: Options, column: str, value: Any) -> Options:
    changes: dict[str, Any] = {column: value}
    return replace(options, **changes)


def _zone(options: Options, sent: Sent, name: str) -> Options:
    """A zone by its name, or the hours that its clock is ahead, as WordPress has it."""
    value = sent.get(name, text).strip()
    zone = _of_hours(value) or value
    if not is_zone(zone):
        raise Fault(WRONG_PARAMETERS, "The time_zone is neither a zone nor a whole number of hours.")
    return replace(options, timezone=zone)


def _of_hours(value: str) -> str | None:
    try:
        hours = float(value)
    except ValueError:
        return None
    if not hours.is_integer() or not -12 <= hours <= LONGEST_OFFSET:
        return None
    # In these names the signs are the other way round.
    return f"Etc/GMT{-int(hours):+d}" if hours else "UTC"


def _hours(asked: Asked) -> str:
    ahead = (now().astimezone(asked.zone).utcoffset() or timedelta()) / timedelta(hours=1)
    return f"{ahead:g}"


def _width(pixels: int) -> Decision:
    return Decision("Width of pictures of this size", lambda asked: str(pixels))


DECISIONS = {
    "software_name": Decision("Software Name", lambda asked: "WordPress"),
    "software_version": Decision("Software Version", lambda asked: VERSION),
    "blog_url": Decision("WordPress Address (URL)", lambda asked: asked.origin),
    "home_url": Decision("Site Address (URL)", lambda asked: asked.origin),
    "login_url": Decision("Login Address (URL)", lambda asked: asked.url("/sign-in")),
    "admin_url": Decision("The URL to the admin area", lambda asked: asked.url("/posts")),
    "image_default_link_type": Decision("Image default link type", lambda asked: "none"),
    "image_default_size": Decision("Image default size", lambda asked: "large"),
    "image_default_align": Decision("Image default align", lambda asked: "none"),
    "template": Decision("Template", lambda asked: "journal"),
    "stylesheet": Decision("Stylesheet", lambda asked: "journal"),
    "post_thumbnail": Decision("Post Thumbnail", lambda asked: True),
    "time_zone": Decision("Time Zone", _hours, _zone),
    "blog_title": Decision("Site Title", lambda asked: asked.options.title, _line("title")),
    "blog_tagline": Decision("Site Tagline", lambda asked: asked.options.tagline, _line("tagline")),
    "date_format": Decision("Date Format", lambda asked: "j F Y"),
    "time_format": Decision("Time Format", lambda asked: "H:i"),
    "users_can_register": Decision(
        "Allow new users to sign up", lambda asked: asked.options.registration_open, _yes("registration_open")
    ),
    "thumbnail_size_w": _width(300),
    "thumbnail_size_h": _width(300),
    "thumbnail_crop": Decision("Crop thumbnail to exact dimensions", lambda asked: False),
    "medium_size_w": _width(300),
    "medium_size_h": _width(0),
    "medium_large_size_w": _width(600),
    "medium_large_size_h": _width(0),
    "large_size_w": _width(1200),
    "large_size_h": _width(0),
    "default_comment_status": Decision(
        "Allow people to submit comments on new posts.",
        lambda asked: "open" if asked.options.comments_open else "closed",
        _yes("comments_open"),
    ),
    "default_ping_status": Decision("Allow link notifications on new posts.", lambda asked: "open"),
}


def index(asked: Asked, names: list[str]) -> dict[str, Any]:
    """These, or all of them."""
    may = asked.can("manage_options")
    wanted = [name for name in names if name in DECISIONS] if names else list(DECISIONS)
    return {
        name: {
            "desc": DECISIONS[name].about,
            "readonly": not may or DECISIONS[name].write is None,
            "value": DECISIONS[name].read(asked),
        }
        for name in wanted
    }


def update(asked: Asked, sent: dict[str, Any]) -> dict[str, Any]:
    """Decide what was sent; what cannot be decided here stays as it is. Answers all that was named."""
    if not asked.can("manage_options"):
        raise Fault(FORBIDDEN, "Sorry, you are not allowed to update options.")
    options = asked.options
    for name in sent:
        write = DECISIONS[name].write if name in DECISIONS else None
        options = write(options, Sent(sent), name) if write else options
    options.store(asked.db)
    changed()
    asked.__dict__.pop("options", None)
    asked.__dict__.pop("zone", None)
    return index(asked, list(sent)) if sent else {}
