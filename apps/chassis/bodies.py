"""How much may come with a request, and what happens to what nobody reads."""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_FORM_BYTES = 1024 * 1024
# More than nginx lets through for any site.
MOST_BYTES = 72 * 1024 * 1024
PART_BYTES = 64 * 1024


def read_rest(environ: "WSGIEnvironment") -> None:
    """Read what is left of a request's body, up to 72 MB, and forget it.

    Gunicorn closes the connection on what is unread; nginx, still sending, would then tell the visitor 502 and not the
    answer.
    """
    # Only a server that says so ends the body by itself; reading on from another could wait for ever.
    if not environ.get("wsgi.input_terminated"):
        return
    left = MOST_BYTES
    with suppress(OSError):
        while left > 0 and (part := environ["wsgi.input"].read(PART_BYTES)):
            left -= len(part)
