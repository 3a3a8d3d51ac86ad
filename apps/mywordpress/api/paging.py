"""Lists by page, with the headers by which clients walk through them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from apps.mywordpress.api.asked import ROOT, Asked
from apps.mywordpress.api.errors import page_too_high
from apps.mywordpress.api.routing import CONTEXT
from apps.mywordpress.api.schema import Schema, choice, integer, numbers, string

# No list is so long, and no database takes larger numbers.
FARTHEST = 2**53

PAGING: Mapping[str, Schema] = {
    "context": CONTEXT,
    "page": integer("Current page of the collection.", default=1, minimum=1),
    "per_page": integer("Most items of a page.", default=10, minimum=1, maximum=100),
    "search": string("Limit results to those matching a string."),
}
CHOSEN: Mapping[str, Schema] = {
    "exclude": numbers("Leave these ids out.", default=[]),
    "include": numbers("Only these ids.", default=[]),
    "offset": integer("Leave out so many items.", minimum=0),
}


def ordered(orderby: Sequence[str], by: str, order: str = "desc") -> dict[str, Schema]:
    """The parameters by which a list is put in order."""
    return {
        "order": choice(["asc", "desc"], "Ascending or descending.", default=order),
        "orderby": choice(orderby, "What to order by.", default=by),
    }


def directed(asked: Asked, columns: Sequence[Any], tie: Any) -> list[ColumnElement[Any]]:
    """The columns in the direction that is asked for, and what decides between equals."""
    is_rising = asked["order"] == "asc"
    return [one.asc() if is_rising else one.desc() for one in (*columns, tie)]


def narrowed(asked: Asked, found: Select[Any], among: Mapping[str, Callable[[Any], Any]]) -> Select[Any]:
    """What meets the condition of each of these parameters that was given."""
    return found.where(*(condition(asked[name]) for name, condition in among.items() if asked[name]))


def searched(asked: Asked, found: Select[Any], *places: Any) -> Select[Any]:
    """What has the words that are asked for in one of these places."""
    if not asked["search"]:
        return found
    return found.where(or_(*(place.icontains(asked["search"], autoescape=True) for place in places)))


def arranged(
    asked: Asked, found: Select[Any], number: Any, usual: Any, columns: Mapping[str, Any], slug: Any = None
) -> Select[Any]:
    """In the order that is asked for: by one of these columns, by number, as names were given, or the usual one."""
    by = asked["orderby"]
    if by == "include" and asked["include"]:
        return found.order_by(in_given_order(number, asked["include"]))
    if by == "include_slugs" and asked["slug"] and slug is not None:
        return found.order_by(in_given_order(slug, asked["slug"]))
    chosen = () if by == "id" else (columns.get(by, usual),)
    return found.order_by(*directed(asked, chosen, number))


def in_given_order(column: Any, values: Sequence[Any]) -> ColumnElement[int]:
    """The place of a column's value among these."""
    from sqlalchemy import case

    return case({value: place for place, value in enumerate(values)}, value=column, else_=len(values))


def listed(asked: Asked, found: Select[Any], *, refuse: str = "") -> tuple[Sequence[Any], dict[str, str]]:
    """The rows of the page that is asked for, and the headers that belong to it.

    With `refuse`, a page beyond the last one is an error of that kind.
    """
    counted = select(func.count()).select_from(found.order_by(None).options().subquery())
    total = asked.db.scalar(counted) or 0
    per_page, page = asked["per_page"], asked["page"]
    last = -(-total // per_page)
    if refuse and page > last and total:
        raise page_too_high(refuse)
    offset = asked["offset"] or (page - 1) * per_page
    rows: Sequence[Any] = []
    if offset < total:
        rows = asked.db.scalars(found.offset(min(offset, FARTHEST)).limit(per_page)).all()
    return rows, headers(asked, total, last)


def headers(asked: Asked, total: int, last: int) -> dict[str, str]:
    """How much there is, and the addresses of the pages before and behind this one."""
    said = {"X-WP-Total": str(total), "X-WP-TotalPages": str(last)}
    page, links = asked["page"], []
    if page > 1:
        links.append(f'<{_page(asked, min(page - 1, max(last, 1)))}>; rel="prev"')
    if page < last:
        links.append(f'<{_page(asked, page + 1)}>; rel="next"')
    return {**said, "Link": ", ".join(links)} if links else said


def _page(asked: Asked, number: int) -> str:
    kept = [(name, value) for name, value in asked.query if name not in ("page", "rest_route")]
    return f"{asked.origin}{ROOT}{asked.path}?{urlencode([*kept, ('page', str(number))])}"
