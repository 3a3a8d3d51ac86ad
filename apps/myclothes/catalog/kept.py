"""Whole pages from the cache. What is this visitor's own in them is filled in for each request."""

from collections.abc import Callable

from flask import Response, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from apps.chassis.context import application, cache, session
from apps.chassis.languages import language, with_lang
from apps.chassis.sessions import SessionUnavailable
from apps.myclothes.catalog.pages import kept_pages

# No text of the catalogue can forge these: it is escaped.
DOORS, AGE = Markup("<!--doors-->"), Markup("<!--age-->")


def pages_for_all(name: str, make: Callable[[Session], dict[str, str]]) -> dict[str, bytes]:
    """The pages that `make` renders, as they are kept for all who read this visitor's language; see `filled`."""
    return kept_pages(cache(), name, with_lang(language()), make)


def rendered(template: str, **context: object) -> str:
    """A page with gaps where each visitor's own parts go. It must depend on nothing else of the request."""
    gaps = {"doors": DOORS, "age": AGE}
    return render_template(f"myclothes/{template}.html", gaps=gaps, **context)


def filled(page: bytes) -> Response:
    """The page with this visitor's own parts."""
    database = application().database
    stale = database.stale_seconds if database is not None else None
    age = b"" if stale is None else render_template("chassis/age.html", stale=stale).encode()
    return Response(page.replace(DOORS.encode(), _doors(), 1).replace(AGE.encode(), age, 1), mimetype="text/html")


def _doors() -> bytes:
    """The same for all strangers, who are most; rendering it would cost a fifth of the page."""
    if not _is_stranger():
        return render_template("myclothes/doors.html").encode()
    made: dict[str, bytes] = application().extensions.setdefault("myclothes_doors", {})
    edition = with_lang(language())
    if edition not in made:
        made[edition] = render_template("myclothes/doors.html").encode()
    return made[edition]


def _is_stranger() -> bool:
    try:
        return session().new
    except SessionUnavailable:
        return False
