"""Where editors and libraries call: one address, and the description by which they find it."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from apps.chassis import errors
from apps.chassis.visitors import origin
from apps.mywordpress.accounts.guard import address
from apps.mywordpress.rpc.calling import Line
from apps.mywordpress.rpc.faults import FAILED, Fault
from apps.mywordpress.rpc.reading import Call, read
from apps.mywordpress.rpc.writing import answered, refused

rpc = Blueprint("rpc", __name__)

# As much as nginx lets through for this site: a file of 32 MB in base64.
MOST_BYTES = 44 * 1024 * 1024
POST_ONLY = "XML-RPC server accepts POST requests only.\n"


@rpc.post("/xmlrpc.php")
def create() -> Response:
    """Answer a call. A fault has the status 200, as clients expect it, and leaves nothing behind."""
    line = Line(origin(), address(), request.user_agent.string)
    try:
        return respond(answered(line.answer(received(line))))
    except Fault as fault:
        return respond(refused(fault))


@rpc.get("/xmlrpc.php")
def show() -> Response:
    """What can be called here, and how (Really Simple Discovery)."""
    if "rsd" not in request.args:
        return Response(POST_ONLY, 405, {"Allow": "POST"}, mimetype="text/plain")
    return Response(render_template("mywordpress/rpc/rsd.xml", origin=origin()), mimetype="application/rsd+xml")


def received(line: Line) -> Call:
    """The call that was sent; read once, even if the transaction has to be repeated."""
    if "rpc_call" not in g:
        request.max_content_length = MOST_BYTES
        g.rpc_files = []
        g.rpc_call = read(cast(BinaryIO, request.stream), line.admit, g.rpc_files)
    return cast(Call, g.rpc_call)


@rpc.teardown_request
def close_files(error: BaseException | None) -> None:
    for one in g.get("rpc_files", ()):
        one.file.close()


def respond(body: bytes, status: int = 200) -> Response:
    return Response(body, status, {"Cache-Control": "no-store"}, mimetype="text/xml")


@rpc.errorhandler(HTTPException)
def show_error(error: HTTPException) -> Response:
    """What the site refused by itself, such as too many wrong passwords: its status, and a fault that says so."""
    status = error.code or FAILED
    response = respond(refused(Fault(status, errors.told(error))), status)
    for name, value in error.get_headers(request.environ):
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response
