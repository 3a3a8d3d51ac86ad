"""What all pages of readers have in common: the journal's name, and their own whole address."""

from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Response, abort, make_response, render_template, request

from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.mywordpress.freshness.shared import shared
from apps.mywordpress.menus.showing import Link, links_of
from apps.mywordpress.options.models import Options


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page on the way to the one that is shown."""

    name: str
    path: str


def origin() -> str:
    """What our addresses begin with, without a slash at the end."""
    return application().settings.public_url or request.host_url.rstrip("/")


def blog() -> Options:
    """How the journal is called, and what else its owner has decided."""
    return shared(db(), Options.read)


def shown(template: str, decided: Options, path: str, **context: Any) -> str:
    """A page of readers, which is found at `path`."""

    def menu() -> list[Link]:
        # Asked for by what shows it: an embed, for one, does not.
        return shared(db(), links_of, decided.primary_menu_id)

    whole = {"blog": decided, "origin": origin(), "canonical": origin() + path, "menu": menu, **context}
    return render_template(f"mywordpress/front/{template}.html", **whole)


def personal(page: str, status: int = 200) -> Response:
    """A page that is not for everybody: nobody keeps it."""
    response = make_response(page, status)
    response.cache_control.private = response.cache_control.no_store = True
    return response


def missing() -> NoReturn:
    """404 in the words of a reader."""
    abort(404, _("There is no such page. It may have been moved, or taken back by its author."))
