"""The API's documentation: for people a page to browse and to try, for programs the list of addresses."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from apps.whatisthetime import answers
from apps.whatisthetime.api.addresses import ADDRESSES, DROP_IN, OURS, Address

MOST_LINES = 28
HTML = "text/html"
BY_NAME = {each.name: each for each in ADDRESSES}
# These go on for a minute, or are shown elsewhere.
WITHOUT_EXAMPLE = ("stream", "addresses", "openapi")

blueprint = Blueprint("docs", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """An address as the page shows it, with the answer that its example gets at this moment."""

    address: Address
    example: str


@blueprint.get("/api")
def index() -> Response:
    """The page for who would rather have one; else each address with what it answers."""
    answers.take_only("lang")
    if request.accept_mimetypes.best_match((answers.JSON, "text/plain", HTML)) != HTML:
        return answers.fleeting(answers.told({each.path: each.summary for each in ADDRESSES}))
    response = make_response(render_template("whatisthetime/api.html", groups=groups(), root=request.host_url[:-1]))
    response.vary.add("Accept")
    return answers.fleeting(response)


@blueprint.get("/api/try/<name>")
def trial(name: str) -> BaseResponse:
    """Lead the page's form to the address that it fills in: a form by itself cannot write into a path."""
    address = BY_NAME.get(name)
    if address is None:
        raise NotFound("not found")
    return redirect(address.filled(request.args.to_dict()))


def groups() -> dict[str, list[Entry]]:
    """All addresses by their group; a text twin is told with its other one."""
    found: dict[str, list[Entry]] = {}
    for address in (*DROP_IN, *OURS):
        found.setdefault(address.group, []).append(Entry(address, example(address)))
    return found


def example(address: Address) -> str:
    """What the example of an address answers at this moment, shortened; empty where that would say nothing."""
    if address.name in WITHOUT_EXAMPLE:
        return ""
    # The view itself is asked, for its answer is this request's and must not be counted or logged as another.
    with current_app.test_request_context(address.example, base_url=request.host_url):
        view = current_app.view_functions[request.endpoint or ""]
        response = current_app.make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
    return shortened(json.dumps(response.get_json(), ensure_ascii=False, indent=2))


def shortened(text: str) -> str:
    """At most 28 lines of a text, and a sign that there were more."""
    lines = text.splitlines()
    return "\n".join([*lines[:MOST_LINES], "…"] if len(lines) > MOST_LINES else lines)
