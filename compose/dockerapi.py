"""Docker's own interface, as much of it as the keeper needs: HTTP over the engine's socket."""

import http.client
import json
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

ANSWER_SECONDS = 30.0


class Refused(Exception):
    """The engine answered that it will not; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A container in the engine's list. `state` is Docker's word; `beside` the id of whose network it shares."""

    id: str
    name: str
    zone: str
    role: str
    state: str
    healthy: bool
    beside: str

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Listed":
        labels, network = entry["Labels"], entry["HostConfig"].get("NetworkMode", "")
        return cls(
            id=entry["Id"],
            name=labels["com.docker.compose.service"],
            zone=labels.get("classic.zone", ""),
            role=labels.get("classic.role", ""),
            state=entry["State"],
            healthy="(unhealthy)" not in entry["Status"],
            beside=network.removeprefix("container:") if network.startswith("container:") else "",
        )


class DockerApi:
    """The engine at a socket, and of its containers those of one project. Raises OSError, or Refused."""

    def __init__(self, path: str, project: str) -> None:
        self._path = path
        self._label = f"com.docker.compose.project={project}"

    def containers(self) -> list[Listed]:
        """All of them, whether they run or not."""
        filters = json.dumps({"label": [self._label]})
        return [Listed.of(entry) for entry in json.loads(self._get("/containers/json", all="1", filters=filters))]

    def starts_and_stops(self, since: float, until: float) -> list[tuple[str, str]]:
        """What was started, or was stopped by somebody, between two times of the clock: (`start` or `stop`, id).

        A container that is killed or ends by itself was not stopped.
        """
        filters = json.dumps({"type": ["container"], "label": [self._label], "event": ["start", "stop"]})
        told = self._get("/events", since=f"{since:.6f}", until=f"{until:.6f}", filters=filters)
        events = [json.loads(line) for line in told.splitlines() if line.strip()]
        return [(event["Action"], event["Actor"]["ID"]) for event in events]

    def started_at(self, container: str) -> float:
        """When it was started last, by the clock."""
        state = json.loads(self._get(f"/containers/{container}/json"))["State"]
        return datetime.fromisoformat(f"{state['StartedAt'][:19]}+00:00").timestamp()

    def start(self, container: str) -> None:
        """Start one that has ended."""
        self._ask("POST", f"/containers/{container}/start")

    def restart(self, container: str) -> None:
        """End one, after two seconds by force, and start it."""
        self._ask("POST", f"/containers/{container}/restart?t=2")

    def _get(self, path: str, **query: str) -> str:
        return self._ask("GET", f"{path}?{urlencode(query, quote_via=quote)}")

    def _ask(self, method: str, path: str) -> str:
        connection = _Connection(self._path)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            said = response.read().decode()
        except http.client.HTTPException as error:
            raise Refused(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        if response.status >= 400:
            raise Refused(f"{method} {path}: {response.status} {said.strip()}")
        return said


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("docker", timeout=ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_SECONDS)
        self.sock.connect(self._path)
