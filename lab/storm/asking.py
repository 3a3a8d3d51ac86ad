"""The sites asked once more when all is over: is everything there, on every instance?"""

import http.client
from collections.abc import Mapping

from lab.load.exchange import Response
from lab.load.visitor import served_by
from lab.running.architecture import Stage

# An instance that is not met by so many visits in a row is not served.
TRIES = 12


def answers(stage: Stage, app: str, path: str, cookies: Mapping[str, str] | None = None) -> dict[str, Response]:
    """What each instance of a site answers, by its name; those that were not met are left out."""
    wanted = sum(service.app == app for service in stage.control.plan.of(role="web"))
    found: dict[str, Response] = {}
    for _ in range(TRIES):
        answer = ask(stage, app, path, cookies)
        found[served_by(answer)[0]] = answer
        if len(found) == wanted:
            break
    return found


def everywhere(stage: Stage, app: str, path: str, text: str = "", cookies: Mapping[str, str] | None = None) -> bool:
    """Whether every instance answers this well, and with this text."""
    wanted = sum(service.app == app for service in stage.control.plan.of(role="web"))
    found = answers(stage, app, path, cookies)
    return len(found) == wanted and all(one.status == 200 and text in one.text for one in found.values())


def ask(stage: Stage, app: str, path: str, cookies: Mapping[str, str] | None = None) -> Response:
    """One answer of a site, by a connection of its own."""
    port = stage.switches.port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    try:
        connection.request("GET", path, headers={"Host": f"{app}.localhost:{port}", "Cookie": cookie})
        answer = connection.getresponse()
        found: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            found.setdefault(name.lower(), []).append(value)
        return Response(answer.status, found, answer.read())
    finally:
        connection.close()
