"""The API's other address: `/?rest_route=/wp/v2/posts`, as sites without permalinks have it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from apps.mywordpress.api.asked import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_ROUTE = 500


def by_query(app: "WSGIApplication") -> "WSGIApplication":
    """The app, asked at `/wp-json` for what is asked for by `rest_route`."""

    def ask(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if "rest_route=" in query and environ["PATH_INFO"] in ("/", "/index.php"):
            route = parse_qs(query, max_num_fields=None).get("rest_route", ["/"])[-1]
            # As WSGI wants it: bytes of UTF-8, each as a character.
            path = f"{ROOT}/{route[:LONGEST_ROUTE].strip('/')}".encode("utf-8", "replace").decode("latin-1")
            environ = {**environ, "PATH_INFO": path}
        return app(environ, start_response)

    return ask
